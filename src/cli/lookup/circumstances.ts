/** The circumstances of one failure: is it alone, when did it begin, which versions have it. */
import { duration, isoTime, plural } from '../format.ts';
import { ROLLBACK } from './failure-table.ts';
import type { Finding } from './find.ts';
import { recordFact, type JsonObject } from './log-line.ts';
import { COUNTED, lookupLine, where, type Filters, type LogStore, type TimeWindow } from './log-store.ts';
import { describeKinds, kindsOf, sampled } from './summary.ts';
import { DAY, MINUTE, secondOf } from './time-window.ts';

const NEAR = 5 * MINUTE;
// Fewer failures within ten minutes are not called an outage.
const OUTAGE = 10;
const VERSION = 'cloudflare.script_version.id';

/** The failures around one failure. */
export type Circumstances = Awaited<ReturnType<typeof circumstancesOf>>;

/**
 * Counts the failures around a failure, in the form of `--json`, where keys are only ever added. `kinds` are all
 * failures of its host from five minutes before to five minutes after it, with it. `versions` has the failures of its
 * kind in each version of the Worker, from a day before it to a day after. There is no `run` if it is alone.
 * @param time when it was logged, and now, in milliseconds since 1970
 */
export async function circumstancesOf(store: LogStore, record: JsonObject, time: number, now: number) {
  const same = (path: string) => where(path, 'eq', recordFact(record, path) ?? '');
  const onHost = [...COUNTED.failures, same('server.address')];
  const sameKind = [...onHost, same('error.type'), same('error.source')];
  const near = { from: time - NEAR, to: time + NEAR };
  const day = { from: time - DAY, to: Math.max(Math.min(time + DAY, now), time + 1) };
  // Each start of wrangler dev is a version of its own.
  const hasVersion = !store.isLocal && recordFact(record, VERSION) !== undefined;
  const [[all], kinds, versions] = await Promise.all([
    store.tally(onHost, near),
    kindsOf(store, onHost, near),
    hasVersion ? store.tally(sameKind, day, [VERSION]) : [],
  ]);
  const { count: within = 0, sampleInterval = 1 } = all ?? {};
  return {
    within_five_minutes: within,
    kinds,
    run: within <= 1 ? undefined : await runOf(store, onHost, day, time, now),
    versions: versions.map(({ values: [id = ''], count, first, last }) => ({ id, count, first, last })),
    sample_interval: sampleInterval,
  };
}

/**
 * The failures without a pause of five to ten minutes. Finds the parts of the day around this time that have failures,
 * then asks for the exact start and end. The search goes back one day: `began_before` is true if it began earlier.
 */
async function runOf(store: LogStore, filters: Filters, { from, to }: TimeWindow, time: number, now: number) {
  const timeline = await store.timeline(filters, { from, to }, Math.ceil((to - from) / NEAR));
  const part = (to - from) / timeline.length;
  const here = Math.min(Math.floor((time - from) / part), timeline.length - 1);
  let [start, end] = [here, here];
  while ((timeline[start - 1] ?? 0) > 0) start--;
  while ((timeline[end + 1] ?? 0) > 0) end++;
  // The parts of the API may begin slightly earlier or later: add the empty part on each side.
  const window = {
    from: Math.floor(from + Math.max(0, start - 1) * part),
    to: Math.min(Math.ceil(from + (end + 2) * part), to),
  };
  const [tally] = await store.tally(filters, window);
  const { count = 0, first = isoTime(window.from), last = isoTime(window.to) } = tally ?? {};
  return { count, first, last, began_before: start === 0, goes_on: now - Date.parse(last) < NEAR };
}

/** The circumstances of a failure in this store in full sentences, one to a line. */
export function describeCircumstances(around: Circumstances, finding: Finding, store: LogStore): string[] {
  const { within_five_minutes: near, kinds, run, sample_interval } = around;
  const host = recordFact(finding.record, 'server.address') ?? '';
  const since = sinceOption(Date.now() - Date.parse(run?.first ?? finding.time));
  // A logged value goes into a command line only if it is a host.
  const only = run && /^[\w.:[\]-]+$/.test(host) ? ['--host', host] : [];
  const found = `${plural(near, 'failure')} on ${host} within five minutes of it`;
  const many = near < OUTAGE ? 'Not alone' : 'An outage';
  return [
    ...(run
      ? [`${many}: ${found}: ${describeKinds(kinds)}.`, describeRun(run)]
      : [`Alone: no other failure on ${host} within five minutes of it.`]),
    ...describeVersions(around, finding),
    ...sampled(sample_interval),
    run ? 'All failures since then, counted and grouped:' : 'What failed on every host since then:',
    `  ${lookupLine(store, ['--since', since, ...only])}`,
  ];
}

function describeRun(run: NonNullable<Circumstances['run']>): string {
  const { count, first, last, began_before, goes_on } = run;
  const lasted = Date.parse(last) - Date.parse(first);
  const failures = plural(count, 'failure');
  if (lasted < 1000 && !goes_on) return `All at ${secondOf(first)} UTC: ${failures}.`;
  const began = began_before
    ? `It has gone on for more than ${duration(lasted)}`
    : `It began at ${secondOf(first)} UTC`;
  return goes_on
    ? `${began} and goes on: ${failures} so far.`
    : `${began} and ended at ${secondOf(last)} UTC, after ${duration(lasted)}: ${failures} in all.`;
}

/** Says if the failures began with the version that ran. The log does not know versions that never failed. */
function describeVersions({ versions, run }: Circumstances, { record, next }: Finding): string[] {
  const id = recordFact(record, VERSION);
  if (id === undefined) return [];
  const tag = recordFact(record, 'service.version');
  const name = tag === undefined ? id : `${tag} (${id})`;
  const began = versions.find((version) => version.id === id)?.first ?? '';
  const earlier = versions.find(({ first = began }) => first < began);
  if (earlier) {
    const proof = `version ${earlier.id} failed so at ${secondOf(earlier.first ?? '')} UTC`;
    return [`It ran in version ${name}, but did not begin with it: ${proof}.`];
  }
  if (!run || began === '') return [`It ran in version ${name}.`];
  const later = versions.length > 1 ? ' or later' : '';
  const deployed = [
    `Was that deployed shortly before ${secondOf(began)} UTC?`,
    '  npx wrangler deployments list',
  ];
  return [
    `All of its kind ran in version ${name}${later}, none in an earlier one.`,
    ...(next.includes(ROLLBACK) ? deployed : []),
  ];
}

/** A duration for `--since`, rounded up: `20m`, `3h`, `2d`. */
function sinceOption(ms: number): string {
  const minutes = Math.ceil(ms / MINUTE) + 5;
  if (minutes < 120) return `${minutes}m`;
  return minutes < 2880 ? `${Math.ceil(minutes / 60)}h` : `${Math.ceil(minutes / 1440)}d`;
}
