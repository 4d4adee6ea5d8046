/** The failures of a time, counted and grouped. */
import { bars } from './chart.ts';
import { isAcceptable } from '../../request-id.ts';
import { counted } from './counted.ts';
import { duration, isoTime } from '../format.ts';
import { recordFact } from './log-line.ts';
import type { FailureFilter, FailureGroup, LogStore, Tally, TimeWindow } from './log-store.ts';
import { commandLine, type Paint } from '../terminal.ts';
import { printable } from '../printable.ts';

/** A group, and the request ID of its last failure. */
export interface SummaryGroup extends FailureGroup {
  readonly example?: string;
}

/** The failures of a time. */
export interface Summary {
  readonly window: TimeWindow;
  readonly total: Tally;
  /** How many there were in each of the equal parts of the window. */
  readonly timeline: readonly number[];
  /** The most frequent groups. */
  readonly groups: readonly SummaryGroup[];
  /** How many failures are in none of these groups. */
  readonly others: number;
  /** How many answers the origin wanted to be passed on as they were; they are no failures. */
  readonly onPurpose: number;
}

// More would scroll off the screen that an outage is looked at on.
const SHOWN = 25;
const BARS = 60;

/**
 * Counts and groups the failures of a window.
 * @throws LookupFailure of the store
 */
export async function summarise(
  store: LogStore,
  filter: FailureFilter,
  window: TimeWindow,
): Promise<Summary> {
  const tally = store.tally(filter, window, BARS);
  const [{ timeline, ...total }, { count: onPurpose }, found] = await Promise.all([
    tally,
    store.tally({ ...filter, onPurpose: true }, window, 1),
    store.groups(
      filter,
      window,
      tally.then(({ count }) => count),
    ),
  ]);
  const groups = await Promise.all(
    found.slice(0, SHOWN).map(async (group) => {
      const example = await exampleOf(group);
      return { ...group, ...(example !== undefined && { example }) };
    }),
  );
  const grouped = groups.reduce((sum, { count }) => sum + count, 0);
  return { window, total, timeline, groups, others: Math.max(0, total.count - grouped), onPurpose };

  async function exampleOf({ type, source, host, examplePath, last }: FailureGroup) {
    const facts = {
      ...filter.facts,
      'error.type': type,
      'error.source': source,
      'server.address': host,
      'url.path': examplePath,
    };
    const line = await store.newest(
      { ...filter, facts },
      {
        from: window.from,
        to: last === undefined ? window.to : last + 1,
      },
    );
    return line?.record && recordFact(line.record, 'request_id');
  }
}

/**
 * The summary for people: total, start, a chart, a line a group.
 * @param where the options of a look-up in the same place
 */
export function describeSummary(summary: Summary, where: readonly string[], paint: Paint): string {
  const { window, total, onPurpose } = summary;
  const past = duration(window.to - window.from);
  const parts = [
    paint.alarm(`${counted(total.count, 'failure')} in the last ${past}${times(total)}.`),
    ...(total.sampleInterval > 1 ? [sampled(total)] : []),
    ...(onPurpose > 0
      ? [`Besides, the origin answered ${counted(onPurpose, 'request')} with an error on purpose.`]
      : []),
  ];
  if (total.count === 0) return [`0 failures in the last ${past}.`, ...parts.slice(1)].join('\n');
  // What is in the log is no command line unless it is an ID.
  const example = summary.groups.map((group) => group.example ?? '').find(isAcceptable);
  const more =
    example === undefined
      ? []
      : ['', paint.aside(`What is behind it:\n  ${commandLine('lookup', [...where, example])}`)];
  return [...parts, '', chart(summary, paint), '', table(summary, paint), ...more].join('\n');
}

/** What it means that each record stands for several. */
export function sampled({ sampleInterval }: Pick<Tally, 'sampleInterval'>): string {
  return `The log holds a sample, one of ${Number(sampleInterval.toFixed(1))}: counts are estimates.`;
}

/** What failed, in the words of the records' messages. */
function kindOfGroup({ type, source }: Pick<FailureGroup, 'type' | 'source'>): string {
  const isStatus = /^\d{3}$/.test(type);
  switch (source) {
    case 'origin':
    case 'application':
      return `${source} ${isStatus ? 'answered' : 'threw'} ${type}`;
    default:
      return type;
  }
}

function times({ first, last }: Tally): string {
  if (first === undefined || last === undefined) return '';
  return first === last
    ? `, at ${secondOf(first)} UTC`
    : `, from ${secondOf(first)} to ${secondOf(last)} UTC`;
}

function chart({ window: { from, to }, timeline }: Summary, paint: Paint): string {
  const [start, end] = [secondOf(from).slice(5, -3), secondOf(to).slice(5, -3)];
  const gap = ' '.repeat(Math.max(1, timeline.length - start.length - end.length));
  const highest = Math.max(...timeline);
  const part = duration((to - from) / timeline.length);
  return [
    `  ${bars(timeline)}`.trimEnd(),
    paint.aside(`  ${start}${gap}${end} UTC, a bar is ${part}, the highest ${counted(highest, 'failure')}`),
  ].join('\n');
}

function table({ groups, others, total }: Summary, paint: Paint): string {
  const rows = [
    ['count', 'what', 'first (UTC)', 'last (UTC)', 'example', 'host and path'],
    ...groups.map((group) => [
      group.count.toLocaleString('en-US'),
      kindOfGroup(group),
      group.first === undefined ? '-' : secondOf(group.first),
      group.last === undefined ? '-' : secondOf(group.last),
      group.example ?? '-',
      `${group.host}${group.path}`,
    ]),
  ].map((row) => row.map(printable));
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const [titles = '', ...lines] = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padStart(widths[0] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  const share = Math.ceil((others / total.count) * 100);
  const more = others > 0 ? [`and ${counted(others, 'failure')} of other kinds or paths (${share} %)`] : [];
  return [paint.heading(titles), ...lines, ...more].join('\n');
}

function secondOf(time: number): string {
  return isoTime(time)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, '');
}
