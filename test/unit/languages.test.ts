import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { languages, type Language, type LanguageTag } from '../../src/page/languages.ts';
import { languageOf } from '../../src/page/language-of.ts';
import { languageTags, samplePage, sectionVariants } from '../support/sample-page.ts';

const europeanUnion = 'bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt-PT ro sk sl sv';
const widelyUsed =
  'ar az bn ca es-419 fa fil gu he hi hy id ja ka kk kn ko ml mr ms nb pa pt-BR ru sr-Cyrl sr-Latn sw ta te th tr uk ur vi zh-Hans zh-Hant';

/** Scripts (ISO 15924) that are several of Unicode's. */
const scripts: Readonly<Record<string, RegExp>> = {
  Hans: /\p{scx=Han}/u,
  Hant: /\p{scx=Han}/u,
  Jpan: /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]/u,
  Kore: /\p{scx=Hang}/u,
};

it('the page speaks every official language of the EU, and the widely used ones of the world', () => {
  expect(languageTags).toEqual(expect.arrayContaining(`${europeanUnion} ${widelyUsed}`.split(' ')));
});

it('writes what one cannot see as an escape', async () => {
  const source = await readFile('src/page/languages.ts', 'utf8');
  expect(source.match(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u)).toBeNull();
});

describe.each(languageTags)('%s', (tag) => {
  const { dir, script = 'Latn', aliases = [], when, ...texts }: Language = languages[tag];
  const phrases = Object.values(when ?? {}).flatMap((byNumber) => Object.values(byNumber));

  it('is a language tag in its canonical form, in the order of the alphabet', () => {
    expect(Intl.getCanonicalLocales(tag)).toEqual([tag]);
    expect(languageTags).toEqual(languageTags.toSorted());
  });

  it('and its aliases lead to it, and to no other', () => {
    for (const name of [tag, ...aliases]) expect(languageOf(name)).toBe(tag);
    for (const other of languageTags) expect(aliases).not.toContain(other);
  });

  it('has its own script and direction', () => {
    expect(script).toBe(new Intl.Locale(tag).maximize().script);
    expect(dir).toBe(script === 'Arab' || script === 'Hebr' ? 'rtl' : 'ltr');
    expect(samplePage({ language: tag })).toContain(`<html lang="${tag}" dir="${dir}">`);
  });

  it('is written in that script', () => {
    const letters: RegExp = scripts[script] ?? new RegExp(`\\p{scx=${script}}`, 'u');
    for (const text of Object.values(texts)) expect(text).toMatch(letters);
    // Names such as ID may stand in Latin letters, but none is in this sentence.
    if (script !== 'Latn') expect(texts.uncertain).not.toMatch(/[A-Za-z]/);
  });

  it('has every text, tidy', () => {
    for (const text of [...Object.values(texts), ...phrases]) {
      expect(text).not.toBe('');
      expect(text).toBe(text.trim().normalize('NFC'));
      expect(text.replace(/\{(?:when|n)\}/, '…')).not.toMatch(/ {2}|[{}<>'"\p{Cc}]/u);
    }
    expect(texts.heading).not.toMatch(/[.!。।։]$/);
    expect(texts.logged).toMatch(/[:：՝]$/);
    expect(texts.contact).toMatch(/^[^[\]]*\[[^[\]]+\][^[\]]*$/);
    expect(texts.comeBack.split('{when}')).toHaveLength(2);
  });

  it.runIf(script !== 'Thai')('ends its sentences, and no words that stand alone', () => {
    for (const name of ['explanation', 'uncertain', 'contact', 'quote', 'comeBack', 'selected'] as const) {
      expect(texts[name]).toMatch(/[.。।۔։]$/);
    }
    for (const name of ['heading', 'tryAgain', 'back', 'statusPage', 'copy', 'copied'] as const) {
      expect(texts[name]).not.toMatch(/[.!。।۔։:]$/);
    }
  });

  it.runIf(tag !== 'en')('is translated: nothing is left in English', () => {
    for (const [name, text] of Object.entries(texts)) {
      expect(Object.entries(languages.en)).not.toContainEqual([name, text]);
    }
  });

  it('shows its texts on the page, and no brackets or tokens', () => {
    const page = samplePage({ language: tag });
    const body = page.replace(/<(style|script)>[^]*?<\/\1>/g, '');
    const { contact, heading, explanation, logged, tryAgain, statusPage, copy, copied } = texts;
    const shown = [heading, explanation, logged, tryAgain, statusPage, copy, copied];
    for (const text of [...shown, ...contact.split(/[[\]]/)]) expect(body).toContain(text);
    expect(body).not.toMatch(/[{}[\]\0]|undefined|null/);
  });

  it('fits into 6 kB, whatever sections the page after a GET has', () => {
    for (const facts of sectionVariants.filter(({ isUnsafe }) => !isUnsafe)) {
      expect(Buffer.byteLength(samplePage({ ...facts, language: tag }))).toBeLessThanOrEqual(6144);
    }
  });
});

it.each<[LanguageTag, string]>([
  ['it', 'Riprova più tardi.'],
  ['it', '[contatta l’assistenza]'],
  ['it', 'con l’ID richiesta:'],
  ['fr', 'l’identifiant de requête\u00a0:'],
  ['sv', 'under begärande-ID:'],
  ['es', 'Algo ha ido mal'],
  ['es', 'no ha podido'],
  ['es-419', 'Algo salió mal'],
  ['ur', 'کوئی مسئلہ پیش آ گیا ہے'],
  ['hi', 'कॉपी किया गया'],
  ['bn', 'কপি করা হয়েছে'],
  ['bn', 'অনুরোধের আইডি'],
  ['cs', 'znovu později'],
  ['da', 'med dette anmodnings-id:'],
  ['el', 'με το ID αιτήματος:'],
  ['fa', 'کپی کردن شناسه'],
  ['tr', 'İstek kimliğini kopyala'],
  ['zh-Hant', '發生錯誤'],
])('says in %s what a reader of the language put right: %s', (tag, text) => {
  expect(Object.values(languages[tag])).toContainEqual(expect.stringContaining(text));
});
