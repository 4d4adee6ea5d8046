/** Examines the contrast of colours in a page template: https://www.w3.org/TR/WCAG22/#contrast-minimum */
import { parse, wcagContrast, type Color } from 'culori';
import { INLINE_ELEMENT } from '../../page/template.ts';
import { lineAt, withoutComments, type PageProblem } from './page-problem.ts';

/** The smallest contrast that text may have by WCAG 2.2 AA. */
const MINIMUM = 4.5;

/** The custom properties of page.html for a text and its background. */
const PAIRS = [
  ['text', 'page'],
  ['text', 'box'],
  ['muted', 'page'],
  ['accent', 'page'],
  ['on-accent', 'accent'],
] as const;

const SCHEMES = ['light', 'dark'] as const;

/**
 * Examines the brand colours of a template, light and dark. Never throws.
 * @returns the pairs with too little contrast. Colours with other names than in page.html are not examined
 */
export function contrastWarnings(template: string): PageProblem[] {
  return SCHEMES.flatMap((scheme) => {
    const properties = rootProperties(template, scheme);
    return PAIRS.flatMap(([text, ground]) => {
      const [above, below] = [properties.get(`--${text}`), properties.get(`--${ground}`)];
      if (!above?.color || !below?.color) return [];
      const ratio = wcagContrast(above.color, below.color);
      if (ratio >= MINIMUM) return [];
      // Round down, so that no contrast below the minimum is shown as the minimum.
      const shown = Math.floor(ratio * 10) / 10;
      const problem = `has --${text} on --${ground} with a contrast of ${shown}:1 in ${scheme} colours; text needs ${MINIMUM}:1`;
      return [{ line: above.line, problem }];
    });
  });
}

/**
 * The properties that `:root` sets outside of media queries, and in media queries for this colour scheme.
 * @returns by name the colour, if it is an opaque one, and the line that sets it
 */
function rootProperties(template: string, scheme: string) {
  const properties = new Map<string, { readonly color: Color | undefined; readonly line: number }>();
  for (const { index, 0: element, 1: name } of template.matchAll(INLINE_ELEMENT)) {
    if (name !== 'style') continue;
    const css = withoutComments(element);
    const open: string[] = [];
    // A piece of CSS ends at the start or end of a block, or at the end of a declaration.
    for (const { index: start, 0: piece } of css.matchAll(/[^{};]*[{};]/g)) {
      const end = piece.at(-1);
      const content = piece.slice(0, -1).trim();
      const [, property = '', text = ''] = /^(--[\w-]+)\s*:\s*([^]*)$/.exec(content) ?? [];
      if (property !== '' && open.every((prelude) => isFor(prelude, scheme))) {
        const color = parse(text);
        const line = lineAt(template, index + start + piece.indexOf(property));
        properties.set(property, { color: (color?.alpha ?? 1) < 1 ? undefined : color, line });
      }
      if (end === '{') open.push(content.replace(/^[^]*>/, '').trim());
      if (end === '}') open.pop();
    }
  }
  return properties;
}

/** True for the selector `:root`, and for media queries that match a screen in this colour scheme. */
function isFor(prelude: string, scheme: string): boolean {
  if (!prelude.startsWith('@')) return /^(?::root|html)$/.test(prelude);
  const [, asked] =
    /^@media\s+(?:screen\s+and\s+)?\(\s*prefers-color-scheme\s*:\s*(\w+)\s*\)$/.exec(prelude) ?? [];
  return asked === scheme;
}
