import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTyped, readVerbatim } from '../../src/cli/lookup/typed-id.ts';

const NOW = Date.parse('2026-11-25T08:00:00Z');
const ID = '01KAS0Z5G1J8T0N6QH3V9W2XYB';
const made = (id: string) => ({ kind: 'made', id });

/** What it is read as, other than as chosen by a client. */
function read(typed: string) {
  return readTyped(typed, NOW).candidates.filter(({ kind }) => kind !== 'chosen');
}

describe('an ID of a page', () => {
  test.each([
    ID,
    ID.toLowerCase(),
    ` ${ID}\n`,
    '01KAS0Z5G1-J8T0N6QH-3V9W2XYB',
    '01KAS 0Z5G1 J8T0N 6QH3V 9W2XYB',
    '01KAS0Z5G1\u2013J8T0N6QH\u00a03V9W2XYB',
    'OiKASoZ5GLJ8TON6QH3V9W2XYB',
    `Request ID: ${ID} please help`,
    `Hi,\n\nyour shop says (request id ${ID.toLowerCase()}).\n\nBest, Ann\n+49 30 1234567`,
    'ID: 01KAS 0Z5G1 J8T0N 6QH3V 9W2XYB, thanks',
    `> Request ID: ${ID}\n> Request ID: ${ID}`,
    `https://shop.example/help?id=${ID}#top`,
    `エラー番号：${ID}です`,
  ])('is read from %j', (typed) => {
    expect(read(typed)).toEqual([made(ID)]);
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
        expect(read(text.join(''))).toEqual([made(id)]);
      }),
    );
  });

  test('two different ones are both read', () => {
    const other = ID.replace('XYB', 'XYC');
    expect(read(`${ID} or ${other}?`)).toEqual([made(ID), made(other)]);
  });

  test('words of a language are none, whatever their length together', () => {
    // 26 letters that an ID may have, but no time of the last ten years.
    for (const text of [
      'illegal grapes fed the bears',
      'o'.repeat(26),
      '7'.repeat(10) + ' abcdefgh jkmnpqrs',
    ]) {
      expect(read(`well ${text} then`), text).toEqual([]);
    }
  });

  test('a mail of any length is read in linear time', () => {
    for (const text of [
      'a'.repeat(1e6),
      'a '.repeat(5e5),
      `${'0'.repeat(15)} `.repeat(1e5),
      '0-'.repeat(1e6),
    ]) {
      const before = performance.now();
      readTyped(text, NOW);
      // A quadratic reader takes minutes.
      expect(performance.now() - before).toBeLessThan(10_000);
    }
  });
});

describe('what a client chose', () => {
  test.each([
    'req-1234',
    'Root=1-67891233-abcdef012345678912345678',
    '7b7e0f9a-60ed-4ff7-8c3f-8d3a2b1c0d9e',
    'a@b:c#d/e+f~1',
    ID.toLowerCase(),
  ])('%s is tried as it was typed, first of all', (typed) => {
    expect(readTyped(typed, NOW).candidates[0]).toEqual({ kind: 'chosen', id: typed });
  });

  test('is found in a text that holds nothing else', () => {
    const { candidates } = readTyped('Request ID: req_8f3.2a thanks', NOW);
    expect(candidates).toEqual([{ kind: 'chosen', id: 'req_8f3.2a' }]);
  });

  test('an ID as pages write it is not asked for twice', () => {
    expect(readTyped(ID, NOW).candidates).toEqual([made(ID)]);
  });

  test('verbatim changes nothing, and refuses what the Worker would have', () => {
    expect(readVerbatim(ID.toLowerCase()).candidates).toEqual([{ kind: 'chosen', id: ID.toLowerCase() }]);
    expect(readVerbatim('short')).toMatchObject({
      candidates: [],
      complaint: expect.stringContaining('5 characters'),
    });
    expect(readVerbatim(`${'x'.repeat(25)} x`).complaint).toContain('character 26 is " "');
    expect(readVerbatim('x'.repeat(201)).complaint).toContain('201 characters');
  });
});

test.each([
  '9a1b2c3d4e5f6071',
  '9a1b2c3d4e5f6071-FRA',
  'CF-RAY: 9a1b2c3d4e5f6071-FRA',
  'Ray ID: 9a1b2c3d4e5f6071 •',
])('a Ray ID is read from %j', (typed) => {
  expect(read(typed)).toEqual([{ kind: 'ray', id: '9a1b2c3d4e5f6071' }]);
});

describe('a complaint', () => {
  test.each([
    ['01KAS0Z5G1U8T0N6QH3V9W2XYB', 'character 11 is "U"; a request ID never contains U; perhaps it is a V.'],
    ['01-KA_S0Z5G1J8T0N6QH3V9W2XYB', 'character 6 is "_"; a request ID consists of digits and of letters'],
    ['81KAS0Z5G1J8T0N6QH3V9W2XYB', 'character 1 is "8"; a request ID begins with 0 to 7.'],
    ['', 'it has 0 of 26 characters (26 missing).'],
    ['01KAS-0Z5G1', 'it has 10 of 26 characters (16 missing).'],
    [`${ID}7`, 'it has 27 of 26 characters (1 too many).'],
    ['01KAS0Z5G1\u{1F600}8T0N6QH3V9W2XYB', 'character 11 is "\u{1F600}"'],
    ['Request ID: 01KAS0Z5G1U8T0N6QH3V9W2XYB please', 'character 11 is "U"'],
    ['Request ID: 01KAS0Z5G1J8T0N6QH3V9W2XY please', 'it has 25 of 26 characters'],
    // A word is taken for a mistyped ID where it is at most four characters too short or too long.
    ['id 01KAS0Z5G1J8T0N6QH3V9W please', 'it has 22 of 26 characters'],
    ['id 01KAS0Z5G1J8T0N6QH3V9 please', 'it has 29 of 26 characters'],
    ['id 01KAS0Z5G1J8T0N6QH3V9W2XYB0000 please', 'it has 30 of 26 characters'],
    ['id 01KAS0Z5G1J8T0N6QH3V9W2XYB00000 please', 'it has 39 of 26 characters'],
  ])('about %j', (typed, complaint) => {
    expect(readTyped(typed, NOW).complaint).toContain(complaint);
  });

  test('a caret points at the wrong character', () => {
    expect(readTyped('01ka!', NOW).complaint).toMatch(/\n {2}01ka!\n {6}\^$/);
  });
});
