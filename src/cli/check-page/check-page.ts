/** What is wrong with a page template, before it is deployed. */
import { checkMarkup } from './check-markup.ts';
import { checkTokens } from './check-tokens.ts';
import type { PageProblem } from './page-problem.ts';

export type { PageProblem };

/**
 * Examines a page template: its tokens, and what its Content-Security-Policy would refuse. Never throws.
 * @param template HTML with Mustache tags, as in src/page/page.html
 * @returns what is wrong with it, by line; nothing where it can be used
 */
export function checkPage(template: string): PageProblem[] {
  return [...checkTokens(template), ...checkMarkup(template)].toSorted((a, b) => a.line - b.line);
}
