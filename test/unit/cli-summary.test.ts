import { expect, test } from 'vitest';
import type { LogLine } from '../../src/cli/lookup/log-line.ts';
import { describeGroups, groupFailures } from '../../src/cli/lookup/summary.ts';

function line(time: number, path: string, status?: number, type = String(status)): LogLine {
  return {
    id: `${time}`,
    time,
    level: 'error',
    invocation: '',
    text: '',
    record: {
      request_id: `ID-${time}`,
      error: { type },
      server: { address: 'shop.example' },
      url: { path },
      origin: { status_code: status },
    },
  };
}

test('groups have their count, first and last time, and the last as the example', () => {
  const lines = [
    line(5, '/a', 503),
    line(1, '/b', 503),
    line(9, '/a', 503),
    line(7, '/a', 503),
    line(8, '/a', 500),
  ];
  expect(groupFailures(lines)).toEqual([
    {
      errorType: '503',
      originStatus: 503,
      host: 'shop.example',
      path: '/a',
      count: 3,
      first: 5,
      last: 9,
      example: 'ID-9',
    },
    {
      errorType: '500',
      originStatus: 500,
      host: 'shop.example',
      path: '/a',
      count: 1,
      first: 8,
      last: 8,
      example: 'ID-8',
    },
    {
      errorType: '503',
      originStatus: 503,
      host: 'shop.example',
      path: '/b',
      count: 1,
      first: 1,
      last: 1,
      example: 'ID-1',
    },
  ]);
});

test('the same path with another error type is another group', () => {
  const lines = [
    line(1, '/', undefined, 'connection_refused'),
    line(2, '/', undefined, 'connection_timeout'),
  ];
  expect(groupFailures(lines)).toHaveLength(2);
});

test('a long table is cut, and says how much of it is missing', () => {
  const lines = Array.from({ length: 40 }, (_, i) => line(i, `/${i}`, 503));
  const table = describeGroups(groupFailures(lines), (text) => text).split('\n');
  expect(table).toHaveLength(1 + 25 + 1);
  expect(table.at(-1)).toBe('and 15 more groups with 15 failures (--json lists all)');
});
