/** Kind e: finds text that looks random, and not like words. */
import { patternRule } from './rule.ts';

/** A hash behind the name of its algorithm, or in the name of a built file, identifies data. It is no secret. */
const ALGORITHM =
  /(?<!hmac[-_ ]?)(?:sha-?\d{0,3}|md5|blake\w*|crc\w*|xxh\w*|digest|integrity|etag|commit|revision|tree)["']?[:=~/ -]{1,3}["']?$/i;
/** The ID of a trace or of a request has 32 hex digits, too: https://www.w3.org/TR/trace-context/ */
const ID_BEFORE =
  /(?:trace|span|request|correlation|event)[_-]?id["']?[ \t]{0,2}(?:=>|[:=])[ \t]{0,2}["']?$/i;
const SPAN_AFTER = /^-[0-9a-f]{16}(?![0-9a-f])/i;
/** https://www.w3.org/TR/SRI/: such a digest has `+` and `/` in it. */
const INTEGRITY = /\bsha\d{3}-[\w+/-]*$/;
const BUILT_FILE =
  /^\.(?:min\.|chunk\.|bundle\.|module\.)*(?:[cm]?[jt]sx?|css|map|wasm|woff2?|ttf|png|jpe?g|gif|svg|webp|avif|ico|mp4|html?)\b/i;
const BUILD_FOLDER = /\/_(?:next|nuxt|app|astro|build)\/[\w/.-]*$/;

/** V8 matches these pairs eight times as fast as `{20}`. */
const LONG_WORD = new RegExp('[\\w-]{2}'.repeat(10));

/** Hides 32 or more hex digits. */
export const longHex = patternRule(
  'e hex digits',
  LONG_WORD,
  /(?<![A-Za-z0-9])(?:[A-Za-z]{2}(?=[0-9a-f]{32}(?![0-9a-f])))?[0-9a-f]{32,}(?![A-Za-z0-9])/gi,
  (_, before, after) =>
    !ALGORITHM.test(before) && !ID_BEFORE.test(before) && !BUILT_FILE.test(after) && !SPAN_AFTER.test(after),
);

/** A word or a number within a text. A text that consists mostly of these is a name, and not random. */
const PIECE = /[A-Z]?[a-z]{3,}|[A-Z][a-z]{2}(?![a-z])|[0-9]{4,}|[A-Z]{4,}/g;
const VOWEL = /[aeiouy\d]/i;
const CHANGE = /[a-z](?=[A-Z0-9])|[0-9](?=[A-Za-z])|[A-Z](?=[0-9])/g;
const MANGLED = /^_{0,2}Z/;

/** Hides 21 or more of `[A-Za-z0-9_-]`, if letters, capitals and digits change as often as in random text. */
export const randomText = patternRule(
  'e random text',
  LONG_WORD,
  /(?<![\w-])[\w-]{21,}(?![\w-])/g,
  (found, before, after) =>
    looksRandom(found) &&
    !ALGORITHM.test(before) &&
    !BUILT_FILE.test(after) &&
    !BUILD_FOLDER.test(before) &&
    !INTEGRITY.test(before + found),
);

function looksRandom(run: string): boolean {
  if (MANGLED.test(run)) return false;
  const text = run.replace(/[_-]/g, '');
  const isMixed = /[a-z]/.test(text) && /[A-Z]/.test(text);
  // IDs of records are shorter than 32: MongoDB has 24 hex digits, a ULID has 26 characters.
  if (!isMixed && (text.length < 32 || !/\d/.test(text) || !/[a-z]/i.test(text) || /^[\da-f]+$/i.test(text)))
    return false;
  const changes = text.match(CHANGE)?.length ?? 0;
  const inWords = (text.match(PIECE) ?? []).reduce(
    (sum, piece) => sum + (VOWEL.test(piece) ? piece.length : 0),
    0,
  );
  return changes * 5 >= text.length && inWords * 2 < text.length;
}
