import { expect, test } from 'vitest';
import { appearsUntil, timeOf, windowFor } from '../../src/cli/lookup/time-window.ts';
import { newRequestId } from '../../src/request-id.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 1440 * MINUTE;
const now = Date.parse('2026-11-23T12:00:00Z');

test('the time in an ID is when it was made', () => {
  const before = Date.now();
  const made = timeOf(newRequestId());
  expect(made).toBeGreaterThanOrEqual(before);
  expect(made).toBeLessThanOrEqual(Date.now());
});

test('there is no window for what no log can hold: the future, and what is older than seven days', () => {
  expect(windowFor(now + 2 * MINUTE, now)).toBeUndefined();
  expect(windowFor(now - 7 * DAY - 1, now)).toBeUndefined();
  // The clock of the machine may be ten seconds slow.
  expect(windowFor(now + 10 * SECOND, now)).toBeDefined();
});

test('a fresh ID is waited for a minute, whenever within three minutes it was made', () => {
  for (const age of [0, 5 * SECOND, 100 * SECOND, 179 * SECOND]) {
    expect(appearsUntil(now - age, now), String(age)).toBe(now + MINUTE);
  }
});

test('an older ID is not waited for', () => {
  expect(appearsUntil(now - 3 * MINUTE, now)).toBeLessThan(now);
});

test('an ID from a clock that is ahead is waited for a minute of that clock', () => {
  expect(appearsUntil(now + 10 * SECOND, now)).toBe(now + 70 * SECOND);
});
