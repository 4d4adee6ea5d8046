/** What goes on around one failure: whether it is alone, since when, and in which versions. */
import { recordFact, type JsonObject } from './log-line.ts';
import type { FailureFilter, LogStore, TallyOf, TimeWindow } from './log-store.ts';
import { OLD_NAMES } from './facts.ts';

const MINUTE = 60_000;
const NEAR = 5 * MINUTE;
const DAY = 24 * 60 * MINUTE;

/** A run of failures without a pause of five to ten minutes. Times in milliseconds since 1970. */
export interface Run {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** Whether it began before the log was searched, a day before the failure. */
  readonly beganBefore: boolean;
  /** Whether the last was within five minutes before now. */
  readonly goesOn: boolean;
}

/** What is around a failure. */
export interface Circumstances {
  /** How many of the same type and host there are within five minutes before and after, this one included. */
  readonly near: number;
  /** The run that it belongs to; absent where it is alone. */
  readonly run?: Run;
  /** How many there were in each version of the Worker, from a day before it to a day after. */
  readonly versions: readonly TallyOf[];
  /** How many each stored record stands for: 1 where nothing was sampled. */
  readonly sampleInterval: number;
}

/**
 * Looks around a failure.
 * @param time when it was logged, and now, in milliseconds since 1970
 * @throws LookupFailure of the store
 */
export async function circumstancesOf(
  store: LogStore,
  record: JsonObject,
  time: number,
  now: number,
): Promise<Circumstances> {
  const filter = sameKind(record);
  const around: TimeWindow = { from: time - DAY, to: Math.max(Math.min(time + DAY, now), time + 1) };
  const buckets = Math.ceil((around.to - around.from) / NEAR);
  const [near, day, versions] = await Promise.all([
    store.tally(filter, { from: time - NEAR, to: time + NEAR }, 1),
    store.tally(filter, around, buckets),
    versionsOf(store, record, filter, around),
  ]);
  const { count, sampleInterval } = near;
  if (count <= 1) return { near: count, versions, sampleInterval };
  const run = await runOf(store, filter, around, day.timeline, time, now);
  return { near: count, run, versions, sampleInterval };
}

/** The failures of the same type and host. */
function sameKind(record: JsonObject): FailureFilter {
  const paths = ['error.type', 'error.source', 'server.address'] as const;
  const onPurpose = recordFact(record, 'message')?.endsWith(' on purpose') ?? false;
  return {
    facts: Object.fromEntries(paths.map((path) => [path, recordFact(record, path) ?? ''])),
    onPurpose,
  };
}

async function versionsOf(store: LogStore, record: JsonObject, filter: FailureFilter, window: TimeWindow) {
  const path = 'cloudflare.script_version.id';
  const oldName = OLD_NAMES[path];
  if (recordFact(record, path) === undefined || oldName === undefined) return [];
  const [tallies, older] = await Promise.all([
    store.tallyBy(path, filter, window),
    store.tallyBy(oldName, filter, window),
  ]);
  return [...tallies, ...older];
}

/** The run of parts of the day with failures in them that holds this time, then its exact start and end. */
async function runOf(
  store: LogStore,
  filter: FailureFilter,
  { from, to }: TimeWindow,
  timeline: readonly number[],
  time: number,
  now: number,
): Promise<Run> {
  const part = (to - from) / timeline.length;
  const here = Math.min(Math.floor((time - from) / part), timeline.length - 1);
  let [start, end] = [here, here];
  while ((timeline[start - 1] ?? 0) > 0) start--;
  while ((timeline[end + 1] ?? 0) > 0) end++;
  // A part more on each side, which is empty, for an API that begins its parts elsewhere.
  const window = {
    from: Math.floor(from + Math.max(0, start - 1) * part),
    to: Math.min(Math.ceil(from + (end + 2) * part), to),
  };
  const { count, first = window.from, last = window.to } = await store.tally(filter, window, 1);
  return { count, first, last, beganBefore: start === 0, goesOn: now - last < NEAR };
}
