/** Finds places in a text in linear time. */

/**
 * Visits every match of a pattern, in order.
 * @param pattern a pattern with the flag `g`
 * @param visit gets a match and its end. It may return the index from which to go on
 */
export function eachMatch(
  pattern: RegExp,
  text: string,
  visit: (match: RegExpExecArray, end: number) => number | void,
): void {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    pattern.lastIndex = visit(match, pattern.lastIndex) ?? pattern.lastIndex;
  }
}

/** The match of a sticky pattern at an index. */
export function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

/** The end of the line at an index: a line break, or one that is written as `\n` in a quoted text. */
export function endOfLine(text: string, start: number): number {
  LINE_END.lastIndex = start;
  return LINE_END.exec(text)?.index ?? text.length;
}

/** The character of a decoded view for an escaped line break. */
export const ESCAPED_BREAK = '␤';
const LINE_END = /[\n␤]/g;

/** The text before an index, up to `length` characters of it. */
export function textBefore(text: string, index: number, length: number): string {
  return text.slice(Math.max(0, index - length), index);
}
