/** The circumstances of one failure: is it alone, when did it begin, which versions have it. */
import { duration, isoTime, plural } from '../format.ts';
import { printable } from '../printable.ts';
import { commandLine } from '../terminal.ts';
import { recordFact, type JsonObject } from './log-line.ts';
import { sum, type FailureFilter, type LogStore, type TallyOf, type TimeWindow } from './log-store.ts';
import { sampled, timesToJson } from './summary.ts';
import { labelOf, type Verdict } from './verdict.ts';

const MINUTE = 60_000;
const NEAR = 5 * MINUTE;
const DAY = 24 * 60 * MINUTE;
// Fewer failures within ten minutes are not called an outage.
const OUTAGE = 10;

/** A run of failures without a pause of five to ten minutes. Times are in milliseconds since 1970. */
export interface Run {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** True if it began more than a day before the failure: the search goes back one day. */
  readonly beganBefore: boolean;
  /** True if the last failure is less than five minutes old. */
  readonly goesOn: boolean;
}

/** The failures around one failure. */
export interface Circumstances {
  /** All failures of its host from five minutes before to five minutes after it, with it, by error type and source. */
  readonly near: readonly TallyOf[];
  /** The run of failures on its host that it belongs to. Absent if it is alone. */
  readonly run?: Run;
  /** The failures of its kind in each version of the Worker, from a day before it to a day after. */
  readonly versions: readonly TallyOf[];
  /** The number of failures that each stored record stands for: 1 without sampling. */
  readonly sampleInterval: number;
}

/**
 * Counts the failures around a failure.
 * @param time when it was logged, and now, in milliseconds since 1970
 * @throws LookupFailure if the store fails
 */
export async function circumstancesOf(
  store: LogStore,
  record: JsonObject,
  time: number,
  now: number,
): Promise<Circumstances> {
  const onHost = factsOf(record, ['server.address']);
  const sameKind = factsOf(record, ['error.type', 'error.source', 'server.address']);
  const around: TimeWindow = { from: time - DAY, to: Math.max(Math.min(time + DAY, now), time + 1) };
  const buckets = Math.ceil((around.to - around.from) / NEAR);
  const [near, day, versions] = await Promise.all([
    store.tallyBy(['error.type', 'error.source'], onHost, { from: time - NEAR, to: time + NEAR }),
    store.tally(onHost, around, buckets),
    recordFact(record, VERSION) === undefined ? [] : store.tallyBy([VERSION], sameKind, around),
  ]);
  const sampleInterval = Math.max(1, ...near.map((tally) => tally.sampleInterval));
  if (sum(near) <= 1) return { near, versions, sampleInterval };
  return { near, run: await runOf(store, onHost, around, day.timeline, time, now), versions, sampleInterval };
}

const VERSION = 'cloudflare.script_version.id';

function factsOf(record: JsonObject, paths: readonly string[]): FailureFilter {
  return { facts: Object.fromEntries(paths.map((path) => [path, recordFact(record, path) ?? ''])) };
}

/** Finds the parts of the day with failures, without a gap around this time; then asks for the exact start and end. */
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
  // The parts of the API may begin slightly earlier or later: add the empty part on each side.
  const window = {
    from: Math.floor(from + Math.max(0, start - 1) * part),
    to: Math.min(Math.ceil(from + (end + 2) * part), to),
  };
  const { count, first = window.from, last = window.to } = await store.tally(filter, window, 1);
  return { count, first, last, beganBefore: start === 0, goesOn: now - last < NEAR };
}

/** The circumstances in full sentences, one to a line. */
export function describeCircumstances(
  circumstances: Circumstances,
  record: JsonObject,
  time: number,
  { mayRollBack }: Verdict,
  local: URL | undefined,
): string {
  const { near, run, sampleInterval } = circumstances;
  const host = recordFact(record, 'server.address') ?? '';
  const since = ['--since', sinceOption(Date.now() - (run?.first ?? time))];
  // A logged value goes into a command line only if it is a host.
  const only = run && /^[\w.:[\]-]+$/.test(host) ? ['--host', host] : [];
  return [
    ...(run
      ? [nearLine(near, host), outageLine(run)]
      : [`Alone: no other failure on ${host} within five minutes of it.`]),
    ...versionLines(circumstances, record, mayRollBack),
    ...(sampleInterval > 1 ? [sampled(circumstances)] : []),
    run ? 'All failures since then, counted and grouped:' : 'What failed on every host since then:',
    `  ${commandLine('lookup', [...(local ? ['--local', local.origin] : []), ...since, ...only])}`,
  ]
    .map((line) => `  ${printable(line)}`)
    .join('\n');
}

/** The circumstances for programs. */
export function circumstancesToJson({ near, run, versions, sampleInterval }: Circumstances): unknown {
  return {
    within_five_minutes: sum(near),
    kinds: near.map(({ values: [error_type, error_source], count }) => ({ error_type, error_source, count })),
    run: run && { count: run.count, ...timesToJson(run), began_before: run.beganBefore, goes_on: run.goesOn },
    versions: versions.map(({ values: [id], ...tally }) => ({
      id,
      count: tally.count,
      ...timesToJson(tally),
    })),
    sample_interval: sampleInterval,
  };
}

function nearLine(near: readonly TallyOf[], host: string): string {
  const kinds = near.map(({ values: [type = '', source = ''], count }) => {
    return `${count.toLocaleString('en-US')} × ${labelOf({ type, source })}`;
  });
  const all = sum(near);
  const shown = kinds.length > 5 ? [...kinds.slice(0, 5), `${kinds.length - 5} more kinds`] : kinds;
  return `${all < OUTAGE ? 'Not alone' : 'An outage'}: ${plural(all, 'failure')} on ${host} within five minutes of it: ${shown.join(', ')}.`;
}

function outageLine({ count, first, last, beganBefore, goesOn }: Run): string {
  if (last - first < 1000 && !goesOn) return `All at ${timeOf(first)}: ${plural(count, 'failure')}.`;
  const began = beganBefore
    ? `It has gone on for more than ${duration(last - first)}`
    : `It began at ${timeOf(first)}`;
  const failures = plural(count, 'failure');
  return goesOn
    ? `${began} and goes on: ${failures} so far.`
    : `${began} and ended at ${timeOf(last)}, after ${duration(last - first)}: ${failures} in all.`;
}

/** Says if the failures began with the version that ran. The log does not know versions that never failed. */
function versionLines({ versions, run }: Circumstances, record: JsonObject, mayRollBack: boolean): string[] {
  const id = recordFact(record, VERSION);
  if (id === undefined) return [];
  const tag = recordFact(record, 'service.version');
  const name = tag === undefined ? id : `${tag} (${id})`;
  const own = versions.find(({ values }) => values[0] === id);
  const earlier = versions
    .filter(({ values, first }) => values[0] !== id && (first ?? Infinity) < (own?.first ?? 0))
    .toSorted((a, b) => (a.first ?? 0) - (b.first ?? 0))[0];
  if (earlier?.first !== undefined) {
    return [
      `It ran in version ${name}, but did not begin with it: version ${earlier.values[0]} failed so at ${timeOf(earlier.first)}.`,
    ];
  }
  if (!run || own?.first === undefined) return [`It ran in version ${name}.`];
  const kind = `All of its kind ran in version ${name}${versions.length > 1 ? ' or later' : ''}, none in an earlier one.`;
  if (!mayRollBack) return [kind];
  return [kind, `Was that deployed shortly before ${timeOf(own.first)}?`, '  npx wrangler deployments list'];
}

/** A duration for `--since`, rounded up: `20m`, `3h`, `2d`. */
function sinceOption(ms: number): string {
  const minutes = Math.ceil(ms / MINUTE) + 5;
  if (minutes < 120) return `${minutes}m`;
  return minutes < 2880 ? `${Math.ceil(minutes / 60)}h` : `${Math.ceil(minutes / 1440)}d`;
}

function timeOf(time: number): string {
  return `${isoTime(time).slice(0, 19).replace('T', ' ')} UTC`;
}
