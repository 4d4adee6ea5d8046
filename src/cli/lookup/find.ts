/** Finds all that was logged about one request ID. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isFailureRecord, type JsonObject, type LogLine } from './log-line.ts';
import type { LogStore, TimeWindow } from './log-store.ts';

/** All that was logged about one failed request. */
export interface FoundFailure {
  readonly line: LogLine;
  readonly record: JsonObject;
  /** Records with the same ID that add to it, such as the origin's error body. */
  readonly additions: readonly JsonObject[];
  /** All other log lines of the same invocation, oldest first. */
  readonly otherLines: readonly LogLine[];
}

/** How long to look, in milliseconds since 1970 and in milliseconds. */
export interface Patience {
  readonly until: number;
  readonly interval: number;
  /** Is told before each wait how many milliseconds are left. */
  readonly waiting: (left: number) => void;
}

// An ID that the client chose may be on any number of requests; the newest are shown.
const MAX_INVOCATIONS = 20;

/**
 * Looks for an ID until it is there or the patience is at its end.
 * @param windowAt the window to search, at a time in milliseconds since 1970
 * @returns one entry a failed request, the newest first; none if there is no such ID
 * @throws LookupFailure of the store
 */
export async function find(
  store: LogStore,
  id: string,
  windowAt: (now: number) => TimeWindow,
  { until, interval, waiting }: Patience,
): Promise<FoundFailure[]> {
  for (;;) {
    const window = windowAt(Date.now());
    const { lines } = await store.withRequestId(id, window);
    const left = until - Date.now();
    // An addition may arrive before the record of the failure.
    if (left <= 0 || lines.some(({ record }) => record && isFailureRecord(record))) {
      return complete(store, lines, window);
    }
    waiting(left);
    await sleep(Math.min(interval, left));
  }
}

async function complete(
  store: LogStore,
  matches: readonly LogLine[],
  window: TimeWindow,
): Promise<FoundFailure[]> {
  const failures = matches.filter(({ record }) => record && isFailureRecord(record));
  // The addition alone is still worth showing.
  const shown = (failures.length > 0 ? failures : matches)
    .toSorted((a, b) => b.time - a.time)
    .slice(0, MAX_INVOCATIONS);
  const additions = matches.filter((line) => !shown.includes(line) && !failures.includes(line));
  const found: FoundFailure[] = [];
  for (const line of shown) {
    if (!line.record) continue;
    const own = additions.filter(({ invocation }) => invocation === line.invocation);
    const printed = new Set([line, ...own].map(({ id }) => id));
    const all = line.invocation === '' ? [] : (await store.ofInvocation(line.invocation, window)).lines;
    found.push({
      line,
      record: line.record,
      additions: own.flatMap(({ record }) => (record ? [record] : [])),
      otherLines: all.filter(({ id }) => !printed.has(id)),
    });
  }
  return found;
}
