/** Counts and groups the failures since a time. */
import { isAcceptable } from '../../request-id.ts';
import { duration, isoTime, plural } from '../format.ts';
import { printable } from '../printable.ts';
import { commandLine, type Screen } from '../terminal.ts';
import { groupsOf } from './fold.ts';
import { recordFact } from './log-line.ts';
import { COUNTED, sum, where, type Filter, type LogStore, type TimeWindow } from './log-store.ts';
import { secondOf } from './time-window.ts';
import { labelOf, type KindOfFailure } from './verdict.ts';

/** The number of failures of one kind. */
export interface KindCount extends KindOfFailure {
  readonly count: number;
}

/** The counted failures of a window, in the form of `--json`. Times are in ISO 8601. Keys are only ever added. */
export interface Summary {
  readonly from: string;
  readonly to: string;
  readonly store: string;
  readonly failures: number;
  readonly first?: string | undefined;
  readonly last?: string | undefined;
  /** The number of failures that each stored record stands for: 1 without sampling. */
  readonly sample_interval: number;
  /** True if there are failures in none of the groups. `others` is their number, `other_kinds` says of which kinds. */
  readonly truncated: boolean;
  readonly others: number;
  readonly other_kinds: readonly KindCount[];
  /** The number of error answers that the origin gave on purpose. They are not failures. */
  readonly on_purpose: number;
  readonly drills: number;
  /** The count in each of the equal parts of the window. */
  readonly timeline: readonly number[];
  /** The most frequent groups. */
  readonly groups: readonly SummaryGroup[];
}

interface SummaryGroup extends KindCount {
  /** The status of an origin is its error type. */
  readonly origin_status?: number | undefined;
  readonly host: string;
  readonly path: string;
  readonly first?: string | undefined;
  readonly last?: string | undefined;
  /** The request ID of the last failure. */
  readonly example?: string | undefined;
}

// More groups would scroll off the screen.
const SHOWN = 15;
const PARTS = 60;
const BARS = '▁▂▃▄▅▆▇█';

/**
 * Counts and groups the failures of a window.
 * @param narrowed further filters
 * @throws LookupFailure if the store fails
 */
export async function summarise(
  store: LogStore,
  narrowed: readonly Filter[],
  window: TimeWindow,
): Promise<Summary> {
  const filters = [...COUNTED.failures, ...narrowed];
  const [[total], [onPurpose], [drills], timeline] = await Promise.all([
    store.tally(filters, window),
    store.tally([...COUNTED.onPurpose, ...narrowed], window),
    store.tally([...COUNTED.drills, ...narrowed], window),
    store.timeline(filters, window, PARTS),
  ]);
  const failures = total?.count ?? 0;
  const found = failures === 0 ? [] : await groupsOf(store, filters, window, failures);
  const groups = await Promise.all(
    found.slice(0, SHOWN).map(async ({ type, source, host, path, tally, example }): Promise<SummaryGroup> => {
      const { count, first, last } = tally;
      const same = [
        where('error.type', 'eq', type),
        where('error.source', 'eq', source),
        where('server.address', 'eq', example.host),
        where('url.path', 'eq', example.path),
      ];
      const until = last === undefined ? window.to : Date.parse(last) + 1;
      const { lines } = await store.lines([...filters, ...same], { from: window.from, to: until }, 1);
      return {
        error_type: type,
        error_source: source,
        origin_status: source === 'origin' && /^\d{3}$/.test(type) ? Number(type) : undefined,
        host,
        path,
        count,
        first,
        last,
        example: recordFact(lines[0]?.record, 'request_id'),
      };
    }),
  );
  const other_kinds = sum(groups) >= failures ? [] : await kindsOf(store, filters, window, groups);
  return {
    from: isoTime(window.from),
    to: isoTime(window.to),
    store: store.name,
    failures,
    first: total?.first,
    last: total?.last,
    sample_interval: total?.sampleInterval ?? 1,
    truncated: other_kinds.length > 0,
    others: sum(other_kinds),
    other_kinds,
    on_purpose: onPurpose?.count ?? 0,
    drills: drills?.count ?? 0,
    timeline,
    groups,
  };
}

/**
 * Counts lines by kind of failure, the most frequent first.
 * @param known what of them is not to be counted
 */
export async function kindsOf(
  store: LogStore,
  filters: readonly Filter[],
  window: TimeWindow,
  known: readonly KindCount[] = [],
): Promise<KindCount[]> {
  const tallies = await store.tally(filters, window, ['error.type', 'error.source']);
  return tallies
    .map(({ values: [error_type = '', error_source = ''], count }) => {
      const same = known.filter((one) => one.error_type === error_type && one.error_source === error_source);
      return { error_type, error_source, count: count - sum(same) };
    })
    .filter(({ count }) => count > 0);
}

/**
 * The summary for people: total, start, a chart, the groups.
 * @param place the options that make a look-up ask the same log store
 */
export function describeSummary(summary: Summary, place: readonly string[], screen: Screen): string {
  const { from, to, failures, first, last, on_purpose, drills, groups, sample_interval } = summary;
  const { paint } = screen;
  const past = duration(Date.parse(to) - Date.parse(from));
  const when =
    first === undefined || last === undefined
      ? ''
      : first === last
        ? `, at ${secondOf(first)} UTC`
        : `, from ${secondOf(first)} to ${secondOf(last)} UTC`;
  const besides = [
    ...sampled(sample_interval),
    ...(on_purpose > 0
      ? [`Besides, the origin answered ${plural(on_purpose, 'request')} with an error on purpose.`]
      : []),
    ...(drills > 0 ? [`Besides, there ${drills === 1 ? 'was' : 'were'} ${plural(drills, 'drill')}.`] : []),
  ];
  if (failures === 0) return [`0 failures in the last ${past}.`, ...besides].join('\n');
  // A logged value goes into a command line only if it is an ID.
  const example = groups.map((group) => group.example ?? '').find(isAcceptable);
  const more = `What is behind it:\n  ${commandLine('lookup', [...place, example ?? ''])}`;
  return [
    paint.alarm(`${plural(failures, 'failure')} in the last ${past}${when}.`),
    ...besides,
    '',
    ...chart(summary, screen),
    '',
    ...list(summary).map(printable),
    ...(example === undefined ? [] : ['', ...more.split('\n').map(paint.aside)]),
  ].join('\n');
}

/** Says that the log is sampled: each record stands for several failures. */
export function sampled(interval: number): string[] {
  return interval > 1
    ? [`The log holds a sample, one of ${Number(interval.toFixed(1))}: counts are estimates.`]
    : [];
}

/** The kinds of failures with their counts, the most frequent first: `7 × origin answered 503`. */
export function describeKinds(kinds: readonly KindCount[]): string {
  const shown = kinds.slice(0, 5).map((kind) => `${numeral(kind.count)} × ${labelOf(kind)}`);
  return [...shown, ...(kinds.length > 5 ? [`${kinds.length - 5} more kinds`] : [])].join(', ');
}

/** Counts over time as bars, as many as fit. A zero is a gap, and the highest count has the highest bar. */
function chart({ from, to, timeline }: Summary, { width, paint }: Screen): string[] {
  const each = [1, 2, 3, 4].find((parts) => PARTS / parts + 2 <= width) ?? 4;
  const counts = Array.from({ length: PARTS / each }, (_, index) =>
    timeline.slice(index * each, (index + 1) * each).reduce((a, b) => a + b, 0),
  );
  const highest = Math.max(...counts);
  const bars = counts.map((count) => ` ${BARS}`[Math.ceil((count / highest) * BARS.length)]).join('');
  const [start, end] = [secondOf(from).slice(5, -3), secondOf(to).slice(5, -3)];
  const part = duration((Date.parse(to) - Date.parse(from)) / counts.length);
  return [
    `  ${bars}`.trimEnd(),
    paint.aside(`  ${start}${end.padStart(Math.max(counts.length - start.length, end.length + 1))}`),
    paint.aside(`  A bar is ${part}, the highest ${plural(highest, 'failure')}.`),
  ];
}

/** Two lines for each group, then the number of failures in none of them. */
function list({ groups, others, other_kinds, failures, from, to }: Summary): string[] {
  // Within a day leave out the dates, and over more than a day the seconds.
  const [start, end] = Date.parse(to) - Date.parse(from) <= 86_400_000 ? [11, 19] : [5, 16];
  const width = Math.max(...groups.map(({ count }) => numeral(count).length));
  const lines = groups.flatMap((group) => {
    const { count, host, path, example = '' } = group;
    const times = [group.first, group.last].flatMap((time) => time ?? []);
    const when = times.map((time) => secondOf(time).slice(start, end)).join(' to ');
    return [
      `${numeral(count).padStart(width)}  ${labelOf(group)}  ${host}${path}`,
      `${' '.repeat(width)}  ${[when, example].filter(Boolean).join('  ')}`,
    ];
  });
  if (others === 0) return lines;
  const share = Math.ceil((others / failures) * 100);
  const rest = `${plural(others, 'failure')} on other hosts or paths (${share} %): ${describeKinds(other_kinds)}`;
  return [...lines, `and ${rest}`];
}

function numeral(count: number): string {
  return count.toLocaleString('en-US');
}
