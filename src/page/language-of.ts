/** Finds the language of the page for a language tag. */
import { isLanguageTag, languages, type Language, type LanguageTag } from './languages.ts';

const MAXIMUM_TAG_LENGTH = 35; // room for every tag in use (RFC 5646 §4.4.1)

let known: ReadonlyMap<string, LanguageTag> | undefined;

/** Maps every known tag in lower case to a language of the page: the page's own tags and their aliases. */
function knownTags(): ReadonlyMap<string, LanguageTag> {
  return (known ??= new Map(
    Object.keys(languages)
      .filter(isLanguageTag)
      .flatMap((tag) => {
        const { aliases = [] }: Language = languages[tag];
        return [tag, ...aliases].map((name) => [name.toLowerCase(), tag] as const);
      }),
  ));
}

/**
 * Finds the page's language for a tag, in any letter case and with `-` or `_`. It looks up the tag with its script and
 * region (RFC 4647 §3.4), and knows the aliases: `de-AT` is `de`, `es_MX` is `es-419`, `cmn-TW` is `zh-Hant`.
 * @returns undefined if the page does not have the language, or only in another script
 */
export function languageOf(tag: string): LanguageTag | undefined {
  const tags = knownTags();
  const subtags = tag.slice(0, MAXIMUM_TAG_LENGTH).toLowerCase().replaceAll('_', '-').split('-');
  // RFC 5646 §2.2.2: "zh-yue" is an older way to write "yue".
  if (/^[a-z]{3}$/.test(subtags[1] ?? '') && tags.has(subtags[1] ?? '')) subtags.shift();
  const [language = '', second = '', third = ''] = subtags;

  const usual = tags.get(language);
  if (usual === undefined) return undefined;
  const [name] = usual.split('-');
  if (!/^[a-z]{4}$/.test(second)) return tags.get(`${name}-${second}`) ?? usual;

  const inScript = tags.get(`${name}-${second}`);
  if (inScript !== undefined) return inScript;
  const { script = 'Latn' }: Language = languages[usual];
  return second === script.toLowerCase() ? (tags.get(`${name}-${third}`) ?? usual) : undefined;
}
