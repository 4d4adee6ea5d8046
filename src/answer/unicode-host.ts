/** Writes an internationalized host as people do: `bücher.example`, not `xn--bcher-kva.example`. */
import punycode from 'punycode/punycode.js';
import { attempt } from '../untrusted.ts';

// https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
const MAXIMUM_LENGTH = 253;

/**
 * The host with its labels in Unicode. A host that is no valid name in Unicode stays as it is. So does a host with
 * characters that are invisible or change the direction of a text. Never throws.
 * @param host the host of a URL, with or without a port
 */
export function unicodeHost(host: string): string {
  if (!host.includes('xn--') || host.length > MAXIMUM_LENGTH) return host;
  const [name = '', ...port] = host.split(':');
  const shown = attempt(() => [punycode.toUnicode(name), ...port].join(':'));
  if (shown === undefined || /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u.test(shown)) return host;
  // The runtime's parser knows the valid names (UTS #46). It turns only a valid name back into the same host.
  return URL.parse(`https://${shown}`)?.host === URL.parse(`https://${host}`)?.host ? shown : host;
}
