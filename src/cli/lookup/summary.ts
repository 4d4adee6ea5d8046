/** The failures of a time, grouped. */
import { isoTime, plural } from '../format.ts';
import { numberFact, textFact, type LogLine } from './log-line.ts';
import { printable } from '../printable.ts';

/** Failures that have the same error type, origin status, host and path. */
export interface FailureGroup {
  /** `error.type` of the records. */
  readonly errorType: string;
  /** The origin's own status; absent where it did not answer. */
  readonly originStatus?: number;
  readonly host: string;
  readonly path: string;
  readonly count: number;
  /** The first and the last, in milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
  /** The request ID of the last. */
  readonly example: string;
}

// More would scroll off the screen that an outage is looked at on; --json has all.
const SHOWN = 25;

/** Groups the records of failures, the most frequent group first, then the most recent. */
export function groupFailures(lines: readonly LogLine[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const { record, time } of lines) {
    if (!record) continue;
    const originStatus = numberFact(record, 'origin.status_code');
    const named = {
      errorType: textFact(record, 'error.type') ?? '',
      ...(originStatus !== undefined && { originStatus }),
      host: textFact(record, 'server.address') ?? '',
      path: textFact(record, 'url.path') ?? '',
    };
    const key = JSON.stringify(named);
    const group = groups.get(key);
    const example = textFact(record, 'request_id') ?? '';
    groups.set(key, {
      ...named,
      count: (group?.count ?? 0) + 1,
      first: Math.min(group?.first ?? time, time),
      last: Math.max(group?.last ?? time, time),
      example: group && group.last >= time ? group.example : example,
    });
  }
  return [...groups.values()].toSorted((a, b) => b.count - a.count || b.last - a.last);
}

/** The groups as a table for people. */
export function describeGroups(groups: readonly FailureGroup[], heading: (text: string) => string): string {
  const shown = groups.slice(0, SHOWN);
  const rows = [
    ['count', 'error type', 'origin', 'first (UTC)', 'last (UTC)', 'example', 'host and path'],
    ...shown.map((group) => [
      String(group.count),
      group.errorType,
      String(group.originStatus ?? '-'),
      secondOf(group.first),
      secondOf(group.last),
      group.example,
      `${group.host}${group.path}`,
    ]),
  ].map((row) => row.map(printable));
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const [titles = '', ...table] = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padStart(widths[0] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  const hidden = groups.slice(SHOWN);
  const failures = hidden.reduce((sum, { count }) => sum + count, 0);
  const more =
    hidden.length > 0
      ? [`and ${plural(hidden.length, 'more group')} with ${plural(failures, 'failure')} (--json lists all)`]
      : [];
  return [heading(titles), ...table, ...more].join('\n');
}

function secondOf(time: number): string {
  return isoTime(time)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, '');
}
