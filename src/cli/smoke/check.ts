/** One thing that was looked at. */
export interface Check {
  /** `!` is to be known, and fails nothing. */
  readonly mark: '✓' | '✗' | '!';
  /** What was seen; and, where it is wrong, what was expected. */
  readonly text: string;
  /** A command line to go on with. */
  readonly next?: string;
}

/** What is as promised. */
export function passed(text: string): Check {
  return { mark: '✓', text };
}

/** What is not. */
export function failed(text: string): Check {
  return { mark: '✗', text };
}

/** A text from outside, in quotes. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}
