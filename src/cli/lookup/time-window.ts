/** Says when to look for an ID, and for how long. The ID holds its time. Times are in milliseconds since 1970. */
import { duration, isoTime } from '../format.ts';
import type { TimeWindow } from './log-store.ts';

export const MINUTE = 60_000;
export const DAY = 1440 * MINUTE;

/** Workers Logs keeps a record this long: https://developers.cloudflare.com/workers/observability/logs/workers-logs/#limits */
export const RETENTION = 7 * DAY;
const RETENTION_FREE = 3 * DAY;
/** The same for people. */
export const DELETION =
  'Workers Logs deletes records after 3 days on the Free plan and after 7 days on the Paid plan (from December 1, 2026 after 7 days on both).';
// A record appears this long after its failure at most: we measured 11 to 45 seconds.
const INGESTION = MINUTE;
// A failed request takes less than this: Cloudflare waits two minutes for an origin.
const SLOWEST = 3 * MINUTE;

/** All lines of a request are logged within this time: Cloudflare can be set to wait 6000 seconds for an origin. */
export const LONGEST = 120 * MINUTE;
// Clocks may differ.
const BEFORE = 5 * MINUTE;

/** When a UUIDv7 was made: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7 */
export function timeOf(uuid: string): number {
  return Number.parseInt(uuid.replace('-', '').slice(0, 12), 16);
}

/** A time in ISO 8601 for people, in UTC: `2026-11-23 12:00:00`. */
export function secondOf(time: string): string {
  return time.slice(0, 19).replace('T', ' ');
}

/** The window to search for an ID by the time when it was made. Undefined if no kept record can have the ID. */
export function windowFor(made: number, now: number): TimeWindow | undefined {
  if (made > now + MINUTE || made < now - RETENTION) return undefined;
  return { from: made - BEFORE, to: Math.min(made + LONGEST, Math.max(now, made + 1000)) };
}

/** The time until which a record may still appear in Workers Logs; one in the past if waiting is useless. */
export function appearsUntil(made: number, now: number): number {
  return now - made < SLOWEST ? Math.max(made, now) + INGESTION : made;
}

/** Explains in full sentences why Workers Logs has no record for a well-formed ID. */
export function whyMissing(made: number, now: number): string {
  const age = now - made;
  const when = `The ID says that the request came at ${isoTime(made)}, ${duration(Math.max(0, age))} ago.`;
  if (age < -MINUTE) {
    return `No request can have this ID yet: it says that it was made at ${isoTime(made)}, in ${duration(-age)}.
A digit is mistyped, or the clock of this machine is slow: it says ${isoTime(now)}.`;
  }
  if (age > RETENTION)
    return `The record is gone: the ID was made ${duration(age)} ago, at ${isoTime(made)}.\n${DELETION}`;
  if (age > RETENTION_FREE) return `${when}\n${DELETION}`;
  if (age < BEFORE)
    return `${when}\nA failure is logged when it ends, and is found up to a minute later: try again in a minute.`;
  return `${when}\nIs that about when it failed? If not, a digit is mistyped. If it is, the account may be another one, or the Worker runs without [observability], or with a head_sampling_rate below 1.`;
}
