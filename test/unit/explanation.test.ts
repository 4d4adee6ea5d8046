import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explanationOf } from '../../src/page/explanation.ts';
import { languages, type LanguageTag } from '../../src/page/languages.ts';
import { languageTags, sampleFacts } from '../support/sample-page.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The explanation after a GET, for an origin whose Retry-After has this many seconds. */
const saidAfter = (language: LanguageTag, retryAfter?: number, isUnsafe = false) =>
  explanationOf({ ...sampleFacts, language, texts: languages[language], retryAfter, isUnsafe });

describe('what the page says', () => {
  it('is what happened, and one thing to do', () => {
    const happened = 'The server was unable to complete your request.';
    expect(saidAfter('en')).toBe(`${happened} Please try again later.`);
    expect(saidAfter('en', 10 * MINUTE)).toBe(`${happened} Please try again in 10 minutes.`);
    const check = 'It may or may not have gone through. Please check before you do it again.';
    expect(saidAfter('en', undefined, true)).toBe(`${happened} ${check}`);
  });

  it.each(languageTags)('after an order, in %s, does not also say to try again', (tag) => {
    const { explanation, uncertain } = languages[tag];
    for (const retryAfter of [undefined, 600]) {
      const said = saidAfter(tag, retryAfter, true);
      expect(said.replace(explanation, '').trim()).toBe(uncertain);
    }
  });

  it('has no space between sentences where the language has none', () => {
    expect(saidAfter('ja')).toMatch(/^サーバー[^ ]+。[^ ]+。$/);
    expect(saidAfter('zh-Hans')).toBe('服务器无法完成您的请求。请稍后重试。');
  });
});

describe('when to try again', () => {
  it.each([
    [1, 'in 1 minute'],
    [MINUTE, 'in 1 minute'],
    [MINUTE + 1, 'in 2 minutes'],
    [10 * MINUTE, 'in 10 minutes'],
    [90 * MINUTE, 'in 90 minutes'],
    [90 * MINUTE + 1, 'in 2 hours'],
    [2 * HOUR + 1, 'in 3 hours'],
    [36 * HOUR, 'in 36 hours'],
    [36 * HOUR + 1, 'in 2 days'],
    [7 * DAY, 'in 7 days'],
  ])('after %i seconds is %s', (seconds, when) => {
    expect(saidAfter('en', seconds)).toContain(`Please try again ${when}.`);
  });

  it.each([
    [0, 'in 1 minute'],
    [-5, 'in 1 minute'],
    [NaN, 'in 1 minute'],
    [-Infinity, 'in 1 minute'],
    [0.5, 'in 1 minute'],
    [Infinity, 'in 999 days'],
    [Number.MAX_VALUE, 'in 999 days'],
  ])('of %d seconds, which no one means, is %s', (seconds, when) => {
    expect(saidAfter('en', seconds)).toContain(`Please try again ${when}.`);
  });

  it.each([
    ['de', 'Bitte versuchen Sie es in 5 Minuten erneut.'],
    ['fr', 'Veuillez réessayer dans 5 minutes.'],
    ['pl', 'Prosimy spróbować ponownie za 5 minut.'],
    ['ja', '5分後にもう一度お試しください。'],
    ['zh-Hans', '请在 5 分钟后重试。'],
    ['pt-BR', 'Tente novamente daqui a 5 minutos.'],
    ['fa', 'لطفاً ۵ دقیقهٔ دیگر دوباره تلاش کنید.'],
    ['bn', 'অনুগ্রহ করে ৫ মিনিট পরে আবার চেষ্টা করুন।'],
    ['ar', 'يُرجى المحاولة مرة أخرى بعد 5 دقائق.'],
    ['mt', 'Jekk jogħġbok erġa’ pprova wara 5 minuti.'],
  ] as const)('is a sentence in %s', (tag, sentence) => {
    expect(saidAfter(tag, 5 * MINUTE)).toContain(sentence);
  });

  it.each([
    ['ar', 2 * MINUTE, 'بعد دقيقتين'],
    ['ar', 11 * MINUTE, 'بعد 11 دقيقة'],
    ['ar', 3 * DAY, 'بعد 3 أيام'],
    ['he', 2 * HOUR, 'בעוד שעתיים'],
    ['ga', 3 * HOUR, 'i gceann 3 huaire an chloig'],
    ['ga', 7 * HOUR, 'i gceann 7 n\u2011uaire an chloig'],
    ['ga', 11 * HOUR, 'i gceann 11 uair an chloig'],
    ['mt', 11 * MINUTE, 'wara 11\u2011il minuta'],
    ['mt', 20 * MINUTE, 'wara 20 minuta'],
    ['nb', 3 * DAY, 'om 3 dager'],
    ['pa', 2 * MINUTE, '2 ਮਿੰਟਾਂ ਬਾਅਦ'],
  ] as const)('in %s after %i seconds has the form of the number: %s', (tag, seconds, when) => {
    expect(saidAfter(tag, seconds)).toContain(when);
  });

  it.each(languageTags)('is in %s a sentence for every number', (tag) => {
    const { explanation, tryIn } = languages[tag];
    const [before = '', after = ''] = tryIn.split('{when}');
    fc.assert(
      fc.property(fc.double(), (seconds) => {
        const text = saidAfter(tag, seconds).slice(explanation.length).trim();
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
