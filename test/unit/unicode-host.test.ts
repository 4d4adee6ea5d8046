/** The page shows a host in the way people write it. */
import { domainToASCII, domainToUnicode } from 'node:url';
import { expect, it } from 'vitest';
import { unicodeHost } from '../../src/answer/unicode-host.ts';

it.each([
  ['xn--bcher-kva.example', 'bücher.example'],
  ['www.xn--strae-oqa.example:8443', 'www.straße.example:8443'],
  ['xn--fiqs8s', '中国'],
  ['xn--mgbh0fb.xn--kgbechtv', 'مثال.إختبار'],
  ['xn--ls8h.example', '💩.example'],
  ['shop.example', 'shop.example'],
  ['[::1]:8787', '[::1]:8787'],
  ['', ''],
])('%s is %s', (host, shown) => {
  expect(unicodeHost(host)).toBe(shown);
});

it.each([
  ['an empty label', 'xn--.example'],
  ['no Unicode in it', 'xn--abc-.example'],
  ['broken punycode', 'xn--99999999999999999999999.example'],
  ['a digit that is none', 'xn--bcher-k_a.example'],
  ['a cut number', 'xn--bcher-kv.example'],
  ['a capital letter, which no host in Unicode has', 'xn--bcher-u1a.example'],
  ['U+202E, which turns the direction', `${asciiOf('a\u202eb')}.example`],
  ['U+200B, which cannot be seen', `${asciiOf('a\u200bb')}.example`],
  ['U+200C, which cannot be seen', domainToASCII('نامه\u200cای.example')],
  ['left and right in one label', `${asciiOf('aא1')}.example`],
  ['a control character', `${asciiOf('a\u0085')}.example`],
  ['a label that is too long', `xn--${'a'.repeat(59)}-bcb.example`],
  ['a host that is too long', `xn--bcher-kva.${'a.'.repeat(121)}example`],
])('%s: the host stays as it is', (_, host) => {
  expect(unicodeHost(host)).toBe(host);
});

it('agrees with Node on names of every kind', () => {
  const scripts = [
    'äöüßéñ',
    'ελληνικά',
    'ёжикщ',
    '北京大学',
    'かなカナ',
    '한국어',
    'भारत',
    'กขค',
    'אבג',
    '😀☃',
  ];
  for (const script of scripts) {
    const letters = [...script];
    for (let count = 0; count < 500; count++) {
      const label = letters
        .map((letter, index) => ((count >> index) % 2 === 0 ? letter : `${'ab1z'[count % 4]}${letter}`))
        .slice(0, 1 + (count % letters.length))
        .join('');
      const host = domainToASCII(`${label}.example`);
      if (host !== '') expect(unicodeHost(host)).toBe(domainToUnicode(host));
    }
  }
});

/** A label in punycode. It may be invalid in a host. https://www.rfc-editor.org/rfc/rfc3492#section-6.3 */
function asciiOf(label: string): string {
  const characters = [...label].map((character) => character.codePointAt(0) ?? 0);
  const plain = characters.filter((point) => point < 128);
  let output = String.fromCharCode(...plain) + (plain.length > 0 ? '-' : '');
  let [point, delta, bias, done] = [128, 0, 72, plain.length];
  while (done < characters.length) {
    const next = Math.min(...characters.filter((one) => one >= point));
    delta += (next - point) * (done + 1);
    point = next;
    for (const one of characters) {
      if (one < point) delta++;
      if (one !== point) continue;
      let rest = delta;
      for (let k = 36; ; k += 36) {
        const threshold = Math.min(Math.max(k - bias, 1), 26);
        if (rest < threshold) break;
        output += digit(threshold + ((rest - threshold) % (36 - threshold)));
        rest = Math.floor((rest - threshold) / (36 - threshold));
      }
      output += digit(rest);
      bias = adapted(delta, done + 1, done === plain.length);
      delta = 0;
      done++;
    }
    delta++;
    point++;
  }
  return `xn--${output}`;
}

function digit(value: number): string {
  return 'abcdefghijklmnopqrstuvwxyz0123456789'[value] ?? '';
}

function adapted(delta: number, length: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? 700 : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > 455; k += 36) rest = Math.floor(rest / 35);
  return k + Math.floor((36 * rest) / (rest + 38));
}
