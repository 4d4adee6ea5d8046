/** Which language of the page a visitor gets. */
import type { LanguageTag } from '../page/languages.ts';
import { languageOf } from '../page/language-of.ts';
import { weighted } from './weighted.ts';

// A browser sends a handful of languages; what a client hides behind these limits is not worth the CPU time.
const MAXIMUM_LENGTH = 4096;
const MAXIMUM_RANGES = 50;

/**
 * Chooses the language by `Accept-Language` (RFC 9110 §12.5.4): of those that the page has, the first of the
 * highest weight. Never throws; in linear time.
 * @param acceptLanguage the header's value; null where it is not sent
 * @param fallback the answer where the client names no language that the page has, or any (`*`)
 */
export function languageFor(acceptLanguage: string | null, fallback: LanguageTag): LanguageTag {
  let chosen = fallback;
  let highest = 0;
  for (const { name, q } of weighted(acceptLanguage ?? '', MAXIMUM_LENGTH, MAXIMUM_RANGES)) {
    const language = q > highest ? languageOf(name) : undefined;
    if (language !== undefined) [chosen, highest] = [language, q];
  }
  return chosen;
}
