/** Which language of the page a language tag leads to. */
import { isLanguageTag, languages, type Language, type LanguageTag } from './languages.ts';

const MAXIMUM_TAG_LENGTH = 35; // room for every tag in use (RFC 5646 §4.4.1)

let known: ReadonlyMap<string, LanguageTag> | undefined;

/** Every tag that leads to a language of the page, in lower case: the page's own tags and their aliases. */
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
 * The page's language for a language tag, in any case and with `-` or `_`: what the page has for the language,
 * in the script and for the region that the tag names. So `de-AT` is `de`, `es_MX` is `es-419`, `cmn-TW` is
 * `zh-Hant`. It is lookup (RFC 4647 §3.4) of the tag's script and region, with the languages' aliases.
 * @returns undefined where the page does not have it, or only in another script
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
