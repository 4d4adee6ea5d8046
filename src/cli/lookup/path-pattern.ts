/** Paths that differ in a number or a token only, as one: `/order/17/items` is `/order/…/items`. */

// A character that is no digit, or one that is percent-encoded: the digits of its code do not count.
const OTHER = '(?:[^/0-9%]|%[^/]{2})';
// A segment that names one thing of many: it has two digits or more, is one digit, or had a secret, which the
// record writes as …. `/v1` and `/oauth2` name the same thing each time. JavaScript and RE2 (Cloudflare's query
// API) read it alike.
const VARIABLE = `(?:[^/]*…[^/]*|${OTHER}*[0-9]${OTHER}*[0-9][^/]*|[0-9])`;
const IS_VARIABLE = new RegExp(`^${VARIABLE}$`, 'u');

/** The path with `…` for each segment that names one thing of many. */
export function foldPath(path: string): string {
  return path
    .split('/')
    .map((segment) => (IS_VARIABLE.test(segment) ? '…' : segment))
    .join('/');
}

/** Whether more than one path may have this folded form. */
export function isFolded(folded: string): boolean {
  return folded.includes('…');
}

/**
 * What exactly those paths match that `foldPath` makes this of.
 * @param folded what `foldPath` returned
 * @returns the source of a regular expression, in the syntax of RE2
 */
export function patternOf(folded: string): string {
  const segments = folded
    .split('/')
    .map((segment) => (segment === '…' ? VARIABLE : segment.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')));
  return `^${segments.join('/')}$`;
}
