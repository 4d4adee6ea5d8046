import { expect, test } from 'vitest';
import { appearsUntil, keptUntil } from '../../src/cli/lookup/time-window.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const now = Date.parse('2026-11-23T12:00:00Z');

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

test('a record is kept for three days on the Free plan until December 2026, else for seven', () => {
  expect(keptUntil(now, now)).toBe('2026-11-30T12:00Z (on the Free plan 2026-11-26T12:00Z)');
  expect(keptUntil(now, now + 4 * 1440 * MINUTE)).toBe('2026-11-30T12:00Z');
  const later = Date.parse('2026-12-01T12:00:00Z');
  expect(keptUntil(later, later)).toBe('2026-12-08T12:00Z');
});
