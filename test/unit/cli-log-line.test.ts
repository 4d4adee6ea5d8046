import { describe, expect, test } from 'vitest';
import { recordFact, toLogLine } from '../../src/cli/lookup/log-line.ts';

const RECORD = { message: 'Origin answered 503', request_id: 'ID' };

/** The log line of what a console call stored. */
function line(logged: unknown) {
  return toLogLine(logged, { id: '1', time: 0, level: 'log', invocation: '' });
}

describe('the record is found', () => {
  test.each([
    ['the object', RECORD],
    ['its JSON text', JSON.stringify(RECORD)],
    ['a list of arguments', [RECORD]],
    ["a list that begins with the Worker's name", ['[main]', RECORD]],
    ['a list within message', { level: 'error', message: ['[main]', RECORD] }],
    ['JSON text within message', { message: JSON.stringify(RECORD) }],
  ])('in %s', (_, logged) => {
    expect(line(logged).record).toEqual(RECORD);
  });

  test.each([[null], ['text'], [7], [[]], [{}], [{ request_id: 7 }], ['{"request_id"'], [{ message: null }]])(
    'none in %j',
    (logged) => {
      expect(line(logged).record).toBeUndefined();
    },
  );
});

test('a line is told as it would be printed', () => {
  expect(line(['before', 42, { a: [1] }, null]).text).toBe('before 42 {"a":[1]} null');
  expect(line({ level: 'log', message: 'plain' }).text).toBe('plain');
  expect(line('plain').text).toBe('plain');
});

test('a fact is a text, from nested keys, flattened keys or a list; an object is none', () => {
  expect(recordFact({ origin: { status_code: 503 } }, 'origin.status_code')).toBe('503');
  expect(recordFact({ 'origin.status_code': 503 }, 'origin.status_code')).toBe('503');
  expect(recordFact({ exception: { flags: ['remote', 'retryable'] } }, 'exception.flags')).toBe(
    'remote, retryable',
  );
  expect(recordFact({ origin: null }, 'origin.status_code')).toBeUndefined();
  expect(recordFact({ origin: {} }, 'origin')).toBeUndefined();
});
