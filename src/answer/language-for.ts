/** Chooses the language of the page for a visitor. */
import type { LanguageTag } from '../page/languages.ts';
import { languageOf } from '../page/language-of.ts';
import { weighted } from './weighted.ts';

// A browser sends a handful of languages. Do not spend CPU time on a longer list.
const MAXIMUM_LENGTH = 4096;
const MAXIMUM_RANGES = 50;

/**
 * Chooses the language by `Accept-Language` (RFC 9110 §12.5.4): the first with the highest weight that the page has.
 * Never throws. Takes linear time.
 * @param acceptLanguage the value of the header, or null without one
 * @param fallback the language if the client names none that the page has, or accepts any (`*`)
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
