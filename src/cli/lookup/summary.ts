/** Counts and groups the failures since a time, for people and as JSON for programs. */
import { isAcceptable } from '../../request-id.ts';
import { duration, isoTime, plural } from '../format.ts';
import { printable } from '../printable.ts';
import { commandLine, type Screen } from '../terminal.ts';
import { recordFact } from './log-line.ts';
import {
  sum,
  type FailureFilter,
  type FailureGroup,
  type LogStore,
  type Tally,
  type TimeWindow,
} from './log-store.ts';
import { labelOf } from './verdict.ts';

/** A group, and the request ID of its last failure. */
export interface SummaryGroup extends FailureGroup {
  readonly id?: string;
}

/** The counted failures of a window. */
export interface Summary {
  readonly window: TimeWindow;
  readonly total: Tally;
  /** The count in each of the equal parts of the window. */
  readonly timeline: readonly number[];
  /** The most frequent groups. */
  readonly groups: readonly SummaryGroup[];
  /** The failures that are in none of these groups, counted by kind. */
  readonly others: readonly { readonly type: string; readonly source: string; readonly count: number }[];
  /** The number of error answers that the origin gave on purpose. They are not failures. */
  readonly onPurpose: number;
  readonly drills: number;
}

type Times = { readonly first?: number | undefined; readonly last?: number | undefined };

// More groups would scroll off the screen.
const SHOWN = 15;
const PARTS = 60;
const BARS = '▁▂▃▄▅▆▇█';

/**
 * Counts and groups the failures of a window.
 * @throws LookupFailure if the store fails
 */
export async function summarise(
  store: LogStore,
  filter: FailureFilter,
  window: TimeWindow,
): Promise<Summary> {
  const countInstead = async (insteadOfFailures: NonNullable<FailureFilter['insteadOfFailures']>) =>
    (await store.tally({ ...filter, insteadOfFailures }, window, 1)).count;
  const [{ timeline, ...total }, onPurpose, drills] = await Promise.all([
    store.tally(filter, window, PARTS),
    countInstead('answers on purpose'),
    countInstead('drills'),
  ]);
  const found = await store.groups(filter, window, total.count);
  const groups = await Promise.all(
    found.slice(0, SHOWN).map(async (group) => {
      const id = await newestOf(group);
      return { ...group, ...(id !== undefined && { id }) };
    }),
  );
  const isAll = sum(groups) >= total.count;
  const kinds = isAll ? [] : await store.tallyBy(['error.type', 'error.source'], filter, window);
  const others = kinds
    .map(({ values: [type = '', source = ''], count }) => {
      const shown = groups.filter((group) => group.type === type && group.source === source);
      return { type, source, count: count - sum(shown) };
    })
    .filter(({ count }) => count > 0);
  return { window, total, timeline, groups, others, onPurpose, drills };

  async function newestOf({ type, source, example: { host, path }, last }: FailureGroup) {
    const facts = { 'error.type': type, 'error.source': source, 'server.address': host, 'url.path': path };
    const line = await store.newest(
      { ...filter, facts: { ...filter.facts, ...facts } },
      { from: window.from, to: last === undefined ? window.to : last + 1 },
    );
    return line?.record && recordFact(line.record, 'request_id');
  }
}

/**
 * The summary for people: total, start, a chart, the groups.
 * @param place the options that make a look-up ask the same log store
 */
export function describeSummary(summary: Summary, place: readonly string[], screen: Screen): string {
  const { window, total, onPurpose, drills, groups } = summary;
  const past = duration(window.to - window.from);
  const besides = [
    ...(total.sampleInterval > 1 ? [sampled(total)] : []),
    ...(onPurpose > 0
      ? [`Besides, the origin answered ${plural(onPurpose, 'request')} with an error on purpose.`]
      : []),
    ...(drills > 0 ? [`Besides, there ${drills === 1 ? 'was' : 'were'} ${plural(drills, 'drill')}.`] : []),
  ];
  if (total.count === 0) return [`0 failures in the last ${past}.`, ...besides].join('\n');
  const { paint } = screen;
  // A logged value goes into a command line only if it is an ID.
  const example = groups.map(({ id = '' }) => id).find(isAcceptable);
  const more =
    example === undefined
      ? []
      : [
          '',
          paint.aside('What is behind it:'),
          paint.aside(`  ${commandLine('lookup', [...place, example])}`),
        ];
  return [
    paint.alarm(`${plural(total.count, 'failure')} in the last ${past}${times(total)}.`),
    ...besides,
    '',
    ...chart(summary, screen),
    '',
    ...list(summary),
    ...more,
  ].join('\n');
}

/** Says that the log is sampled: each record stands for several failures. */
export function sampled({ sampleInterval }: Pick<Tally, 'sampleInterval'>): string {
  return `The log holds a sample, one of ${Number(sampleInterval.toFixed(1))}: counts are estimates.`;
}

/** Counts over time as bars. A zero is a space, and the highest count has the highest bar. */
export function bars(counts: readonly number[]): string {
  const highest = Math.max(...counts);
  return counts
    .map((count) => (count === 0 ? ' ' : (BARS[Math.ceil((count / highest) * BARS.length) - 1] ?? '')))
    .join('');
}

function times({ first, last }: Tally): string {
  if (first === undefined || last === undefined) return '';
  return first === last
    ? `, at ${secondOf(first)} UTC`
    : `, from ${secondOf(first)} to ${secondOf(last)} UTC`;
}

function chart({ window: { from, to }, timeline }: Summary, { width, paint }: Screen): string[] {
  const each = [1, 2, 3, 4].find((parts) => PARTS / parts + 2 <= width) ?? 4;
  const counts = Array.from({ length: PARTS / each }, (_, index) =>
    timeline.slice(index * each, (index + 1) * each).reduce((a, b) => a + b, 0),
  );
  const [start, end] = [secondOf(from).slice(5, -3), secondOf(to).slice(5, -3)];
  const gap = ' '.repeat(Math.max(1, counts.length - start.length - end.length));
  const part = duration((to - from) / counts.length);
  return [
    `  ${bars(counts)}`.trimEnd(),
    paint.aside(`  ${start}${gap}${end}`),
    paint.aside(`  A bar is ${part}, the highest ${plural(Math.max(...counts), 'failure')}.`),
  ];
}

/** Two lines for each group, then the number of failures in none of them. */
function list({ groups, others, total, window }: Summary): string[] {
  // Within a day leave out the dates, and over more than a day the seconds.
  const [from, to] = window.to - window.from <= 86_400_000 ? [11, 19] : [5, 16];
  const clock = (time: number): string => secondOf(time).slice(from, to);
  const width = Math.max(...groups.map(({ count }) => numeral(count).length));
  const lines = groups.flatMap(({ count, type, source, host, path, first, last, id }) => {
    const when = first === undefined || last === undefined ? [] : [`${clock(first)} to ${clock(last)}`];
    return [
      `${numeral(count).padStart(width)}  ${labelOf({ type, source })}  ${host}${path}`,
      `${' '.repeat(width)}  ${[...when, id ?? []].flat().join('  ')}`,
    ];
  });
  if (others.length === 0) return lines.map(printable);
  const kinds = others.slice(0, 5).map(({ count, ...kind }) => `${numeral(count)} × ${labelOf(kind)}`);
  const share = Math.ceil((sum(others) / total.count) * 100);
  const rest = `and ${plural(sum(others), 'failure')} on other hosts or paths (${share} %): ${kinds.join(', ')}`;
  return [...lines, others.length > 5 ? `${rest}, …` : rest].map(printable);
}

function numeral(count: number): string {
  return count.toLocaleString('en-US');
}

function secondOf(time: number): string {
  return isoTime(time)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, '');
}

/** The summary for programs. Keys are only ever added. */
export function summaryToJson(summary: Summary, store: LogStore): unknown {
  const { window, total, timeline, groups, others, onPurpose, drills } = summary;
  return {
    from: isoTime(window.from),
    to: isoTime(window.to),
    store: store.name,
    failures: total.count,
    ...timesToJson(total),
    sample_interval: total.sampleInterval,
    truncated: others.length > 0,
    others: sum(others),
    on_purpose: onPurpose,
    drills,
    timeline,
    groups: groups.map(({ type, source, host, path, count, first, last, id }) => ({
      error_type: type,
      error_source: source,
      // The status of an origin is its error type.
      origin_status: source === 'origin' && /^\d{3}$/.test(type) ? Number(type) : undefined,
      host,
      path,
      count,
      ...timesToJson({ first, last }),
      example: id,
    })),
  };
}

/** The first and last time as ISO 8601, or undefined. */
export function timesToJson({ first, last }: Times): Readonly<Record<string, string | undefined>> {
  return {
    first: first === undefined ? undefined : isoTime(first),
    last: last === undefined ? undefined : isoTime(last),
  };
}
