import { expect, test } from 'vitest';
import { find } from '../../src/cli/lookup/find.ts';
import type { LogLine } from '../../src/cli/lookup/log-line.ts';
import type { LogStore, TimeWindow } from '../../src/cli/lookup/log-store.ts';

const windowAt = (now: number): TimeWindow => ({ from: now - 1, to: now });

function line(id: string, record: Record<string, unknown>, invocation = 'one'): LogLine {
  return {
    id,
    time: Number(id),
    level: 'error',
    invocation,
    text: '',
    record: { request_id: 'ID', ...record },
  };
}

/** A store that has one list of matches a query, and no other lines. */
function storeOf(...answers: LogLine[][]): LogStore & { readonly windows: TimeWindow[] } {
  const windows: TimeWindow[] = [];
  return {
    name: 'test',
    windows,
    async saying(_path, _value, window) {
      return { lines: answers[windows.push(window) - 1] ?? [], truncated: false };
    },
    ofInvocation: async () => ({ lines: [], truncated: false }),
    newest: async () => undefined,
    tally: async () => ({ count: 0, sampleInterval: 1, timeline: [] }),
    tallyBy: async () => [],
    groups: async () => [],
  };
}

test('looks until the patience is at its end, at a later window each time', async () => {
  const store = storeOf();
  const left: number[] = [];
  const patience = { until: Date.now() + 60, interval: 20, waiting: (ms: number) => left.push(ms) };
  expect(await find(store, 'ID', windowAt, patience)).toMatchObject({ failures: [] });
  expect(Date.now()).toBeGreaterThanOrEqual(patience.until);
  expect(left.length).toBeGreaterThan(0);
  expect(store.windows.at(-1)?.to).toBeGreaterThan(store.windows[0]?.to ?? Infinity);
});

test('an addition goes with the failure of its own invocation', async () => {
  const failure = { error: { type: '503' } };
  const store = storeOf([
    line('1', failure, 'one'),
    line('2', failure, 'two'),
    line('3', { origin: { body: 'of two' } }, 'two'),
  ]);
  const { failures } = await find(store, 'ID', windowAt, { until: 0, interval: 1, waiting() {} });
  expect(failures.map(({ line: { id }, additions }) => [id, additions.length])).toEqual([
    ['2', 1],
    ['1', 0],
  ]);
});

test('an addition whose failure never comes is shown alone', async () => {
  const body = line('1', { message: 'Origin error body' });
  // As many answers as it may ask for: a timer may fire a little early.
  const store = storeOf(...Array.from({ length: 10 }, () => [body]));
  const { failures } = await find(store, 'ID', windowAt, {
    until: Date.now() + 30,
    interval: 20,
    waiting() {},
  });
  expect(failures).toMatchObject([{ record: { message: 'Origin error body' }, additions: [] }]);
});
