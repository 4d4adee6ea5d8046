/** Finds all that was logged about one request ID. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isFailureRecord, recordFact, type JsonObject, type LogLine } from './log-line.ts';
import type { LogLines, LogStore, TimeWindow } from './log-store.ts';

/** All that was logged about one failed request. */
export interface FoundFailure {
  readonly line: LogLine;
  readonly record: JsonObject;
  /** Records with the same ID that add to it, such as the origin's error body. */
  readonly additions: readonly JsonObject[];
  /** All other log lines of the same invocation, oldest first. */
  readonly otherLines: readonly LogLine[];
}

/** What was found for one ID. */
export interface Found {
  /** One entry a failed request, the newest first; none if there is no such ID. */
  readonly failures: readonly FoundFailure[];
  /** Whether there were more failed requests with this ID: a client may choose the same for all of its requests. */
  readonly truncated: boolean;
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
 * @throws LookupFailure of the store
 */
export async function find(
  store: LogStore,
  id: string,
  windowAt: (now: number) => TimeWindow,
  { until, interval, waiting }: Patience,
): Promise<Found> {
  for (;;) {
    const window = windowAt(Date.now());
    const matches = await store.saying('request_id', id, window);
    const left = until - Date.now();
    // An addition may arrive before the record of the failure.
    if (left <= 0 || matches.lines.some(({ record }) => record && isFailureRecord(record))) {
      return complete(store, matches, window);
    }
    waiting(left);
    await sleep(Math.min(interval, left));
  }
}

async function complete(store: LogStore, { lines, truncated }: LogLines, window: TimeWindow): Promise<Found> {
  const failures = lines.filter(({ record }) => record && isFailureRecord(record));
  // The addition alone is still worth showing.
  const candidates = failures.length > 0 ? failures : lines;
  const shown = candidates.toSorted((a, b) => b.time - a.time).slice(0, MAX_INVOCATIONS);
  const additions = lines.filter((line) => !shown.includes(line) && !failures.includes(line));
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
  return { failures: found, truncated: truncated || shown.length < candidates.length };
}

/**
 * The request ID of the newest failure with a Ray ID: the visitor's, or that of the exchange with the origin.
 * @throws LookupFailure of the store
 */
export async function idOfRay(store: LogStore, ray: string, window: TimeWindow): Promise<string | undefined> {
  for (const path of ['cloudflare.ray_id', 'origin.ray_id'] as const) {
    const { lines } = await store.saying(path, ray, window);
    const newest = lines.toSorted((a, b) => b.time - a.time)[0];
    if (newest?.record) return recordFact(newest.record, 'request_id');
  }
  return undefined;
}
