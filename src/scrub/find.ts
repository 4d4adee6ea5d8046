/** Finding places in a text, in linear time. */

/**
 * Hands on every match of a pattern, in order.
 * @param pattern with the flag `g`
 * @param visit gets a match and its end; may return the index to go on from
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

/** The match of a sticky pattern at a place. */
export function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

/** The end of the line that a place is in: a line break, or one written as `\n` in a quoted text. */
export function endOfLine(text: string, start: number): number {
  LINE_END.lastIndex = start;
  return LINE_END.exec(text)?.index ?? text.length;
}

/** How an escaped line break reads in a decoded view. */
export const ESCAPED_BREAK = '␤';
const LINE_END = /[\n␤]/g;

/** The text before a place, up to `length` characters of it. */
export function textBefore(text: string, index: number, length: number): string {
  return text.slice(Math.max(0, index - length), index);
}
