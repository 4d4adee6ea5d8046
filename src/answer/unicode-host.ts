/** An internationalized host as people write it: the page shows `bücher.example`, not `xn--bcher-kva.example`. */
import punycode from 'punycode/';
import { attempt } from '../untrusted.ts';

// https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
const MAXIMUM_LENGTH = 253;

/**
 * The host with its labels in Unicode. Never throws; what is no valid name in Unicode stays as it is, and so does
 * one with characters that cannot be seen or that turn the direction of a text.
 * @param host of a URL, with or without a port
 */
export function unicodeHost(host: string): string {
  if (!host.includes('xn--') || host.length > MAXIMUM_LENGTH) return host;
  const [name = '', ...port] = host.split(':');
  const shown = attempt(() => [punycode.toUnicode(name), ...port].join(':'));
  if (shown === undefined || /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u.test(shown)) return host;
  // The runtime's parser knows which names are valid (UTS #46): only those lead back to where they came from.
  return URL.parse(`https://${shown}`)?.host === URL.parse(`https://${host}`)?.host ? shown : host;
}
