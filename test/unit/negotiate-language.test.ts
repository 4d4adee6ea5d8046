import { match } from '@formatjs/intl-localematcher';
import { availableLocales } from 'cldr-core/availableLocales.json';
import { supplemental } from 'cldr-core/supplemental/parentLocales.json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languages } from '../../src/page/languages.ts';
import { languageFor } from '../../src/answer/language-for.ts';
import { languageOf } from '../../src/page/language-of.ts';
import { headerText } from '../support/header-text.ts';

describe('the language that a visitor gets', () => {
  it.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['en-GB', 'en'],
    ['en-US,en;q=0.9', 'en'],
    ['de-CH-1996,de;q=0.9,en;q=0.8', 'de'],
    ['DE-at', 'de'],
    ['no', 'nb'],
    ['nn', 'nb'],
    ['nn-NO', 'nb'],
    ['nb-NO', 'nb'],
    ['pt', 'pt-BR'],
    ['pt-BR', 'pt-BR'],
    ['pt-PT', 'pt-PT'],
    ['pt-AO', 'pt-PT'],
    ['iw', 'he'],
    ['he-IL', 'he'],
    ['in', 'id'],
    ['zh', 'zh-Hans'],
    ['zh-CN', 'zh-Hans'],
    ['zh-SG', 'zh-Hans'],
    ['zh-Hans-HK', 'zh-Hans'],
    ['zh-TW', 'zh-Hant'],
    ['zh-HK', 'zh-Hant'],
    ['zh-MO', 'zh-Hant'],
    ['zh-Hant', 'zh-Hant'],
    ['zh-Hant-SG', 'zh-Hant'],
    ['zh-Hant-MY', 'zh-Hant'],
    ['zh-hant-tw', 'zh-Hant'],
    ['zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7', 'zh-Hant'],
    ['en-x-pirate', 'en'],
  ])('%s → %s', (header, language) => {
    expect(languageOfHeader(header)).toBe(language);
  });

  it.each([
    ['the one with the highest q', 'en;q=0.5, fr;q=0.9, de;q=0.7', 'fr'],
    ['the first of equals', 'it, fr', 'it'],
    ['the next one where the page lacks the first', 'tlh, mi;q=0.9, ja;q=0.8', 'ja'],
    ['not one that is refused with q=0', 'de;q=0, fr;q=0.1', 'fr'],
    ['a region before another language of lower q', 'fr-CH, de;q=0.9', 'fr'],
    ['a named one before any (*)', '*, sv;q=0.5', 'sv'],
  ])('is %s', (_promise, header, language) => {
    expect(languageOfHeader(header)).toBe(language);
  });

  it.each([
    undefined,
    '',
    '*',
    '*;q=0.5',
    'tlh',
    'tlh-KX, mi',
    'de;q=0',
    'de;q=abc',
    'e',
    'english',
    '-',
    '--de',
    ',;q=1,,',
    '<script>',
    'constructor',
    '__proto__',
    'a-'.repeat(500_000),
    'x,'.repeat(500_000),
    '-'.repeat(1_000_000),
  ])('is the default for %.30s', (header) => {
    expect(languageOfHeader(header, 'uk')).toBe('uk');
  });

  it('depends on the first fifty languages and 4 kB of Accept-Language alone', () => {
    expect(languageOfHeader('tlh,'.repeat(49) + 'de')).toBe('de');
    expect(languageOfHeader('tlh,'.repeat(50) + 'de')).toBe('en');
    expect(languageOfHeader('-'.repeat(4093) + ',de')).toBe('de');
    expect(languageOfHeader('-'.repeat(4096) + ',de')).toBe('en');
  });

  it('is that of the highest quality, whatever their order, spacing and case', () => {
    const range = fc.record({
      tag: fc.constantFrom('de', 'FR-ch', 'zh-TW', 'tlh', '*', 'az-Cyrl'),
      quality: fc.integer({ min: 0, max: 1000 }),
      before: fc.constantFrom('', ' ', '\t'),
      separator: fc.constantFrom(';q=', '; q=', ' ;Q='),
    });
    fc.assert(
      fc.property(fc.array(range, { maxLength: 40 }), (ranges) => {
        const header = ranges
          .map(({ tag, quality, before, separator }) => `${before}${tag}${separator}${quality / 1000}`)
          .join(',');
        const [best] = ranges
          .filter(({ tag, quality }) => quality > 0 && languageOf(tag) !== undefined)
          .toSorted((one, other) => other.quality - one.quality);
        expect(languageOfHeader(header)).toBe(best === undefined ? 'en' : languageOf(best.tag));
      }),
    );
  });

  it('is one of the page, whatever the header holds', () => {
    fc.assert(
      fc.property(headerText, (header) => {
        const language = languageOfHeader(header);
        expect(languageOf(language)).toBe(language);
      }),
    );
  });
});

describe('a language tag', () => {
  it.each([
    ['PT-br', 'pt-BR'],
    ['pt_PT', 'pt-PT'],
    ['pt-Latn-PT', 'pt-PT'],
    ['de_DE.UTF-8', 'de'],
    ['de-1996', 'de'],
    ['de-u-co-phonebk', 'de'],
    ['ca-valencia', 'ca'],
    ['es-ES', 'es'],
    ['es-Latn-MX', 'es-419'],
    ['zh_TW', 'zh-Hant'],
    ['zh-cht', 'zh-Hant'],
    ['zh-chs', 'zh-Hans'],
    ['zh-yue', 'zh-Hant'],
    ['zh-cmn-Hant', 'zh-Hant'],
    ['zh-hant_hk', 'zh-Hant'],
    ['cmn-TW', 'zh-Hant'],
    ['cmn', 'zh-Hans'],
    ['yue-Hans', 'zh-Hans'],
    ['yue-HK', 'zh-Hant'],
    ['arz-EG', 'ar'],
    ['arz', 'ar'],
    ['arb', 'ar'],
    ['tl-PH', 'fil'],
    ['no-NO', 'nb'],
    ['mo', 'ro'],
    ['sr', 'sr-Cyrl'],
    ['sr-ME', 'sr-Latn'],
    ['sr-Cyrl-ME', 'sr-Cyrl'],
    ['sh-RS', 'sr-Latn'],
    ['hr-BA', 'hr'],
    ['bs', 'hr'],
    [`de${'-x'.repeat(500_000)}`, 'de'],
    [`zh-yue-${'Hant-'.repeat(200_000)}`, 'zh-Hant'],
  ])('%.30s is the language %s of the page', (tag, language) => {
    expect(languageOf(tag)).toBe(language);
  });

  it.each([
    '',
    'tlh',
    'deutsch',
    '*',
    'constructor',
    'az-Cyrl',
    'ja-Latn',
    'zh-Latn',
    'de-Cyrl-DE',
    'x'.repeat(1_000_000),
  ])('"%.30s" is none', (tag) => {
    expect(languageOf(tag)).toBeUndefined();
  });

  it('is understood as in CLDR, for every locale there, and where not, on purpose', () => {
    const regional = Object.keys(supplemental.parentLocales.parentLocale);
    const locales = [...new Set([...availableLocales.full, ...regional])];
    expect(locales.length).toBeGreaterThan(300);
    const different = locales.filter((locale) => languageOf(locale) !== referenceOf(locale));
    expect(different.filter((locale) => !deliberate.some((tag) => isWithin(locale, tag)))).toEqual([]);
    const stillLacking = deliberate.filter((tag) => !(tag in languages));
    expect(stillLacking.filter((tag) => !different.some((locale) => isWithin(locale, tag)))).toEqual([]);
  });
});

/** Languages for which the page differs from CLDR: tags, and longer tags that start with them. */
const deliberate = [
  // The page lacks these languages. CLDR guesses another language of the country, such as Spanish for Basque. The
  // page takes the next language that the visitor names, or DEFAULT_LANGUAGE.
  ...'ab af ak am bal be bem bo br ceb ckb co cy ee eo eu fo fy gaa gd gl gn ha haw ht ia ig is jv'.split(
    ' ',
  ),
  ...'km ku ky la lg ln lo mai mfe mg mi mn my ne nso ny nyn oc om or pcm ps qu rm rn rw sa scn sd'.split(
    ' ',
  ),
  ...'si sn so sq st su tg ti tk tn to tt uz wo xh yi yo za zu'.split(' '),
  'az-Cyrl', // Russian
  // People who write the language in this script also read another language of the country. CLDR names none.
  'az-Arab', // Persian
  'pa-Arab', // Urdu
  'hi-Latn', // English: CLDR's own parent of it (en-IN); the reference gives Hindi in Devanagari
  'zh-Latn', // none: the reference gives Chinese characters
];

function isWithin(locale: string, tag: string): boolean {
  return `${locale}-`.startsWith(`${tag}-`);
}

/** The choice of an implementation of CLDR's language matching among the page's languages. */
function referenceOf(locale: string): string | undefined {
  const language = match([locale], Object.keys(languages), 'und');
  return language === 'und' ? undefined : language;
}

function languageOfHeader(header: string | undefined, fallback: 'en' | 'uk' = 'en') {
  return languageFor(header ?? null, fallback);
}
