/** A place where logs are, as a look-up needs it, and how a look-up ends that does not get what it needs. */
import type { LogLine } from './log-line.ts';

/** From and to, both included, in milliseconds since 1970. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Log lines, and whether there were more than could be fetched. */
export interface LogLines {
  readonly lines: readonly LogLine[];
  readonly truncated: boolean;
}

/** Which records to count; all failures where nothing is said. */
export interface FailureFilter {
  /** Exact values by path, such as `error.type`. */
  readonly facts?: Readonly<Record<string, string>>;
  /** Leaves out the robots that Cloudflare has verified. */
  readonly noBots?: boolean;
  /** In place of failures: what the origin answered on purpose (`X-Intercept-Errors: off`), or drills. */
  readonly insteadOfFailures?: 'answers on purpose' | 'drills';
}

/** How many, and when. */
export interface Tally {
  readonly count: number;
  /** The first and the last, in milliseconds since 1970; absent where there is none or the store does not say. */
  readonly first?: number;
  readonly last?: number;
  /** How many each stored record stands for: 1 where nothing was sampled. */
  readonly sampleInterval: number;
}

/** The failures that say the same. */
export interface TallyOf extends Tally {
  /** Their values, in the order of the paths that were asked for. */
  readonly values: readonly string[];
}

/** Failures of the same kind, folded host and folded path. */
export interface FailureGroup extends Tally {
  readonly type: string;
  readonly source: string;
  readonly host: string;
  readonly path: string;
  /** Host and path of the last of them. */
  readonly example: { readonly host: string; readonly path: string };
}

/** A place where logs are: Workers Logs, or the log store of wrangler dev. All methods throw `LookupFailure`. */
export interface LogStore {
  /** Its name in `--json`: `cloudflare`, or the address of wrangler dev. */
  readonly name: string;
  /** The lines whose record says this at this path, such as the ID at `request_id`. */
  saying(path: string, value: string, window: TimeWindow): Promise<LogLines>;
  /** All lines of one handled request, oldest first. */
  ofInvocation(invocation: string, window: TimeWindow): Promise<LogLines>;
  /** The newest failure. */
  newest(filter: FailureFilter, window: TimeWindow): Promise<LogLine | undefined>;
  /**
   * Counts failures.
   * @param buckets into how many equal parts of the window to count them too
   */
  tally(
    filter: FailureFilter,
    window: TimeWindow,
    buckets: number,
  ): Promise<Tally & { readonly timeline: readonly number[] }>;
  /** Counts failures by what they say at these paths, the most frequent first. */
  tallyBy(paths: readonly string[], filter: FailureFilter, window: TimeWindow): Promise<readonly TallyOf[]>;
  /**
   * The failures by kind, folded host and folded path, the most frequent first. Each count is exact; groups may be
   * missing where there are more than the store can list.
   * @param total how many failures there are
   */
  groups(filter: FailureFilter, window: TimeWindow, total: number): Promise<readonly FailureGroup[]>;
}

/** All counts together. */
export function sum(tallies: readonly { readonly count: number }[]): number {
  return tallies.reduce((total, { count }) => total + count, 0);
}

/** The exit codes. They are part of the interface: scripts rely on them. */
export const EXIT = {
  /** Found; or a summary was printed, even one of no failures. */
  found: 0,
  notFound: 1,
  credentials: 3,
  permission: 4,
  network: 5,
  api: 6,
} as const;

/** A look-up that ends without a result. The message is for people, in full sentences. */
export class LookupFailure extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
