/** What a check is, and those of a header. */
import type { HttpAnswer } from './http-answer.ts';

/** One thing that was looked at. */
export interface Check {
  readonly passed: boolean;
  /** What was seen; and, where it is wrong, what was expected. */
  readonly text: string;
}

/** A check of a header: what is expected of it in words, and as a pattern. */
export function checkHeader(answer: HttpAnswer, name: string, expected: string, pattern: RegExp): Check {
  const value = answer.header(name);
  if (pattern.test(value)) return passed(`${name}: ${value}`);
  return failed(`${name} is ${value === '' ? 'missing' : quoted(value)}, expected ${expected}`);
}

/** A text from outside, in quotes. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** What is as promised. */
export function passed(text: string): Check {
  return { passed: true, text };
}

/** What is not. */
export function failed(text: string): Check {
  return { passed: false, text };
}
