/** A problem of a page template. */
export interface PageProblem {
  /** The number of its line, from 1. */
  readonly line: number;
  /** The fault, in a text that continues a sentence with the file's name. */
  readonly problem: string;
}
