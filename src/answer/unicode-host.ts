/** An internationalized host as people write it: the page shows `bücher.example`, not `xn--bcher-kva.example`. */

const PREFIX = 'xn--';
// https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
const MAXIMUM_HOST_LENGTH = 253;
const MAXIMUM_LABEL_LENGTH = 63;

/**
 * The host with its labels in Unicode. Never throws; what is no valid name in Unicode stays as it is, and so does
 * one with characters that cannot be seen or that turn the direction of a text.
 * @param host of a URL, with or without a port
 */
export function unicodeHost(host: string): string {
  if (!host.includes(PREFIX) || host.length > MAXIMUM_HOST_LENGTH) return host;
  const shown = host.split('.').map(unicodeLabel).join('.');
  // The runtime's parser knows which names are valid (UTS #46): only those lead back to where they came from.
  const isValid = URL.parse(`https://${shown}`)?.host === URL.parse(`https://${host}`)?.host;
  return isValid && !/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u.test(shown) ? shown : host;
}

function unicodeLabel(label: string): string {
  const [name = '', port] = label.split(':');
  if (!name.startsWith(PREFIX) || name.length > MAXIMUM_LABEL_LENGTH) return label;
  const decoded = decode(name.slice(PREFIX.length));
  return decoded === undefined ? label : decoded + (port === undefined ? '' : `:${port}`);
}

/** Punycode: https://www.rfc-editor.org/rfc/rfc3492#section-6.2 */
function decode(text: string): string | undefined {
  const end = text.lastIndexOf('-');
  const characters = text.slice(0, Math.max(end, 0)).split('');
  let [point, index, bias] = [128, 0, 72];
  for (let at = end + 1; at < text.length;) {
    const start = index;
    for (let [weight, k] = [1, 36]; ; k += 36) {
      const digit = digitOf(text.charCodeAt(at++));
      if (digit === undefined) return undefined;
      index += digit * weight;
      const threshold = Math.min(Math.max(k - bias, 1), 26);
      if (digit < threshold) break;
      weight *= 36 - threshold;
    }
    const length = characters.length + 1;
    bias = adapted(index - start, length, start === 0);
    point += Math.floor(index / length);
    index %= length;
    if (point > 0x10ffff) return undefined;
    characters.splice(index++, 0, String.fromCodePoint(point));
  }
  return characters.join('');
}

/** `a` to `z` are 0 to 25, `0` to `9` are 26 to 35; undefined for anything else, as behind the end. */
function digitOf(code: number): number | undefined {
  if (code >= 97 && code <= 122) return code - 97;
  return code >= 48 && code <= 57 ? code - 22 : undefined;
}

/** https://www.rfc-editor.org/rfc/rfc3492#section-6.1 */
function adapted(delta: number, length: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? 700 : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > 455; k += 36) rest = Math.floor(rest / 35);
  return k + Math.floor((36 * rest) / (rest + 38));
}
