/** Retry-After is read in one way only: a value that is no time is neither kept nor shown. */
import { expect, it } from 'vitest';
import { keptHeaders } from '../../src/answer/kept-headers.ts';
import { secondsToWait } from '../../src/answer/retry-after.ts';

const now = Date.UTC(1994, 10, 6, 8, 49, 7);

it.each([
  ['120', 120],
  ['0', 0],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 30],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 30],
  ['Sun, 06 Nov 1994 08:49:00 GMT', -7],
])('%j is %i seconds', (value, seconds) => {
  expect(secondsToWait(value, now)).toBe(seconds);
  expect(keptHeaders(new Headers({ 'Retry-After': value }))).toEqual({ 'Retry-After': value });
});

it('the old form of a date is one too', () => {
  expect(secondsToWait('Sun Nov  6 08:49:37 1994', now)).toBeTypeOf('number');
});

it.each([
  '',
  'soon',
  '-1',
  '1.5',
  '12345678901',
  '2026-11-25',
  'Sun, 99 Nov 1994 08:49:37 GMT',
  'Abc, xxxxxxxxxxx 99:99:99 GMT',
  '120, 120',
])('%j is no time', (value) => {
  expect(secondsToWait(value, now)).toBeUndefined();
  expect(keptHeaders(new Headers({ 'Retry-After': value }))).toEqual({});
});
