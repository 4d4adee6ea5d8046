/** The interface of a log store, and the error of a look-up that fails. */
import type { LogLine } from './log-line.ts';

/** A span of time, with both ends, in milliseconds since 1970. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Log lines. `truncated` is true if there were more than could be fetched. */
export interface LogLines {
  readonly lines: readonly LogLine[];
  readonly truncated: boolean;
}

/** Selects the records to count. An empty filter selects all failures. */
export interface FailureFilter {
  /** Exact values by path, such as `error.type`. */
  readonly facts?: Readonly<Record<string, string>>;
  /** Leaves out the robots that Cloudflare has verified. */
  readonly noBots?: boolean;
  /** Selects other records than failures: answers on purpose (`X-Intercept-Errors: off`), or drills. */
  readonly insteadOfFailures?: 'answers on purpose' | 'drills';
}

/** A count, with the time of the first and the last. */
export interface Tally {
  readonly count: number;
  /** The first and the last, in milliseconds since 1970. Absent if there is none or the store does not say. */
  readonly first?: number;
  readonly last?: number;
  /** The number of failures that each stored record stands for: 1 without sampling. */
  readonly sampleInterval: number;
}

/** The count of records with the same values. */
export interface TallyOf extends Tally {
  /** The values, in the order of the paths of the query. */
  readonly values: readonly string[];
}

/** Failures of the same kind, folded host and folded path. */
export interface FailureGroup extends Tally {
  readonly type: string;
  readonly source: string;
  readonly host: string;
  readonly path: string;
  /** Host and path of the last failure. */
  readonly example: { readonly host: string; readonly path: string };
}

/** A log store: Workers Logs, or that of wrangler dev. All methods throw `LookupFailure`. */
export interface LogStore {
  /** Its name in `--json`: `cloudflare`, or the address of wrangler dev. */
  readonly name: string;
  /** The lines whose record has this value at this path, such as an ID at `request_id`. */
  saying(path: string, value: string, window: TimeWindow): Promise<LogLines>;
  /** All lines of one handled request, oldest first. */
  ofInvocation(invocation: string, window: TimeWindow): Promise<LogLines>;
  /** The newest failure. */
  newest(filter: FailureFilter, window: TimeWindow): Promise<LogLine | undefined>;
  /**
   * Counts failures, in all and in equal parts of the window.
   * @param buckets the number of parts
   */
  tally(
    filter: FailureFilter,
    window: TimeWindow,
    buckets: number,
  ): Promise<Tally & { readonly timeline: readonly number[] }>;
  /** Counts failures by their values at these paths, the most frequent first. */
  tallyBy(paths: readonly string[], filter: FailureFilter, window: TimeWindow): Promise<readonly TallyOf[]>;
  /**
   * The failures by kind, folded host and folded path, the most frequent first. Each count is exact. Groups may be
   * missing if there are more than the store can list.
   * @param total the number of all failures
   */
  groups(filter: FailureFilter, window: TimeWindow, total: number): Promise<readonly FailureGroup[]>;
}

/** The sum of all counts. */
export function sum(tallies: readonly { readonly count: number }[]): number {
  return tallies.reduce((total, { count }) => total + count, 0);
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
