/** Who is asking: the format and the language of the answer, from the request's headers. */
import Negotiator from 'negotiator';
import { languages, type Language, type LanguageTag } from './page/languages.ts';

/** The form of an answer: the page, problem details (RFC 9457), or plain text. */
export type Format = 'html' | 'json' | 'text';

/** The media type of each format, most preferred first. */
export const mediaTypes = {
  html: 'text/html',
  json: 'application/problem+json',
  text: 'text/plain',
} as const satisfies Record<Format, string>;

const formats: readonly Format[] = ['html', 'json', 'text'];

// A browser sends less than 1 kB; what a client hides behind 4 kB is not worth the CPU time.
const MAXIMUM_HEADER_LENGTH = 4096;
const MAXIMUM_CHOICES = 200;

/**
 * Chooses the format by `Accept` (RFC 9110 §12.5.1). Among formats that the client likes equally, as behind
 * a wildcard, and where it accepts none, `Sec-Fetch-Dest` (Fetch Metadata) tells a document from data and
 * from images, scripts and styles; without that header it is HTML. Never throws.
 */
export function formatFor(headers: Headers): Format {
  return rememberedFormat(headers.get('accept') ?? '*/*', headers.get('sec-fetch-dest') ?? '');
}

const rememberedFormat = remembering((accept, destination): Format => {
  const wanted = formatForDestination(destination);
  const offered = [wanted, ...formats.filter((format) => format !== wanted)];
  const [type] = new Negotiator({ headers: { accept: plainAccept(accept) } }).mediaTypes(
    offered.map((format) => mediaTypes[format]),
  );
  return offered.find((format) => mediaTypes[format] === type) ?? wanted;
});

/** Most visitors send one of a few header values: what follows from a value is worked out once per isolate. */
function remembering<T>(choose: (first: string, second: string) => T): typeof choose {
  const chosen = new Map<string, T>();
  return (first, second) => {
    const key = `${first}\n${second}`;
    if (key.length > MAXIMUM_HEADER_LENGTH) return choose(first, second);
    let choice = chosen.get(key);
    if (choice === undefined) {
      choice = choose(first, second);
      if (chosen.size === MAXIMUM_CHOICES) chosen.clear();
      chosen.set(key, choice);
    }
    return choice;
  };
}

/** `Accept` with every JSON type as problem+json, and without parameters other than `q`. */
function plainAccept(accept: string): string {
  return accept
    .slice(0, MAXIMUM_HEADER_LENGTH)
    .replace(/;(?!\s*q\s*=)[^;,"]*(?:"(?:[^"\\]|\\.)*")?/gi, '')
    .replace(/\b(?:application\/json|[\w.!#$&^-]+\/[\w.!#$&^+-]+\+json)\b/gi, mediaTypes.json);
}

/** https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header */
function formatForDestination(destination: string): Format {
  switch (destination) {
    case '':
    case 'document':
    case 'iframe':
    case 'frame':
    case 'embed':
    case 'object':
    case 'fencedframe':
      return 'html';
    case 'empty':
      return 'json';
    default:
      return 'text';
  }
}

/** Every tag that leads to a language of the page, in lower case: the page's own tags and their aliases. */
const tags = new Map<string, LanguageTag>();
for (const [tag, { aliases = [] }] of Object.entries<Language>(languages)) {
  if (isLanguageTag(tag)) for (const name of [tag, ...aliases]) tags.set(name.toLowerCase(), tag);
}

/**
 * The page's language for a language tag, in any case: that of the longest start of the tag that the page
 * knows, so that `de-AT` is `de` and `zh-Hant-SG` is `zh-Hant` (lookup, RFC 4647 §3.4).
 * @returns undefined where the page does not have it
 */
export function languageOf(tag: string): LanguageTag | undefined {
  const subtags = tag.toLowerCase().split('-');
  for (; subtags.length > 0; subtags.pop()) {
    const language = tags.get(subtags.join('-'));
    if (language !== undefined) return language;
  }
  return undefined;
}

/**
 * Chooses the language by `Accept-Language` (RFC 9110 §12.5.4). Never throws.
 * @param fallback the answer where the client names no language that the page has, or any (`*`)
 */
export function languageFor(headers: Headers, fallback: LanguageTag): LanguageTag {
  const header = headers.get('accept-language');
  return (header !== null && rememberedLanguage(header, '')) || fallback;
}

const rememberedLanguage = remembering((header): LanguageTag | undefined => {
  const acceptLanguage = header.slice(0, MAXIMUM_HEADER_LENGTH);
  const ranges = new Negotiator({ headers: { 'accept-language': acceptLanguage } }).languages();
  return ranges.map(languageOf).find((language) => language !== undefined);
});

function isLanguageTag(tag: string): tag is LanguageTag {
  return Object.hasOwn(languages, tag);
}
