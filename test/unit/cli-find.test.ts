import { expect, test } from 'vitest';
import { find } from '../../src/cli/lookup/find.ts';
import type { LogLine } from '../../src/cli/lookup/log-line.ts';
import type { LogStore, TimeWindow } from '../../src/cli/lookup/log-store.ts';
import type { Candidate } from '../../src/cli/lookup/typed-id.ts';
import { Progress } from '../../src/cli/progress.ts';
import { screenOn } from '../../src/cli/terminal.ts';
import { newRequestId } from '../../src/request-id.ts';

const DAY = 86_400_000;
const FAILURE = { error: { type: '503' } };

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

/** A store that answers the n-th query for an ID with the n-th list of records, and later ones with nothing. */
function storeOf(...answers: readonly (readonly LogLine[])[]) {
  const windows: TimeWindow[] = [];
  const store: LogStore = {
    name: 'test',
    isLocal: false,
    async lines([filter], window) {
      const { key, value } = filter ?? {};
      const own = key === 'request_id' ? answers[windows.push(window) - 1] : undefined;
      const ofInvocation = key === '$metadata.requestId' ? answers.flat() : [];
      return own ?? ofInvocation.filter(({ invocation }) => invocation === value);
    },
    tally: async () => [],
    timeline: async () => [],
  };
  return { windows, store };
}

/** Looks for an ID in a store of Workers Logs. By default it is one for which the command does not wait. */
function look(store: LogStore, candidate: Candidate = { kind: 'chosen', id: 'ID' }) {
  const progress = new Progress(screenOn({ write() {} }, {}));
  return find([candidate], store, progress);
}

test('an ID of a page is sought where its time says, then in all that is kept, before it is called missing', async () => {
  const { store, windows } = storeOf();
  const made: Candidate = { kind: 'made', id: newRequestId().replace(/^.{8}/, hoursAgo(30)) };
  await expect(look(store, made)).rejects.toThrow(/No record with the ID [^]* 30 hours ago/);
  expect(windows.map(({ from, to }) => Math.round((to - from) / DAY))).toEqual([0, 7]);
});

test('what is found where its time says is not sought elsewhere', async () => {
  const made: Candidate = { kind: 'made', id: newRequestId().replace(/^.{8}/, hoursAgo(30)) };
  const { store, windows } = storeOf([line('1', { ...FAILURE, request_id: made.id })]);
  await look(store, made);
  expect(windows).toHaveLength(1);
});

test('an addition goes with the failure of its own invocation', async () => {
  const { store } = storeOf([
    line('1', FAILURE, 'one'),
    line('2', FAILURE, 'two'),
    line('3', { origin: { body: 'of two' } }, 'two'),
  ]);
  const { failures } = await look(store);
  expect(failures.map(({ time, additions }) => [Date.parse(time), additions.length])).toEqual([
    [2, 1],
    [1, 0],
  ]);
});

test('an addition whose failure never comes is shown alone', async () => {
  const { store } = storeOf([line('1', { message: 'Origin error body' })]);
  const { failures } = await look(store);
  expect(failures).toMatchObject([{ record: { message: 'Origin error body' }, additions: [] }]);
});

/** The first eight digits of an ID made at this time. */
function hoursAgo(hours: number): string {
  return (Date.now() - hours * 3_600_000).toString(16).padStart(12, '0').slice(0, 8);
}
