/** What a look-up needs from the place where the logs are. */
import type { RecordPath } from './facts.ts';
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

/** Which failures to count; all of them where nothing is said. */
export interface FailureFilter {
  /** What the record must say, exactly. */
  readonly facts?: { readonly [Path in RecordPath]?: string };
  /** Leaves out the robots that Cloudflare has verified. */
  readonly noBots?: boolean;
  /** Counts, in place of failures, what the origin answered on purpose (`X-Intercept-Errors: off`). */
  readonly onPurpose?: boolean;
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
  /** What they say, in the order of the paths that were asked for. */
  readonly values: readonly string[];
}

/** Failures of the same kind, host and folded path. */
export interface FailureGroup extends Tally {
  readonly type: string;
  readonly source: string;
  readonly host: string;
  /** As `foldPath` gives it. */
  readonly path: string;
  /** One of the paths, that of the last failure. */
  readonly examplePath: string;
}

/** A place where logs are: Workers Logs, or the log store of wrangler dev. All methods throw `LookupFailure`. */
export interface LogStore {
  /** Its name in `--json`: `cloudflare`, or the address of wrangler dev. */
  readonly name: string;
  /** The lines whose record says this at this path, such as the ID at `request_id`. */
  saying(path: RecordPath, value: string, window: TimeWindow): Promise<LogLines>;
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
  /** Counts failures by what they say at a path, the most frequent first. */
  tallyBy(path: string, filter: FailureFilter, window: TimeWindow): Promise<readonly TallyOf[]>;
  /**
   * The failures by kind, host and folded path, the most frequent first. Each count is exact; groups may be
   * missing where there are more than the store can list.
   * @param total how many failures there are, once that is known
   */
  groups(filter: FailureFilter, window: TimeWindow, total: Promise<number>): Promise<readonly FailureGroup[]>;
}
