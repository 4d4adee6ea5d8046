/** Finding places in a text, in linear time. */

/**
 * Hands on every match of a pattern, in their order.
 * @param pattern with the flag `g`
 * @param visit gets a match and where it ends; may say where to go on, if not there
 */
export function eachMatch(
  pattern: RegExp,
  text: string,
  visit: (match: RegExpExecArray, end: number) => number | undefined,
): void {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    pattern.lastIndex = visit(match, pattern.lastIndex) ?? pattern.lastIndex;
  }
}

/** Where the line ends that a place is in. */
export function endOfLine(text: string, start: number): number {
  const newline = text.indexOf('\n', start);
  return newline < 0 ? text.length : newline;
}

/** Where a bracket stands for the last time in the rest of a line; for none, or the empty text, where the line ends. */
export function lastInLine(text: string, start: number, bracket: string): number {
  const end = endOfLine(text, start);
  const index = text.slice(start, end).lastIndexOf(bracket);
  return index < 0 ? end : start + index;
}
