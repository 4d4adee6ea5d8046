import { describe, expect, test } from 'vitest';
import { fact, findRecord, loggedText, recordFact } from '../../src/cli/lookup/log-line.ts';

const RECORD = { message: 'Origin answered 503', request_id: 'ID' };

describe('findRecord', () => {
  test.each([
    ['the object', RECORD],
    ['its JSON text', JSON.stringify(RECORD)],
    ['a list of arguments', [RECORD]],
    ["a list that begins with the Worker's name", ['[main]', RECORD]],
    ['a list within message', { level: 'error', message: ['[main]', RECORD] }],
    ['JSON text within message', { message: JSON.stringify(RECORD) }],
  ])('in %s', (_, logged) => {
    expect(findRecord(logged)).toEqual(RECORD);
  });

  test.each([[null], ['text'], [7], [[]], [{}], [{ request_id: 7 }], ['{"request_id"'], [{ message: null }]])(
    'none in %j',
    (logged) => {
      expect(findRecord(logged)).toBeUndefined();
    },
  );
});

test('fact: nested keys, flattened keys, and nothing but texts, numbers and booleans', () => {
  expect(fact({ origin: { status_code: 503 } }, 'origin.status_code')).toBe(503);
  expect(fact({ 'origin.status_code': 503 }, 'origin.status_code')).toBe(503);
  expect(fact({ origin: null }, 'origin.status_code')).toBeUndefined();
  expect(fact({ origin: {} }, 'origin')).toBeUndefined();
});

test('loggedText: arguments as they would be printed', () => {
  expect(loggedText(['before', 42, { a: [1] }, null])).toBe('before 42 {"a":[1]} null');
  expect(loggedText({ level: 'log', message: 'plain' })).toBe('plain');
  expect(loggedText('plain')).toBe('plain');
});

test('recordFact: a fact as a text, also of a list', () => {
  expect(recordFact({ exception: { flags: ['remote', 'retryable'] } }, 'exception.flags')).toBe(
    'remote, retryable',
  );
  expect(recordFact({ origin: { status_code: 503 } }, 'origin.status_code')).toBe('503');
});
