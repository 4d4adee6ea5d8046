/** The statuses of our answers have the words of HTTP, as Node's own table has them. */
import { STATUS_CODES } from 'node:http';
import { expect, it } from 'vitest';
import { lastingStatus, reasons } from '../../src/answer/status.ts';

it.each(Object.entries(reasons))('%s is %s', (status, words) => {
  expect(words).toBe(STATUS_CODES[status]);
  expect(lastingStatus(Number(status))).toBe(Number(status));
});
