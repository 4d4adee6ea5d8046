/** Searches for what was typed, in each of the ways to read it. */
import { duration } from '../format.ts';
import type { FindRequest } from './arguments.ts';
import { EXIT, LookupFailure } from './exit.ts';
import { find, idOfRay, type Found, type Patience } from './find.ts';
import type { LogStore, TimeWindow } from './log-store.ts';
import type { Progress } from './progress.ts';
import { appearsUntil, RETENTION, timeOf, whyImpossible, whyMissing, windowFor } from './time-window.ts';
import type { Candidate } from './typed-id.ts';

/**
 * What is in the log for the first of the ways to read what was typed for which something is.
 * @throws LookupFailure if there is nothing for any, or of the store
 */
export async function searchFor(
  { reading: { candidates, complaint }, local }: FindRequest,
  store: LogStore,
  progress: Progress,
): Promise<Found & { readonly id: string }> {
  const reasons: string[] = [];
  for (const candidate of candidates) {
    const found = await findOne(candidate, candidate === candidates.at(-1), local, store, progress);
    if (found.failures.length > 0) return found;
    reasons.push(found.why);
  }
  const chosenOnly = candidates.every(({ kind }) => kind === 'chosen');
  // What was typed as it stands is only the first try at a page's ID.
  const told = chosenOnly
    ? reasons
    : reasons.slice(candidates.filter(({ kind }) => kind === 'chosen').length);
  throw new LookupFailure(
    EXIT.notFound,
    [...told, ...(chosenOnly && complaint !== undefined ? [`As the ID of a page: ${complaint}`] : [])].join(
      '\n',
    ),
  );
}

async function findOne(
  { kind, id: typed }: Candidate,
  isLast: boolean,
  local: URL | undefined,
  store: LogStore,
  progress: Progress,
): Promise<Found & { readonly id: string; readonly why: string }> {
  const asked = Date.now();
  const everything = (now: number): TimeWindow => ({ from: now - RETENTION, to: now });
  const nothing = { id: typed, failures: [], truncated: false };
  if (kind === 'ray') {
    const id = await idOfRay(store, typed, everything(asked));
    if (id === undefined)
      return { ...nothing, why: `No record with the Ray ID ${typed} in ${placeOf(local)}.` };
    return { id, why: '', ...(await find(store, id, everything, once)) };
  }
  const made = kind === 'made' ? timeOf(typed) : undefined;
  const impossible = made === undefined || local ? undefined : whyImpossible(made, asked);
  if (made === undefined || impossible !== undefined) {
    // Also what looks like an ID of a page may be one that a client chose.
    const found = await find(store, typed, everything, local && isLast ? forWranglerDev() : once);
    return { id: typed, why: impossible ?? whyNotFound(typed, local, made), ...found };
  }
  const patience = local ? forWranglerDev() : forWorkersLogs(made, asked, progress);
  const windowAt = (now: number): TimeWindow => windowFor(made, now);
  const found = await find(store, typed, windowAt, patience).finally(() => progress.clear());
  return { id: typed, why: whyNotFound(typed, local, made), ...found };
}

/** One query is enough. */
const once: Patience = { until: 0, interval: 0, waiting() {} };

/** wrangler dev stores a line a moment after the request. */
function forWranglerDev(): Patience {
  return { until: Date.now() + 3000, interval: 200, waiting() {} };
}

/** Workers Logs shows a record up to a minute after the failure. */
function forWorkersLogs(made: number, now: number, progress: Progress): Patience {
  return {
    until: appearsUntil(made, now),
    interval: 2000,
    waiting: (left) =>
      progress.show(`Not in Workers Logs yet: it takes 11 to 45 s. Waiting up to ${duration(left)} more.`),
  };
}

function whyNotFound(id: string, local: URL | undefined, made: number | undefined): string {
  const where = `No record with the ID ${id} in ${placeOf(local)}.`;
  if (local) return where;
  return `${where}\n${made === undefined ? 'The last 7 days were searched.' : whyMissing(made, Date.now())}`;
}

function placeOf(local: URL | undefined): string {
  return local ? `the logs of wrangler dev at ${local.origin}` : 'Workers Logs';
}
