/** The interface of a log store, and the error of a look-up that fails. */
import { commandLine } from '../terminal.ts';
import type { LogLine } from './log-line.ts';

/** A span of time, with both ends, in milliseconds since 1970. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Selects log lines by one fact, in the form of the query API of Workers Observability. */
export interface Filter {
  /** The path of a fact in the record, or of a fact of the line: `$metadata.level`, `$metadata.requestId`. */
  readonly key: string;
  readonly operation: 'eq' | 'neq' | 'exists' | 'is_null' | 'regex';
  readonly type: 'string';
  readonly value?: string | undefined;
}

/** A line passes these if it passes each. */
export type Filters = readonly Filter[];

/** A filter: `where('error.type', 'eq', '503')`. */
export function where(key: string, operation: Filter['operation'], value?: string): Filter {
  return { key, operation, type: 'string', value };
}

const isDrill = (operation: 'eq' | 'neq') => where('error.source', operation, 'drill');
// An answer on purpose is logged as a warning, so that it raises no alarm.
const isWarning = (operation: 'eq' | 'neq') => where('$metadata.level', operation, 'warn');
const IS_RECORD = [where('request_id', 'exists'), where('error.type', 'exists')];

/** The filters of what is counted. Answers on purpose (`X-Intercept-Errors: off`) and drills are no failures. */
export const COUNTED = {
  failures: [...IS_RECORD, isWarning('neq'), isDrill('neq')],
  onPurpose: [...IS_RECORD, isWarning('eq'), isDrill('neq')],
  drills: [...IS_RECORD, isWarning('neq'), isDrill('eq')],
} as const;

/** The count of lines with the same values. */
export interface Tally {
  /** The values, in the order of the paths of the query. */
  readonly values: readonly string[];
  readonly count: number;
  /** The times of the first and the last, in ISO 8601. Absent if the store does not say. */
  readonly first?: string | undefined;
  readonly last?: string | undefined;
  /** The number of failures that each stored record stands for: 1 without sampling. */
  readonly sampleInterval: number;
}

/** A log store: Workers Logs, or that of wrangler dev. All methods throw `LookupFailure`. */
export interface LogStore {
  /** Its name in `--json`: `cloudflare`, or the address of wrangler dev. */
  readonly name: string;
  /** True if it is that of wrangler dev. */
  readonly isLocal: boolean;
  /** The lines that pass, the newest first. The oldest are missing if there are too many to fetch. */
  lines(filters: Filters, window: TimeWindow, limit?: number): Promise<readonly LogLine[]>;
  /**
   * Counts the lines that pass by their values at these paths; without paths, all in one. No tally is 0.
   * @param order if the store cannot list all, it lists the most or the least frequent
   */
  tally(
    filters: Filters,
    window: TimeWindow,
    paths?: readonly string[],
    order?: 'desc' | 'asc',
  ): Promise<readonly Tally[]>;
  /** Counts the lines that pass in each of the equal parts of the window. */
  timeline(filters: Filters, window: TimeWindow, parts: number): Promise<readonly number[]>;
}

/** The command line that asks the same store with these arguments, for the operator to copy. */
export function lookupLine(store: Pick<LogStore, 'name' | 'isLocal'>, args: readonly string[]): string {
  return commandLine('lookup', [...(store.isLocal ? ['--local', store.name] : []), ...args]);
}

/** The sum of all counts. */
export function sum(tallies: readonly { readonly count: number }[]): number {
  return tallies.reduce((total, { count }) => total + count, 0);
}

/** The sum of the counts in each of the equal parts of a window. A time outside counts in the nearest part. */
export function countParts(
  { from, to }: TimeWindow,
  parts: number,
  points: readonly { readonly time: number; readonly count: number }[],
): number[] {
  const counts = Array.from({ length: parts }, () => 0);
  for (const { time, count } of points) {
    const part = Math.floor(((time - from) / Math.max(to - from, 1)) * parts);
    const index = Math.min(Math.max(part, 0), parts - 1);
    if (!Number.isNaN(index)) counts[index] = (counts[index] ?? 0) + count;
  }
  return counts;
}

/** The exit codes. They are part of the interface: scripts rely on them. */
export const EXIT = {
  /** A failure was found, or a summary was printed, even one without failures. */
  found: 0,
  notFound: 1,
  credentials: 3,
  permission: 4,
  network: 5,
  api: 6,
} as const;

/** A look-up ended without a result. The message is for people, in full sentences. */
export class LookupFailure extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
