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

/**
 * Chooses the format by `Accept` (RFC 9110 §12.5.1). Where the client takes anything (a wildcard, or no
 * header), `Sec-Fetch-Dest` (Fetch Metadata) tells a document from data and from images, scripts and styles.
 * Nothing acceptable means HTML. Never throws.
 */
export function formatFor(headers: Headers): Format {
  const accept = plainAccept(headers.get('accept') ?? '*/*');
  const acceptable = acceptableFormats(accept);
  const preferred = acceptable[0];
  const named = acceptableFormats(accept.replace(/\*\/\*[^,]*/g, ''));
  if (preferred !== undefined && named.includes(preferred)) return preferred;

  const wanted = formatForDestination(headers.get('sec-fetch-dest'));
  return preferred === undefined || acceptable.includes(wanted) ? wanted : preferred;
}

function acceptableFormats(accept: string): readonly Format[] {
  const acceptable = new Negotiator({ headers: { accept } }).mediaTypes(Object.values(mediaTypes));
  return acceptable.flatMap((type) => formats.filter((format) => mediaTypes[format] === type));
}

/** `Accept` with every JSON type as problem+json, and without parameters other than `q`. */
function plainAccept(accept: string): string {
  return accept
    .slice(0, MAXIMUM_HEADER_LENGTH)
    .replace(/;(?!\s*q\s*=)[^;,"]*(?:"[^"]*")?/gi, '')
    .replace(/\bapplication\/(?:[\w.!#$&^-]+\+)?json\b/gi, mediaTypes.json);
}

/** https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header */
function formatForDestination(destination: string | null): Format {
  switch (destination) {
    case null:
    case '':
    case 'document':
    case 'iframe':
    case 'frame':
    case 'embed':
    case 'object':
      return 'html';
    case 'empty':
      return 'json';
    default:
      return 'text';
  }
}

/** Every language tag that leads to a language of the page, the page's own tags included. */
const tags = new Map<string, LanguageTag>();
for (const [tag, { aliases = [] }] of Object.entries<Language>(languages)) {
  if (isLanguageTag(tag)) for (const name of [tag, ...aliases]) tags.set(name, tag);
}

/**
 * The page's language for a language tag (BCP 47), by its name or an alias, in any case.
 * @returns undefined where the page does not have it
 */
export function languageOf(tag: string): LanguageTag | undefined {
  for (const [name, language] of tags) if (name.toLowerCase() === tag.toLowerCase()) return language;
  return undefined;
}

/**
 * Chooses the language by `Accept-Language` (RFC 9110 §12.5.4).
 * @param fallback the answer where the client names no language that the page has, or any (`*`)
 */
export function languageFor(headers: Headers, fallback: LanguageTag): LanguageTag {
  const header = headers.get('accept-language');
  if (header === null) return fallback;
  const negotiator = new Negotiator({
    headers: { 'accept-language': header.slice(0, MAXIMUM_HEADER_LENGTH) },
  });
  const [tag] = negotiator.languages([fallback, ...tags.keys()]);
  return (tag === undefined ? undefined : tags.get(tag)) ?? fallback;
}

function isLanguageTag(tag: string): tag is LanguageTag {
  return Object.hasOwn(languages, tag);
}
