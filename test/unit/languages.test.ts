import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { languages, type Language, type LanguageTag } from '../../src/page/languages.ts';
import { languageOf } from '../../src/page/language-of.ts';
import { languageTags, samplePage, sectionVariants } from '../support/sample-page.ts';

const europeanUnion = 'bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt-PT ro sk sl sv';
const widelyUsed =
  'ar az bn ca es-419 fa fil gu he hi hy id ja ka kk kn ko ml mr ms nb pa pt-BR ru sr-Cyrl sr-Latn sw ta te th tr uk ur vi zh-Hans zh-Hant';

/** Scripts of ISO 15924 that consist of several of Unicode's scripts. */
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
    // Names such as ID may be in Latin letters. This sentence has no such name.
    if (script !== 'Latn') expect(texts.uncertain).not.toMatch(/[A-Za-z]/);
  });

  it('has every text, tidy', () => {
    for (const text of [...Object.values(texts), ...phrases]) {
      expect(text).not.toBe('');
      expect(text).toBe(text.trim().normalize('NFC'));
      expect(text.replace(/\{(?:when|time|n)\}/, '…')).not.toMatch(/ {2}|[{}<>'"\p{Cc}]/u);
    }
    expect(texts.heading).not.toMatch(/[.!。।։]$/);
    expect(texts.logged).toMatch(/[:：՝]$/);
    expect(texts.contact).toMatch(/^[^[\]]*\[[^[\]]+\][^[\]]*$/);
    expect(texts.tryIn.split('{when}')).toHaveLength(2);
    expect(texts.triedAgain.split('{time}')).toHaveLength(2);
  });

  if (script !== 'Thai')
    it('ends its sentences, and no words that stand alone', () => {
      const sentences = [
        'explanation',
        'tryLater',
        'tryIn',
        'uncertain',
        'contact',
        'triedAgain',
        'entered',
      ] as const;
      for (const name of sentences) expect(texts[name]).toMatch(/[.。।۔։]$/);
      for (const name of ['heading', 'tryAgain', 'back', 'statusPage', 'copy', 'copied'] as const) {
        expect(texts[name]).not.toMatch(/[.!。।۔։:]$/);
      }
    });

  if (tag !== 'en')
    it('is translated: nothing is left in English', () => {
      for (const [name, text] of Object.entries(texts)) {
        expect(Object.entries(languages.en)).not.toContainEqual([name, text]);
      }
    });

  it('breaks no line at a hyphen, nor behind a short word that must not end one', () => {
    for (const text of [...Object.values(texts), ...phrases]) expect(text).not.toContain('-');
    // The typography of these languages joins a word of one letter to the next word.
    if (!['cs', 'pl', 'ru', 'sk', 'uk'].includes(tag)) return;
    for (const text of Object.values(texts)) expect(text).not.toMatch(/(?:^|[\s[(])\p{L} /u);
  });

  it('shows its texts on the page, and no brackets or tokens', () => {
    const pages = [false, true].map((isUnsafe) =>
      samplePage({ language: tag, isUnsafe, retryAfter: undefined }),
    );
    const [body, bodyAfterPost] = pages.map((page) => page.replace(/<(style|script)>[^]*?<\/\1>/g, ''));
    const { contact, back, entered, uncertain, tryIn: _, tryAgain, triedAgain, tryLater, ...others } = texts;
    const both = [...Object.values(others), ...contact.split(/[[\]]/)];
    for (const text of [...both, tryAgain, triedAgain, tryLater]) expect(body).toContain(text);
    for (const text of [...both, back, entered, uncertain]) expect(bodyAfterPost).toContain(text);
    expect(body?.replace(triedAgain, '')).not.toMatch(/[{}[\]\0]|undefined|null/);
    expect(bodyAfterPost).not.toMatch(/[{}[\]\0]|undefined|null/);
  });

  it('fits into half of what TCP sends at once, whatever sections the page after a GET has', () => {
    for (const facts of sectionVariants.filter(({ isUnsafe }) => !isUnsafe)) {
      const page = samplePage({ ...facts, language: tag, siteName: 'a'.repeat(30) });
      expect(Buffer.byteLength(page)).toBeLessThanOrEqual(7168);
    }
  });
});

it.each(languageTags)('has in %s one name for the ID: that of the line above it is on the button', (tag) => {
  const { logged, copy } = languages[tag];
  const words = [...new Intl.Segmenter(tag, { granularity: 'word' }).segment(copy)]
    .filter(({ isWordLike }) => isWordLike)
    // Words without the article of Arabic and Hebrew, and without endings.
    .map(({ segment }) => /^(?:ال|ה)?(ID|.{1,3})/u.exec(segment)?.[1] ?? '');
  expect(words.filter((word) => logged.toLowerCase().includes(word.toLowerCase()))).not.toEqual([]);
});

it('has no ß in German, which Switzerland reads too', () => {
  expect(Object.values(languages.de).join()).not.toContain('ß');
});

it.each<[LanguageTag, string]>([
  ['it', 'Riprova più tardi.'],
  ['it', '[contatta l’assistenza]'],
  ['it', 'con l’ID richiesta:'],
  ['fr', 'l’identifiant de demande\u00a0:'],
  ['sv', 'under begärande\u2011ID:'],
  ['es', 'Algo ha ido mal'],
  ['es', 'no ha podido'],
  ['es-419', 'Algo salió mal'],
  ['ur', 'کوئی مسئلہ پیش آ گیا ہے'],
  ['hi', 'कॉपी किया गया'],
  ['bn', 'কপি করা হয়েছে'],
  ['bn', 'অনুরোধের আইডি'],
  ['cs', 'znovu později'],
  ['da', 'med dette anmodnings\u2011id:'],
  ['el', 'με το ID αιτήματος:'],
  ['fa', 'کپی کردن شناسه'],
  ['tr', 'İstek kimliğini kopyalayın'],
  ['tr', 'Tekrar deneyin'],
  ['uk', 'Скопіювати'],
  ['fi', 'Virheen tiedot ovat palvelimen lokissa. Pyynnön tunnus:'],
  ['lv', 'Ja problēma joprojām pastāv'],
  ['zh-Hant', '發生錯誤'],
])('says in %s what a reader of the language put right: %s', (tag, text) => {
  expect(Object.values(languages[tag])).toContainEqual(expect.stringContaining(text));
});
