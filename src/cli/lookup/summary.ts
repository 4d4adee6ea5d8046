/** Counts and groups the failures since a time. */
import { isAcceptable } from '../../request-id.ts';
import { duration, isoTime, plural } from '../format.ts';
import { printable } from '../printable.ts';
import type { Screen } from '../terminal.ts';
import { filtersOf, groupsOf } from './fold.ts';
import { recordFact } from './log-line.ts';
import { COUNTED, lookupLine, sum, type Filters, type LogStore, type TimeWindow } from './log-store.ts';
import { DAY, secondOf } from './time-window.ts';
import { labelOf, type KindOfFailure } from './verdict.ts';

/** The counted failures of a window. */
export type Summary = Awaited<ReturnType<typeof summarise>>;

// More groups would scroll off the screen.
const SHOWN = 15;
const PARTS = 60;
const BARS = ' ▁▂▃▄▅▆▇█';

/**
 * Counts and groups the failures of a window, in the form of `--json`, where keys are only ever added.
 * @param narrowed further filters
 * @throws LookupFailure if the store fails
 */
export async function summarise(store: LogStore, narrowed: Filters, window: TimeWindow) {
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
    found.slice(0, SHOWN).map(async ({ newest, ...group }) => {
      const same = filtersOf({ ...group, ...newest });
      const [line] = await store.lines([...filters, ...same], window, 1);
      // The status of an origin is its error type.
      const origin_status = (group.error_source === 'origin' && Number(group.error_type)) || undefined;
      return { ...group, origin_status, example: recordFact(line?.record, 'request_id') };
    }),
  );
  const kinds = sum(groups) >= failures ? [] : await kindsOf(store, filters, window);
  const other_kinds = kinds.flatMap((kind) => {
    const isAlike = (group: KindOfFailure): boolean =>
      group.error_type === kind.error_type && group.error_source === kind.error_source;
    const count = kind.count - sum(groups.filter(isAlike));
    return count > 0 ? [{ ...kind, count }] : [];
  });
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

/** Counts failures by kind, the most frequent first. */
export async function kindsOf(store: LogStore, filters: Filters, window: TimeWindow) {
  const tallies = await store.tally(filters, window, ['error.type', 'error.source']);
  return tallies.map(({ values: [error_type = '', error_source = ''], count }) => {
    return { error_type, error_source, count };
  });
}

/** The summary of a store for people: total, start, a chart, the groups. */
export function describeSummary(summary: Summary, store: LogStore, screen: Screen): string {
  const { from, to, failures, first, last, on_purpose, drills, groups, sample_interval } = summary;
  const { paint } = screen;
  const past = duration(Date.parse(to) - Date.parse(from));
  const times = [...new Set([first, last].flatMap((time) => (time ? secondOf(time) : [])))];
  const when = ['', `, at ${times[0]} UTC`, `, from ${times.join(' to ')} UTC`][times.length];
  const besides = [
    ...sampled(sample_interval),
    on_purpose > 0 &&
      `Besides, the origin answered ${plural(on_purpose, 'request')} with an error on purpose.`,
    drills > 0 && `Besides, there ${drills === 1 ? 'was' : 'were'} ${plural(drills, 'drill')}.`,
  ].filter((line) => line !== false);
  if (failures === 0) return [`0 failures in the last ${past}.`, ...besides].join('\n');
  // A logged value goes into a command line only if it is an ID.
  const example = groups.flatMap((group) => group.example ?? []).find(isAcceptable);
  const more = example ? ['', 'What is behind it:', `  ${lookupLine(store, [example])}`] : [];
  return [
    paint.alarm(`${plural(failures, 'failure')} in the last ${past}${when}.`),
    ...besides,
    '',
    ...chart(summary, screen),
    '',
    ...list(summary).map(printable),
    ...more.map(paint.aside),
  ].join('\n');
}

/** Says that the log is sampled: each record stands for several failures. */
export function sampled(interval: number): string[] {
  const rounded = Number(interval.toFixed(1));
  return interval > 1 ? [`The log holds a sample, one of ${rounded}: counts are estimates.`] : [];
}

/** The kinds of failures with their counts: `7 × origin answered 503, 3 × connection refused`. */
export function describeKinds(kinds: Summary['other_kinds']): string {
  const shown = kinds.slice(0, 5).map((kind) => `${numeral(kind.count)} × ${labelOf(kind)}`);
  return [...shown, ...(kinds.length > 5 ? [`${kinds.length - 5} more kinds`] : [])].join(', ');
}

/** Counts over time as bars, as many as fit. A zero is a gap, and the highest count has the highest bar. */
function chart({ from, to, timeline }: Summary, { width, paint }: Screen): string[] {
  const each = [1, 2].find((parts) => PARTS / parts + 2 <= width) ?? 3;
  const counts = Array.from({ length: PARTS / each }, (_, index) =>
    timeline.slice(index * each, (index + 1) * each).reduce((a, b) => a + b, 0),
  );
  const highest = Math.max(...counts);
  const bars = counts.map((count) => BARS[Math.ceil((count / highest) * (BARS.length - 1))]).join('');
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
  const [start, end] = Date.parse(to) - Date.parse(from) <= DAY ? [11, 19] : [5, 16];
  const width = Math.max(...groups.map(({ count }) => numeral(count).length));
  const lines = groups.flatMap((group) => {
    const times = [group.first, group.last].flatMap((time) => (time ? secondOf(time).slice(start, end) : []));
    return [
      `${numeral(group.count).padStart(width)}  ${labelOf(group)}  ${group.host}${group.path}`,
      `${' '.repeat(width)}  ${[times.join(' to '), group.example].filter(Boolean).join('  ')}`,
    ];
  });
  if (others === 0) return lines;
  const share = Math.ceil((others / failures) * 100);
  const kinds = describeKinds(other_kinds);
  return [...lines, `and ${plural(others, 'failure')} on other hosts or paths (${share} %): ${kinds}`];
}

function numeral(count: number): string {
  return count.toLocaleString('en-US');
}
