/** Examines the contrast of colours in a page template: https://www.w3.org/TR/WCAG22/#contrast-minimum */
import { INLINE_ELEMENT } from '../../page/template.ts';
import type { PageProblem } from './page-problem.ts';

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

/** A value of a custom property, and the line that sets it. */
interface Value {
  readonly text: string;
  readonly line: number;
}

/** The custom properties of `:root` by name, in one colour scheme. */
type Values = ReadonlyMap<string, Value>;

/**
 * Examines the brand colours of a template, light and dark. Never throws.
 * @returns the pairs with too little contrast. Colours with other names than in page.html are not examined
 */
export function contrastWarnings(template: string): PageProblem[] {
  return SCHEMES.flatMap((scheme) => {
    const values = rootValues(template, scheme);
    return PAIRS.flatMap(([text, ground]) => {
      const [above, below] = [values.get(`--${text}`), values.get(`--${ground}`)];
      if (above === undefined || below === undefined) return [];
      const [first, second] = [luminance(above.text), luminance(below.text)];
      if (first === undefined || second === undefined) return [];
      const ratio = (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
      // Round down, so that no contrast below the minimum is shown as the minimum.
      const shown = Math.floor(ratio * 10) / 10;
      const problem = `has --${text} on --${ground} with a contrast of ${shown}:1 in ${scheme} colours; text needs ${MINIMUM}:1`;
      return ratio < MINIMUM ? [{ line: above.line, problem }] : [];
    });
  });
}

/** The properties that `:root` sets outside of media queries, and in media queries for this colour scheme. */
function rootValues(template: string, scheme: (typeof SCHEMES)[number]): Values {
  const values = new Map<string, Value>();
  for (const { index, 0: element, 1: name } of template.matchAll(INLINE_ELEMENT)) {
    if (name !== 'style') continue;
    const css = element.replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
    const open: string[] = [];
    // A piece of CSS ends at the start or end of a block, or at the end of a declaration.
    for (const { index: start, 0: piece } of css.matchAll(/[^{};]*[{};]/g)) {
      const end = piece.at(-1);
      const content = piece.slice(0, -1).trim();
      const [, property = '', text = ''] = /^(--[\w-]+)\s*:\s*([^]*)$/.exec(content) ?? [];
      if (property !== '' && open.every((prelude) => isFor(prelude, scheme))) {
        const at = index + start + piece.indexOf(property);
        values.set(property, { text: text.trim(), line: template.slice(0, at).split('\n').length });
      }
      if (end === '{') open.push(content.replace(/^[^]*>/, '').trim());
      if (end === '}') open.pop();
    }
  }
  return values;
}

/** True for the selector `:root`, and for media queries that match a screen in this colour scheme. */
function isFor(prelude: string, scheme: string): boolean {
  if (!prelude.startsWith('@')) return /^(?::root|html)$/.test(prelude);
  const [, asked] =
    /^@media\s+(?:screen\s+and\s+)?\(\s*prefers-color-scheme\s*:\s*(\w+)\s*\)$/.exec(prelude) ?? [];
  return asked === scheme;
}

/** The luminance by https://www.w3.org/TR/WCAG22/#dfn-relative-luminance. Undefined unless it is an opaque sRGB colour. */
function luminance(color: string): number | undefined {
  const channels = channelsOf(color.toLowerCase());
  if (channels === undefined) return undefined;
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Reads `#rgb`, `#rrggbb`, `rgb()`, `hsl()`, `white` and `black`. */
function channelsOf(color: string): readonly number[] | undefined {
  if (color === 'white') return [255, 255, 255];
  if (color === 'black') return [0, 0, 0];
  const [, short, long] = /^#(?:([\da-f]{3})|([\da-f]{6}))$/.exec(color) ?? [];
  const digits = short?.replace(/./g, '$&$&') ?? long;
  if (digits !== undefined) return [0, 2, 4].map((i) => Number.parseInt(digits.slice(i, i + 2), 16));

  const [, model, list = ''] = /^(rgb|hsl)a?\(([^)/]*)\)$/.exec(color) ?? [];
  const parts = list.split(/[\s,]+/).filter((part) => part !== '');
  const numbers = parts.map((part) => Number.parseFloat(part));
  if (model === undefined || numbers.length !== 3 || numbers.some(Number.isNaN)) return undefined;
  if (model === 'rgb') return numbers.map((number, i) => (parts[i]?.endsWith('%') ? number * 2.55 : number));
  // https://www.w3.org/TR/css-color-4/#hsl-to-rgb
  const [hue = 0, saturation = 0, lightness = 0] = numbers;
  const [s, l] = [saturation / 100, lightness / 100];
  return [0, 8, 4].map((n) => {
    const k = (n + hue / 30) % 12;
    return 255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  });
}
