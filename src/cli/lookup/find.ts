/** Finds everything that was logged about an ID that a person typed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { duration } from '../format.ts';
import { isFailureRecord, recordFact, type JsonObject, type LogLine } from './log-line.ts';
import { EXIT, LookupFailure, type LogLines, type LogStore, type TimeWindow } from './log-store.ts';
import type { Progress } from '../progress.ts';
import { appearsUntil, timeOf, whyMissing, wholeRetention, windowFor } from './time-window.ts';
import type { Candidate, Reading } from './typed-id.ts';

/** Everything that was logged about one failed request. */
export interface FoundFailure {
  readonly line: LogLine;
  readonly record: JsonObject;
  /** True if the ID is the `X-Request-Id` that the visitor sent, and not the ID of this request. */
  readonly isSentByVisitor: boolean;
  /** Records of the same request that add to it, such as the origin's error body. */
  readonly additions: readonly JsonObject[];
  /** All other log lines of the same invocation, oldest first. */
  readonly otherLines: readonly LogLine[];
}

/** The result for one ID. */
export interface Found {
  readonly id: string;
  /** An entry for each failed request, the newest first; after them, the requests whose visitors sent the ID. */
  readonly failures: readonly FoundFailure[];
  /** True if more failed requests have this ID. A client may send the same ID with all its requests. */
  readonly truncated: boolean;
}

// Any number of requests may have an ID that a client chose: show only the newest.
const MAX_SHOWN = 20;
// wrangler dev stores a line a moment after the request.
const LOCAL = { wait: 3000, interval: 200 };
const INTERVAL = 2000;

/**
 * Searches for one candidate after another until there is a record.
 * @param isLocal true if the store is that of wrangler dev
 * @throws LookupFailure if there is no record for any candidate, or if the store fails
 */
export async function find(
  { candidates, complaint }: Reading,
  store: LogStore,
  isLocal: boolean,
  progress: Progress,
): Promise<Found> {
  const reasons: string[] = [];
  for (const candidate of candidates) {
    const isLast = candidate.kind === 'made' || candidate === candidates.at(-1);
    const id = candidate.kind === 'ray' ? await idOfRay(store, candidate.id) : candidate.id;
    const found = id === undefined ? undefined : await findId(id, candidate, isLast);
    if (found !== undefined && found.failures.length > 0) return found;
    reasons.push(whyNot(candidate));
  }
  // If it is the ID of a page, do not explain why the other candidates were not found.
  const [first] = candidates;
  const told = first?.kind === 'made' ? reasons.slice(0, 1) : reasons;
  throw new LookupFailure(EXIT.notFound, [...told, complaint ?? []].flat().join('\n'));

  async function findId(id: string, { kind }: Candidate, isLast: boolean): Promise<Found> {
    let asked: Promise<LogLines> | undefined;
    const sent = (): Promise<LogLines> =>
      (asked ??= store.saying('client.request_id', id, wholeRetention(Date.now())));
    const own = await linesOf(id, kind === 'made' ? timeOf(id) : undefined, isLast, sent);
    return complete(store, id, own, await sent());
  }

  /** Searches around the time in the ID first, then everything that is kept. */
  async function linesOf(
    id: string,
    made: number | undefined,
    mayWait: boolean,
    sent: () => Promise<LogLines>,
  ): Promise<LogLines> {
    const asked = Date.now();
    if (isLocal) return waitFor(id, wholeRetention, mayWait ? asked + LOCAL.wait : 0, LOCAL.interval, sent);
    if (made !== undefined && windowFor(made, asked) !== undefined) {
      const windowAt = (now: number): TimeWindow => windowFor(made, now) ?? wholeRetention(now);
      const found = await waitFor(id, windowAt, appearsUntil(made, asked), INTERVAL, sent);
      if (found.lines.length > 0) return found;
    }
    return store.saying('request_id', id, wholeRetention(Date.now()));
  }

  /** Waits for the record of the failure. Does not wait if a visitor sent the ID: then there is a record already. */
  async function waitFor(
    id: string,
    windowAt: (now: number) => TimeWindow,
    until: number,
    interval: number,
    sent: () => Promise<LogLines>,
  ): Promise<LogLines> {
    try {
      for (;;) {
        const found = await store.saying('request_id', id, windowAt(Date.now()));
        const left = until - Date.now();
        // An addition may arrive before the record of the failure.
        if (left <= 0 || found.lines.some(isFailure) || (await sent()).lines.some(isFailure)) return found;
        if (!isLocal)
          progress.show(
            `Not in Workers Logs yet: it takes 11 to 45 s. Waiting up to ${duration(left)} more.`,
          );
        await sleep(Math.min(interval, left));
      }
    } finally {
      progress.clear();
    }
  }

  function whyNot({ kind, id }: Candidate): string {
    const where = isLocal ? `the logs of wrangler dev at ${store.name}` : 'Workers Logs';
    const what = `No record with the ${kind === 'ray' ? 'Ray ID' : 'ID'} ${id} in ${where}.`;
    if (isLocal || kind === 'ray') return what;
    const why = kind === 'made' ? whyMissing(timeOf(id), Date.now()) : 'The last 7 days were searched.';
    return `${what}\n${why}`;
  }
}

function isFailure({ record }: LogLine): boolean {
  return record !== undefined && isFailureRecord(record);
}

/** Adds the other log lines of their requests to the failures. */
async function complete(store: LogStore, id: string, own: LogLines, sent: LogLines): Promise<Found> {
  const failures = newestFirst(own.lines.filter(isFailure));
  const visitors = newestFirst(sent.lines.filter(isFailure));
  // An addition without its failure is still worth showing.
  const lines = [...(failures.length + visitors.length > 0 ? failures : newestFirst(own.lines)), ...visitors];
  const shown = lines.slice(0, MAX_SHOWN);
  const found = await Promise.all(
    shown.map(async (line): Promise<FoundFailure[]> => {
      const { record, invocation, time } = line;
      if (record === undefined) return [];
      const window = { from: time - RANGE, to: time + RANGE };
      const near = invocation === '' ? undefined : await store.ofInvocation(invocation, window);
      const known = own.lines.filter((other) => other.invocation === invocation);
      const all = new Map([...known, ...(near?.lines ?? [])].map((other) => [other.id, other]));
      const others = [...all.values()].filter(({ id: other }) => other !== line.id);
      const adds = (other: LogLine): boolean =>
        !isFailure(other) && other.record?.['request_id'] === record['request_id'];
      return [
        {
          line,
          record,
          isSentByVisitor: visitors.includes(line),
          additions: others.flatMap((other) => (other.record && adds(other) ? [other.record] : [])),
          otherLines: others.filter((other) => !adds(other)),
        },
      ];
    }),
  );
  return {
    id,
    failures: found.flat(),
    truncated: own.truncated || sent.truncated || lines.length > shown.length,
  };
}

// Cloudflare can be set to wait 6000 seconds for an origin, so all lines of an invocation are within two hours.
const RANGE = 7_200_000;

function newestFirst(lines: readonly LogLine[]): LogLine[] {
  return lines.toSorted((a, b) => b.time - a.time);
}

/** The request ID of the newest failure with this Ray ID, which is the visitor's or the origin's. */
async function idOfRay(store: LogStore, ray: string): Promise<string | undefined> {
  for (const path of ['cloudflare.ray_id', 'origin.ray_id'] as const) {
    const { lines } = await store.saying(path, ray, wholeRetention(Date.now()));
    const [newest] = newestFirst(lines);
    if (newest?.record) return recordFact(newest.record, 'request_id');
  }
  return undefined;
}
