/** The result of one check. */
export interface Check {
  /** `!` is a notice, and does not fail the command. */
  readonly mark: '✓' | '✗' | '!';
  /** The observed fact. If it is wrong, also the expected one. */
  readonly text: string;
  /** A command line for the next step. */
  readonly next?: string;
}

/** A check that passed. */
export function passed(text: string): Check {
  return { mark: '✓', text };
}

/** A check that failed. */
export function failed(text: string): Check {
  return { mark: '✗', text };
}
