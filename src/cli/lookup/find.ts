/** Finds everything that was logged about an ID that a person typed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { duration, isoTime } from '../format.ts';
import type { Progress } from '../progress.ts';
import type { Circumstances } from './circumstances.ts';
import { isFailureRecord, recordFact, type JsonObject, type LogLine } from './log-line.ts';
import { EXIT, LookupFailure, where, type LogLines, type LogStore, type TimeWindow } from './log-store.ts';
import { appearsUntil, RETENTION, timeOf, whyMissing, windowFor } from './time-window.ts';
import type { Candidate, Reading } from './typed-id.ts';
import { verdictOn, type Verdict } from './verdict.ts';

/** Everything that is known of one failed request. */
export interface Finding extends Verdict {
  /** True if the ID is the `X-Request-Id` that came with the request, and not the ID of this request. */
  readonly sent_by_visitor?: true | undefined;
  readonly circumstances?: Circumstances | undefined;
  readonly time: string;
  /** The Worker that logged it. */
  readonly service?: string | undefined;
  readonly record: JsonObject;
  /** Records of the same request that add to it, such as the origin's error body. */
  readonly additions: readonly JsonObject[];
  /** All other log lines of the same invocation, oldest first. */
  readonly other_lines: readonly {
    readonly time: string;
    readonly level: string;
    readonly service?: string | undefined;
    readonly text: string;
  }[];
}

/** The result for one ID, in the form of `--json`. Times are in ISO 8601. Keys are only ever added. */
export interface Found {
  readonly request_id: string;
  readonly store: string;
  /** True if more failed requests have this ID. A client may send the same ID with all its requests. */
  readonly truncated: boolean;
  /** An entry for each failed request, the newest first; after them, the requests that came with the ID. */
  readonly failures: readonly Finding[];
}

// Any number of requests may have an ID that a client chose: show only the newest.
const MAX_SHOWN = 20;
// Workers Logs has a record after a minute, and wrangler dev stores a line a moment after the request.
const INTERVAL = 2000;
const LOCAL = { wait: 3000, interval: 200 };
// Cloudflare can be set to wait 6000 seconds for an origin, so all lines of an invocation are within two hours.
const RANGE = 7_200_000;

/**
 * Searches for one candidate after another until there is a record.
 * @throws LookupFailure if there is no record for any candidate, or if the store fails
 */
export async function find(
  { candidates, complaint }: Reading,
  store: LogStore,
  progress: Progress,
): Promise<Found> {
  const missing: Candidate[] = [];
  for (const candidate of candidates) {
    const mayWait = candidate.kind === 'made' || candidate === candidates.at(-1);
    const id = candidate.kind === 'ray' ? await idOfRay(store, candidate.id) : candidate.id;
    const made = candidate.kind === 'made' ? timeOf(candidate.id) : undefined;
    const found = id === undefined ? undefined : await findId(store, id, made, mayWait, progress);
    if (found !== undefined && found.failures.length > 0) return found;
    missing.push(candidate);
  }
  // If it is the ID of a page, do not explain why the other candidates were not found.
  const told = missing[0]?.kind === 'made' ? missing.slice(0, 1) : missing;
  const reasons = told.map((candidate) => whyNot(candidate, store));
  throw new LookupFailure(EXIT.notFound, [...reasons, complaint ?? []].flat().join('\n'));
}

/**
 * Searches around the time in the ID first, then everything that is kept.
 * @param made when the ID was made, in milliseconds since 1970. Undefined if it does not hold its time
 */
async function findId(
  store: LogStore,
  id: string,
  made: number | undefined,
  mayWait: boolean,
  progress: Progress,
): Promise<Found> {
  const start = Date.now();
  const narrow = (): TimeWindow | undefined =>
    made === undefined || store.isLocal ? undefined : windowFor(made, Date.now());
  const wait = store.isLocal
    ? mayWait
      ? LOCAL.wait
      : 0
    : narrow()
      ? appearsUntil(made ?? 0, start) - start
      : 0;
  let asked: Promise<LogLines> | undefined;
  const sent = (): Promise<LogLines> => (asked ??= linesSaying(store, 'client.request_id', id));
  let own = await linesSaying(store, 'request_id', id, narrow());
  // An addition may arrive before the record of the failure. If the ID came with a request, there is a record already.
  for (let left = wait; left > 0; left = start + wait - Date.now()) {
    if (own.lines.some(isFailure) || (await sent()).lines.some(isFailure)) break;
    if (!store.isLocal)
      progress.show(`Not in Workers Logs yet: it takes 11 to 45 s. Waiting up to ${duration(left)} more.`);
    await sleep(Math.min(store.isLocal ? LOCAL.interval : INTERVAL, left));
    own = await linesSaying(store, 'request_id', id, narrow());
  }
  progress.clear();
  if (own.lines.length === 0 && narrow()) own = await linesSaying(store, 'request_id', id);
  return complete(store, id, own, await sent());
}

/** The lines whose record has this value at this path. By default in everything that is kept. */
async function linesSaying(
  store: LogStore,
  path: string,
  value: string,
  window: TimeWindow | undefined = { from: store.isLocal ? 0 : Date.now() - RETENTION, to: Date.now() },
): Promise<LogLines> {
  const { lines, truncated } = await store.lines([where(path, 'eq', value)], window);
  return { lines: lines.filter(({ record }) => recordFact(record, path) === value), truncated };
}

function whyNot({ kind, id }: Candidate, { isLocal, name }: LogStore): string {
  const store = isLocal ? `the logs of wrangler dev at ${name}` : 'Workers Logs';
  const what = `No record with the ${kind === 'ray' ? 'Ray ID' : 'ID'} ${id} in ${store}.`;
  if (isLocal || kind === 'ray') return what;
  return `${what}\n${kind === 'made' ? whyMissing(timeOf(id), Date.now()) : 'The last 7 days were searched.'}`;
}

function isFailure({ record }: LogLine): boolean {
  return isFailureRecord(record);
}

/** Makes the result of the lines that have the ID, and of those whose request came with it. */
async function complete(store: LogStore, request_id: string, own: LogLines, sent: LogLines): Promise<Found> {
  const failures = newestFirst(own.lines.filter(isFailure));
  const visitors = newestFirst(sent.lines.filter(isFailure));
  // An addition without its failure is still worth showing.
  const lines = [...(failures.length + visitors.length > 0 ? failures : newestFirst(own.lines)), ...visitors];
  const findings = lines.slice(0, MAX_SHOWN).map(async (line) => {
    const known = own.lines.filter(({ invocation }) => invocation === line.invocation);
    return findingOf(store, line, known, visitors.includes(line));
  });
  return {
    request_id,
    store: store.name,
    truncated: own.truncated || sent.truncated || lines.length > MAX_SHOWN,
    failures: await Promise.all(findings),
  };
}

/** Adds the other log lines of its request to a failure. Some of them are known. */
async function findingOf(
  store: LogStore,
  { id, record = {}, invocation, time, service }: LogLine,
  known: readonly LogLine[],
  isSent: boolean,
): Promise<Finding> {
  const window = { from: time - RANGE, to: time + RANGE };
  const same = [where('$metadata.requestId', 'eq', invocation)];
  const { lines } = invocation === '' ? { lines: [] } : await store.lines(same, window);
  const others = [...new Map([...lines.toReversed(), ...known].map((line) => [line.id, line])).values()];
  const adds = (line: LogLine): boolean =>
    !isFailure(line) && line.record?.['request_id'] === record['request_id'];
  const additions = others
    .filter((line) => line.id !== id && adds(line))
    .flatMap((line) => (line.record ? [line.record] : []));
  return {
    ...verdictOn(record, additions, store.isLocal),
    sent_by_visitor: isSent || undefined,
    time: isoTime(time),
    service,
    record,
    additions,
    other_lines: others
      .filter((line) => line.id !== id && !adds(line))
      .toSorted((a, b) => a.time - b.time)
      .map((line) => ({
        time: isoTime(line.time),
        level: line.level,
        service: line.service,
        text: line.text,
      })),
  };
}

function newestFirst(lines: readonly LogLine[]): LogLine[] {
  return lines.toSorted((a, b) => b.time - a.time);
}

/** The request ID of the newest failure with this Ray ID, which is the visitor's or the origin's. */
async function idOfRay(store: LogStore, ray: string): Promise<string | undefined> {
  for (const path of ['cloudflare.ray_id', 'origin.ray_id']) {
    const { lines } = await linesSaying(store, path, ray);
    const [newest] = newestFirst(lines);
    if (newest !== undefined) return recordFact(newest.record, 'request_id');
  }
  return undefined;
}
