/** A problem of a page template, and its place. */
export interface PageProblem {
  /** The number of its line, from 1. */
  readonly line: number;
  /** The fault, in a text that continues a sentence with the file's name. */
  readonly problem: string;
}

/** The number of the line of a character in a text, from 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** A style with spaces in place of its comments. Every other character keeps its place. */
export function withoutComments(style: string): string {
  return style.replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
}
