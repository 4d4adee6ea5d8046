import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newRequestId } from '../../src/request-id.ts';
import { readTyped, readVerbatim } from '../../src/cli/lookup/typed-id.ts';
import { attempt } from '../../src/untrusted.ts';

const NOW = Date.parse('2026-11-25T08:00:00Z');
const ID = '019ac3f2-7b7e-7f9a-a0ed-8d3a2b1c0d9e';
const OTHER = '019ac3f2-7b7e-7f9a-a0ed-8d3a2b1c0d9f';
const made = (id: string) => ({ kind: 'made', id });
const chosen = (id: string) => ({ kind: 'chosen', id });

/** The readings of a typed ID, without that of an ID that a client chose. */
function read(typed: string, now = NOW) {
  return readTyped(typed, now).filter(({ kind }) => kind !== 'chosen');
}

describe('an ID of a page', () => {
  test.each([
    ID,
    ID.toUpperCase(),
    ` ${ID}\n`,
    ID.replaceAll('-', ''),
    ID.replaceAll('-', '--'),
    ID.replaceAll('-', ' '),
    '019a c3f2 7b7e 7f9a a0ed 8d3a 2b1c 0d9e',
    '0 1 9 a c 3 f 2, 7 b 7 e, 7 f 9 a, a 0 e d, 8 d 3 a 2 b 1 c 0 d 9 e',
    '019ac3f2\u20137b7e\u20147f9a\u2011a0ed\u22128d3a2b1c0d9e',
    '019ac3f2\u200b-7b7e\u200b-7f9a\u2060-a0ed-8d3a\u00ad2b1c0d9e\ufeff',
    '０１９ａｃ３ｆ２－７ｂ７ｅ－７ｆ９ａ－ａ０ｅｄ－８ｄ３ａ２ｂ１ｃ０ｄ９ｅ',
    '019ас3f2-7в7е-7f9а-а0еd-8d3а2в1с0d9е',
    'O19ac3f2-7b7e-7f9a-aOed-8d3a2blcOd9e',
    'Ol9AC3F2-7B7E-7F9A-A0ED-8D3A2BIC0D9E',
    `Request ID: ${ID} please help`,
    `Hi,\n\nyour shop says (request id ${ID.toUpperCase()}).\n\nBest, Ann\n+49 30 1234567`,
    `> > Request ID: 019ac3f2-7b7e-\n> > 7f9a-a0ed-8d3a2b1c0d9e\n> please`,
    `Request ID: =\n019ac3f2-7b7e-7f9a-a0=\ned-8d3a2b1c0d9e`,
    `<a href=3D"https://shop.example/?id=3D${ID}">`,
    `https://shop.example/help?id=${ID}#top`,
    `mailto:help@shop.example?subject=Request%20ID%3A%20${ID}&body=%0A%0A`,
    `https://shop.example/?next=mailto%3Ax%3Fbody%3D%2520${ID.replaceAll('-', '%252D')}%250A`,
    `<code id="id"><span>019ac3f2-</span><wbr>7b7e-<wbr>7f9a-a0ed-8d3a2b1c0d9e</code>`,
    `019ac3f2&#8209;7b7e&#8209;7f9a&shy;-a0ed-8d3a2b1c0d9e`,
    `{"message":"Error","request_id":"${ID}"}`,
    `ID${ID}`,
    `**${ID}**, ${ID.toUpperCase()}`,
    `エラー番号：${ID}です`,
  ])('is read from %j', (typed) => {
    expect(read(typed)).toEqual([made(ID)]);
  });

  test('any ID survives upper case, letters that look like digits, and separators anywhere', () => {
    const typed = fc.array(fc.tuple(fc.constantFrom('', ' ', '-', '\u2014', '\n> '), fc.nat(2)), {
      minLength: 32,
      maxLength: 32,
    });
    const looks: Record<string, string> = { '0': '0Oo', '1': '1Il' };
    fc.assert(
      fc.property(fc.noShrink(fc.constant(null).map(newRequestId)), typed, (id, how) => {
        const text = [...id.replaceAll('-', '')].map((c, i) => {
          const [separator = '', variant = 0] = how[i] ?? [];
          return separator + ((looks[c] ?? c + c.toUpperCase() + c)[variant] ?? c);
        });
        expect(read(text.join(''), Date.now())).toEqual([made(id)]);
      }),
    );
  });

  test('two different ones are both read', () => {
    expect(read(`${ID} or ${OTHER}?`)).toEqual([made(ID), made(OTHER)]);
  });

  test('of several, those count that hold a time of the recent past', () => {
    const digest = 'd41d8cd9-8f00-7204-a980-0998ecf8427e';
    expect(read(`Message-ID: <${digest}@mail.example>\n${ID}`)).toEqual([made(ID)]);
    expect(read(digest)).toEqual([made(digest)]);
  });

  test('a mail of any length is read in linear time', () => {
    for (const text of [
      'a'.repeat(1e6),
      'a '.repeat(5e5),
      `${'0'.repeat(15)} `.repeat(1e5),
      '0-'.repeat(1e6),
      '<a'.repeat(1e5),
      '%41'.repeat(1e5),
      '=4'.repeat(1e5),
      '٠'.repeat(1e5),
    ]) {
      const before = performance.now();
      attempt(() => readTyped(text, NOW));
      // A quadratic reader would take minutes.
      expect(performance.now() - before).toBeLessThan(10_000);
    }
  });
});

describe('what a client chose', () => {
  test.each([
    'req-1234',
    'Root=1-67891233-abcdef012345678912345678',
    'a@b:c#d/e+f~1',
    '01KAS0Z5G1J8T0N6QH3V9W2XYB',
  ])('%s is sought as it was typed', (typed) => {
    expect(readTyped(typed, NOW)).toEqual([chosen(typed)]);
  });

  test('a UUID of another version is sought as it stands, then in lower case', () => {
    const uuid = '7B7E0F9A-60ED-4FF7-8C3F-8D3A2B1C0D9E';
    expect(readTyped(uuid, NOW)).toEqual([chosen(uuid), chosen(uuid.toLowerCase())]);
    expect(readTyped(`please see ${uuid}`, NOW)).toEqual([chosen(uuid.toLowerCase())]);
  });

  test('an ID of a page in another form is sought in its own form first', () => {
    expect(readTyped(ID.toUpperCase(), NOW)).toEqual([made(ID), chosen(ID.toUpperCase())]);
    expect(readTyped(ID, NOW)).toEqual([made(ID)]);
  });

  test('is found in a text that holds nothing else', () => {
    expect(readTyped('Request ID: req_8f3.2a thanks', NOW)).toEqual([chosen('req_8f3.2a')]);
  });

  test('verbatim changes nothing, and refuses what the Worker would have', () => {
    expect(readVerbatim(ID.toUpperCase())).toEqual([chosen(ID.toUpperCase())]);
    for (const refused of ['short', `${'x'.repeat(25)} x`, 'x'.repeat(201)])
      expect(() => readVerbatim(refused)).toThrow('the Worker accepts 8 to 200 of A-Z');
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

describe('a typing error is named, and nothing is sought', () => {
  test.each([
    [ID.replace('f2', 'g2'), 'character 7 is "g", but it has digits and a to f only.'],
    [ID.slice(0, -1), 'it has 31 of 32 digits (1 missing).'],
    [ID.slice(1), 'it has 31 of 32 digits (1 missing).'],
    [`${ID}7`, 'it has 33 of 32 digits (1 too many).'],
    [`Request ID: ${ID.slice(0, -1)} please help`, 'it has 31 of 32 digits (1 missing).'],
    ['ID 019ac3f2 7b7e 7f9a a0ed 8d3a2b1c0d please', 'it has 30 of 32 digits (2 missing).'],
    ['', 'it has 32 digits and letters a to f'],
    ['please help', 'it has 32 digits and letters a to f'],
  ])('%j', (typed, complaint) => {
    expect(() => readTyped(typed, NOW)).toThrow(`Not a request ID: ${complaint}`);
  });

  test('what may be the ID of somebody else is sought', () => {
    const other = '019ac3f2-7b7e-4f9a-a0ed-8d3a2b1c0d9e';
    expect(readTyped(other, NOW)).toEqual([chosen(other)]);
  });
});
