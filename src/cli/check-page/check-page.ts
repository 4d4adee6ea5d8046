/** Finds problems in a page template before you deploy it. */
import { checkMarkup } from './check-markup.ts';
import { checkTokens } from './check-tokens.ts';
import type { PageProblem } from './page-problem.ts';

export type { PageProblem };

/**
 * Examines a page template: its tokens, and the parts that its Content-Security-Policy would refuse. Never throws.
 * @param template HTML with Mustache tags, as in src/page/page.html
 * @returns the problems by line; an empty list if the template can be used
 */
export function checkPage(template: string): PageProblem[] {
  return [...checkTokens(template), ...checkMarkup(template)].toSorted((a, b) => a.line - b.line);
}
