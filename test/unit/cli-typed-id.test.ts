import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTypedId, readVerbatimId } from '../../src/cli/lookup/typed-id.ts';

const ID = '01KAS0Z5G1J8T0N6QH3V9W2XYB';

describe('readTypedId', () => {
  test.each([
    ID,
    ID.toLowerCase(),
    ` ${ID}\n`,
    '01KAS0Z5G1-J8T0N6QH-3V9W2XYB',
    '01KAS 0Z5G1 J8T0N 6QH3V 9W2XYB',
    '01KAS0Z5G1\u2013J8T0N6QH\u00a03V9W2XYB',
    'OiKASoZ5GLJ8TON6QH3V9W2XYB',
  ])('reads %j', (typed) => {
    expect(readTypedId(typed)).toEqual({ kind: 'id', id: ID });
  });

  test('any ID survives lower case, confusable letters and separators', () => {
    const character = fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ');
    const ids = fc
      .tuple(fc.constantFrom(...'01234567'), fc.array(character, { minLength: 25, maxLength: 25 }))
      .map(([first, rest]) => [first, ...rest].join(''));
    const typed = fc.array(fc.tuple(fc.constantFrom('', ' ', '-', '\u2014'), fc.nat(2)), {
      minLength: 26,
      maxLength: 26,
    });
    const looks: Record<string, string> = { '0': '0Oo', '1': '1Il' };
    fc.assert(
      fc.property(ids, typed, (id, how) => {
        const text = [...id].map((c, i) => {
          const [separator = '', variant = 0] = how[i] ?? [];
          return separator + ((looks[c] ?? c + c.toLowerCase() + c)[variant] ?? c);
        });
        expect(readTypedId(text.join(''))).toEqual({ kind: 'id', id });
      }),
    );
  });

  test.each([
    ['01KAS0Z5G1U8T0N6QH3V9W2XYB', 'character 11 is "U"; a request ID never contains U; perhaps it is a V.'],
    ['01-KA_S0Z5G1J8T0N6QH3V9W2XYB', 'character 6 is "_"; a request ID consists of digits and of letters'],
    ['81KAS0Z5G1J8T0N6QH3V9W2XYB', 'character 1 is "8"; a request ID begins with 0 to 7.'],
    ['', 'it has 0 of 26 characters (26 missing).'],
    ['01KAS-0Z5G1', 'it has 10 of 26 characters (16 missing).'],
    [`${ID}7`, 'it has 27 of 26 characters (1 too many).'],
    ['01KAS0Z5G1\u{1F600}8T0N6QH3V9W2XYB', 'character 11 is "\u{1F600}"'],
    ['01KAS0Z5G1ß8T0N6QH3V9W2XYB', 'character 11 is "ß"'],
  ])('complains about %j', (typed, complaint) => {
    expect(readTypedId(typed)).toEqual({ kind: 'complaint', complaint: expect.stringContaining(complaint) });
  });

  test('a caret points at the wrong character', () => {
    expect(readTypedId('01ka!')).toMatchObject({ complaint: expect.stringMatching(/\n {2}01ka!\n {6}\^$/) });
  });
});

describe('readVerbatimId', () => {
  test('changes nothing', () => {
    const id = 'Client-oil-0123456789';
    expect(readVerbatimId(id)).toEqual({ kind: 'id', id });
  });

  test.each([
    ['x'.repeat(19), '19 characters'],
    ['x'.repeat(201), '201 characters'],
    [`${'x'.repeat(25)} x`, 'character 26 is " "'],
  ])('complains about %j', (typed, complaint) => {
    expect(readVerbatimId(typed)).toEqual({
      kind: 'complaint',
      complaint: expect.stringContaining(complaint),
    });
  });
});
