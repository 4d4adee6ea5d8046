/** Finds everything that was logged about an ID that a person typed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { duration, isoTime } from '../format.ts';
import type { Progress } from '../progress.ts';
import { isFailure, recordFact, type LogLine } from './log-line.ts';
import { EXIT, LookupFailure, where, type LogStore } from './log-store.ts';
import { appearsUntil, LONGEST, RETENTION, timeOf, whyMissing, windowFor } from './time-window.ts';
import type { Candidate } from './typed-id.ts';
import { verdictOn } from './verdict.ts';

/** Everything that is known of one failed request. */
export type Finding = Awaited<ReturnType<typeof findingOf>>;

// Any number of requests may have an ID that a client chose: show only the newest.
const MAX_SHOWN = 20;
const INTERVAL = 2000;
// wrangler dev stores a line a moment after the request.
const LOCAL = { wait: 3000, interval: 200 };

/**
 * Searches for one candidate after another until there is a record. The result has the form of `--json`, where keys
 * are only ever added: `failures` has an entry for each failed request, the newest first, then the requests that came
 * with the ID. `truncated` is true if there are more: a client may send the same ID with all its requests.
 * @throws LookupFailure if there is no record for any candidate, or if the store fails
 */
export async function find(candidates: readonly Candidate[], store: LogStore, progress: Progress) {
  for (const { kind, id } of candidates) {
    const own = kind === 'ray' ? await idOfRay(store, id) : id;
    const made = kind === 'made' ? timeOf(id) : undefined;
    const found = own === undefined ? undefined : await findId(store, own, made, progress);
    if (found !== undefined && found.failures.length > 0) return found;
  }
  // If it is the ID of a page, do not explain why the other candidates were not found.
  const told = candidates[0]?.kind === 'made' ? candidates.slice(0, 1) : candidates;
  throw new LookupFailure(EXIT.notFound, told.map((candidate) => whyNot(candidate, store)).join('\n'));
}

/**
 * Searches around the time in the ID first, then everything that is kept.
 * @param made when the ID was made, in milliseconds since 1970. Undefined if it does not hold its time
 */
async function findId(store: LogStore, id: string, made: number | undefined, progress: Progress) {
  const { isLocal } = store;
  const start = Date.now();
  const around = () => (made === undefined || isLocal ? undefined : windowFor(made, Date.now()));
  const until = isLocal ? start + LOCAL.wait : around() ? appearsUntil(made ?? 0, start) : 0;
  let own = await linesSaying(store, 'request_id', id, around());
  const sent = (await linesSaying(store, 'client.request_id', id)).filter(isFailure);
  // An addition may arrive before the record. If the ID came with a request, there is a record already.
  while (Date.now() < until && !own.some(isFailure) && sent.length === 0) {
    const left = duration(until - Date.now());
    if (!isLocal) progress.show(`Not in Workers Logs yet: it takes 11 to 45 s. Waiting up to ${left} more.`);
    await sleep(isLocal ? LOCAL.interval : INTERVAL);
    own = await linesSaying(store, 'request_id', id, around());
  }
  progress.clear();
  if (own.length === 0 && around()) own = await linesSaying(store, 'request_id', id);
  const failures = own.filter(isFailure);
  // An addition without its failure is still worth showing.
  const lines = [...(failures.length + sent.length > 0 ? failures : own), ...sent];
  const shown = lines.slice(0, MAX_SHOWN);
  return {
    request_id: id,
    store: store.name,
    truncated: lines.length > shown.length,
    failures: await Promise.all(shown.map((line) => findingOf(store, line, own, sent.includes(line)))),
  };
}

/** The lines whose record has this value at this path, the newest first. By default in everything that is kept. */
async function linesSaying(
  store: LogStore,
  path: string,
  value: string,
  window = { from: store.isLocal ? 0 : Date.now() - RETENTION, to: Date.now() },
): Promise<LogLine[]> {
  const lines = await store.lines([where(path, 'eq', value)], window);
  const saying = lines.filter(({ record }) => recordFact(record, path) === value);
  return saying.toSorted((a, b) => b.time - a.time);
}

/**
 * Adds the other log lines of its request to a failure.
 * @param known lines with its ID. Not all stores say to which request a line belongs
 * @param isSent true if the ID is the `X-Request-Id` that came with the request, and not the ID of this request
 */
async function findingOf(store: LogStore, failure: LogLine, known: readonly LogLine[], isSent: boolean) {
  const { record = {}, invocation } = failure;
  const window = { from: failure.time - LONGEST, to: failure.time + LONGEST };
  const same = [where('$metadata.requestId', 'eq', invocation)];
  const lines = invocation === '' ? [] : await store.lines(same, window);
  const all = [...lines.toReversed(), ...known.filter((line) => line.invocation === invocation)];
  const others = [...new Map(all.map((line) => [line.id, line])).values()]
    .filter(({ id }) => id !== failure.id)
    .toSorted((a, b) => a.time - b.time);
  const adds = (line: LogLine): boolean =>
    !isFailure(line) && line.record?.['request_id'] === record['request_id'];
  const additions = others.filter(adds).flatMap((line) => (line.record ? [line.record] : []));
  return {
    ...verdictOn(record, additions, store.isLocal),
    sent_by_visitor: isSent || undefined,
    time: isoTime(failure.time),
    service: failure.service,
    record,
    additions,
    other_lines: others
      .filter((line) => !adds(line))
      .map(({ time, level, service, text }) => ({ time: isoTime(time), level, service, text })),
  };
}

function whyNot({ kind, id }: Candidate, { isLocal, name }: LogStore): string {
  const store = isLocal ? `the logs of wrangler dev at ${name}` : 'Workers Logs';
  const what = `No record with the ${kind === 'ray' ? 'Ray ID' : 'ID'} ${id} in ${store}.`;
  if (isLocal || kind === 'ray') return what;
  return `${what}\n${kind === 'made' ? whyMissing(timeOf(id), Date.now()) : 'The last 7 days were searched.'}`;
}

/** The request ID of the newest failure with this Ray ID, which is the visitor's or the origin's. */
async function idOfRay(store: LogStore, ray: string): Promise<string | undefined> {
  for (const path of ['cloudflare.ray_id', 'origin.ray_id']) {
    const [newest] = await linesSaying(store, path, ray);
    if (newest !== undefined) return recordFact(newest.record, 'request_id');
  }
  return undefined;
}
