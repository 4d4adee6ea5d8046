import { describe, expect, it } from 'vitest';
import { languageOf } from '../../src/negotiate.ts';
import { languages, type Language } from '../../src/page/languages.ts';
import { languageTags, samplePage, sectionVariants } from '../support/sample-page.ts';

const rightToLeft = ['ar', 'fa', 'he', 'ur'];
const required =
  'ar bg bn cs da de el en es fa fi fr he hi hu id it ja ko nb nl pl pt-BR pt-PT ro ru sv th tr uk ur vi zh-Hans zh-Hant';

it('the page speaks 32 languages', () => {
  expect(languageTags).toEqual(expect.arrayContaining(required.split(' ')));
});

describe.each(languageTags)('%s', (tag) => {
  const { dir, aliases = [], ...texts }: Language = languages[tag];

  it('is a language tag in its canonical form, in the order of the alphabet', () => {
    expect(Intl.getCanonicalLocales(tag)).toEqual([tag]);
    expect(languageTags).toEqual(languageTags.toSorted());
  });

  it('and its aliases lead to it, and to no other', () => {
    for (const name of [tag, ...aliases]) expect(languageOf(name)).toBe(tag);
    for (const other of languageTags) expect(aliases).not.toContain(other);
  });

  it('has its own script direction', () => {
    expect(dir).toBe(rightToLeft.includes(tag) ? 'rtl' : 'ltr');
    expect(samplePage({ language: tag })).toContain(`<html lang="${tag}" dir="${dir}">`);
  });

  it('has every text, tidy', () => {
    for (const text of Object.values(texts)) {
      expect(text).not.toBe('');
      expect(text).toBe(text.trim().normalize('NFC'));
      expect(text).not.toMatch(/ {2}|[{}<>\p{Cc}]/u);
    }
    expect(texts.heading).not.toMatch(/[.!。।]$/);
    expect(texts.logged).toMatch(/[:：]$/);
    expect(texts.contact).toMatch(/^[^[\]]*\[[^[\]]+\][^[\]]*$/);
  });

  it.runIf(tag !== 'en')('is translated: no sentence is left in English', () => {
    for (const name of ['heading', 'explanation', 'contact', 'logged', 'tryAgain', 'statusPage'] as const) {
      expect(texts[name]).not.toBe(languages.en[name]);
    }
  });

  it('shows every text on the page, and no brackets or tokens', () => {
    const page = samplePage({ language: tag });
    const body = page.replace(/<(style|script)>[^]*?<\/\1>/g, '');
    const { contact, ...others } = texts;
    for (const text of [...Object.values(others), ...contact.split(/[[\]]/)])
      expect(unescaped(body)).toContain(text);
    expect(body).not.toMatch(/[{}[\]\0]|undefined|null/);
  });

  it('fits into 6 kB, whatever sections the page has', () => {
    for (const sections of sectionVariants) {
      expect(Buffer.byteLength(samplePage({ language: tag, ...sections }))).toBeLessThanOrEqual(6000);
    }
  });
});

function unescaped(html: string): string {
  return html.replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}
