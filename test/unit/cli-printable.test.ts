import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable, printableBlock, printableJson } from '../../src/cli/printable.ts';

test('what a terminal would act on is written out', () => {
  expect(printable('a\u001b[31mb\u0000\u009b\u202e\u200b\ud800c')).toBe(
    'a\\u001b[31mb\\u0000\\u009b\\u202e\\u200b\\ud800c',
  );
  expect(printable('one\r\ntwo\tthree')).toBe('one\\r\\ntwo\\tthree');
});

test('ordinary text of any script stays as it is', () => {
  const text = 'Grüße, 你好, שלום, \u{1F44B} — “fine”';
  expect(printable(text)).toBe(text);
});

test('a block keeps its lines, and nothing else', () => {
  expect(printableBlock('a\r\n\tb\rc\u2028d')).toBe('a\n    b\\rc\\u2028d');
});

test('JSON that was made printable is the same JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      const printed = printableJson({ value, text });
      expect(printed).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e]/u);
      expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify({ value, text })));
    }),
  );
});
