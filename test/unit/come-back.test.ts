import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comeBackText } from '../../src/page/come-back.ts';
import { languages } from '../../src/page/languages.ts';
import { languageTags } from '../support/sample-page.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('when to come back', () => {
  it.each([
    [1, 'in about a minute'],
    [MINUTE, 'in about a minute'],
    [MINUTE + 1, 'in about 2 minutes'],
    [10 * MINUTE, 'in about 10 minutes'],
    [90 * MINUTE, 'in about 90 minutes'],
    [90 * MINUTE + 1, 'in about 2 hours'],
    [2 * HOUR + 1, 'in about 3 hours'],
    [36 * HOUR, 'in about 36 hours'],
    [36 * HOUR + 1, 'in about 2 days'],
    [7 * DAY, 'in about 7 days'],
  ])('after %i seconds is %s', (seconds, when) => {
    expect(comeBackText('en', seconds)).toBe(`Please come back ${when}.`);
  });

  it.each([
    [0, 'in about a minute'],
    [-5, 'in about a minute'],
    [NaN, 'in about a minute'],
    [-Infinity, 'in about a minute'],
    [0.5, 'in about a minute'],
    [Infinity, 'in about 999 days'],
    [Number.MAX_VALUE, 'in about 999 days'],
  ])('of %d seconds, which no one means, is %s', (seconds, when) => {
    expect(comeBackText('en', seconds)).toBe(`Please come back ${when}.`);
  });

  it.each([
    ['de', 'Bitte kommen Sie in 5 Minuten wieder.'],
    ['fr', 'Veuillez revenir dans 5 minutes.'],
    ['pl', 'Prosimy wrócić za 5 minut.'],
    ['ja', '5 分後にもう一度アクセスしてください。'],
    ['bn', 'অনুগ্রহ করে ৫ মিনিট পরে আবার আসুন।'],
    ['ar', 'يُرجى العودة بعد 5 دقائق.'],
    ['mt', 'Jekk jogħġbok erġa’ ejja wara 5 minuti.'],
  ] as const)('is a sentence in %s', (tag, sentence) => {
    expect(comeBackText(tag, 5 * MINUTE)).toBe(sentence);
  });

  it.each([
    ['ar', 2 * MINUTE, 'بعد دقيقتين'],
    ['ar', 11 * MINUTE, 'بعد 11 دقيقة'],
    ['ar', 3 * DAY, 'بعد 3 أيام'],
    ['he', 2 * HOUR, 'בעוד שעתיים'],
    ['ga', 3 * HOUR, 'i gceann 3 huaire an chloig'],
    ['ga', 7 * HOUR, 'i gceann 7 n-uaire an chloig'],
    ['ga', 11 * HOUR, 'i gceann 11 uair an chloig'],
    ['mt', 11 * MINUTE, 'wara 11-il minuta'],
    ['mt', 20 * MINUTE, 'wara 20 minuta'],
    ['pa', 2 * MINUTE, '2 ਮਿੰਟਾਂ ਬਾਅਦ'],
  ] as const)('in %s after %i seconds has the form of the number: %s', (tag, seconds, when) => {
    expect(comeBackText(tag, seconds)).toContain(when);
  });

  it.each(languageTags)('is in %s a sentence for every number', (tag) => {
    const [before = '', after = ''] = languages[tag].comeBack.split('{when}');
    fc.assert(
      fc.property(fc.double(), (seconds) => {
        const text = comeBackText(tag, seconds);
        expect(text.startsWith(before) && text.endsWith(after)).toBe(true);
        expect(text.length).toBeGreaterThanOrEqual(before.length + after.length + '2天后'.length);
        expect(text).not.toMatch(/[{}]|NaN|undefined|\+\d/);
      }),
    );
  });

  it.each(languageTags.filter((tag) => languages[tag].when !== undefined))(
    'has in %s words for each number from the first on, where it has words of its own',
    (tag) => {
      const units = Object.entries(languages[tag].when ?? {});
      expect(units.map(([unit, phrases]) => [unit, Object.keys(phrases)[0]])).toEqual([
        ['minute', '1'],
        ['hour', '2'],
        ['day', '2'],
      ]);
    },
  );
});
