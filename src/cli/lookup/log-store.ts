/** What a look-up needs from the place where the logs are. */
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

/** A place where logs are: Workers Logs, or the log store of wrangler dev. All methods throw `LookupFailure`. */
export interface LogStore {
  /** Its name in `--json`: `cloudflare`, or the address of wrangler dev. */
  readonly name: string;
  /** The lines that hold a record with this ID. */
  withRequestId(id: string, window: TimeWindow): Promise<LogLines>;
  /** All lines of one handled request, oldest first. */
  ofInvocation(invocation: string, window: TimeWindow): Promise<LogLines>;
  /** The lines that hold the record of a failure. */
  failures(window: TimeWindow): Promise<LogLines>;
}
