/** Something wrong with a page template. */
export interface PageProblem {
  /** Where, from 1. */
  readonly line: number;
  /** What, in words that go on from the file's name. */
  readonly problem: string;
}
