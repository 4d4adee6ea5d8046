/** From the request ID that a visitor quotes to what failed. `--help` says how. */
import { inspect } from 'node:util';
import type { Command, Surroundings } from '../command.ts';
import { duration } from '../format.ts';
import { npmKept } from '../npm-options.ts';
import { printableBlock, printableJson } from '../printable.ts';
import {
  OPTIONS,
  readArguments,
  type FindRequest,
  type LookupRequest,
  type SummaryRequest,
} from './arguments.ts';
import { credentialsFrom } from './credentials.ts';
import { describe } from './describe.ts';
import { EXIT, LookupFailure, type ExitCode } from './exit.ts';
import { find, idOfRay, type Found, type FoundFailure, type Patience } from './find.ts';
import { HELP } from './help.ts';
import { findingToJson, summaryToJson } from './json.ts';
import { localLogs } from './local-logs.ts';
import type { LogStore, TimeWindow } from './log-store.ts';
import { circumstancesOf, type Circumstances } from './outage.ts';
import { paintFor } from './paint.ts';
import { Progress } from './progress.ts';
import { ownSourceMap, readSourceMap } from './source-map.ts';
import { describeSummary, summarise } from './summary.ts';
import { telemetryApi } from './telemetry-api.ts';
import { workersLogs } from './telemetry.ts';
import {
  appearsUntil,
  keptUntil,
  RETENTION,
  timeOf,
  whyImpossible,
  whyMissing,
  windowFor,
} from './time-window.ts';
import type { Candidate } from './typed-id.ts';

/** What a look-up works with. */
interface Desk {
  /** What was typed. */
  readonly argv: readonly string[];
  readonly surroundings: Surroundings;
  readonly progress: Progress;
  readonly print: (text: string) => void;
}

/** The command `lookup`. Its exit codes are in `exit.ts`. */
export const main: Command = async (argv, surroundings) => {
  const progress = new Progress(surroundings.stderr);
  const print = (text: string): void => void surroundings.stdout.write(`${text}\n`);
  const kept = npmKept(surroundings.env, argv, OPTIONS);
  if (kept !== undefined) {
    surroundings.stderr.write(`${printableBlock(kept)}\n`);
    return EXIT.usage;
  }
  try {
    return await answer(readArguments(argv, Date.now()), { argv, surroundings, progress, print });
  } catch (error) {
    const known = error instanceof LookupFailure;
    progress.clear();
    surroundings.stderr.write(`${printableBlock(known ? error.message : inspect(error))}\n`);
    return known ? error.exitCode : EXIT.bug;
  }
};

async function answer(request: LookupRequest, desk: Desk): Promise<ExitCode> {
  switch (request.kind) {
    case 'help':
      desk.surroundings.stdout.write(HELP);
      return EXIT.found;
    case 'find':
      return printFailure(request, desk);
    case 'summary':
      return printSummary(request, desk);
  }
}

async function printFailure(request: FindRequest, desk: Desk): Promise<ExitCode> {
  const { local, json, sourceMap } = request;
  const { progress, print, surroundings } = desk;
  // A map that cannot be read is said before anything is asked.
  const given = sourceMap === undefined ? undefined : await readSourceMap(sourceMap);
  const store = storeFor(local, desk);
  const { id, failures, truncated } = await findAny(request, store, progress);
  if (truncated) progress.note(`More requests had this ID: these are the newest ${failures.length}.`);
  const described = await Promise.all(
    failures.map(async (found, index) => {
      // Of many with one ID, only the newest is looked around for.
      const around = index === 0 ? await lookAround(store, found, progress) : undefined;
      // Each start of wrangler dev is a version of its own, which says nothing.
      const circumstances = around && local ? { ...around, versions: [] } : around;
      return { found, ...(circumstances && { circumstances }) };
    }),
  );
  if (json) {
    print(printableJson(findingToJson(id, store, described, truncated)));
    return EXIT.found;
  }
  const paint = paintFor(surroundings);
  const texts = described.map(async ({ found, circumstances }) => {
    const inSource = given ?? (await ownSourceMap('.', found.record));
    return describe(found, paint, {
      ...(inSource && { inSource }),
      ...(circumstances && { circumstances }),
      ...(!local && { keptUntil: keptUntil(found.line.time, Date.now()) }),
    });
  });
  print((await Promise.all(texts)).join('\n\n'));
  return EXIT.found;
}

/** The first of the ways to read what was typed that is in the log. Throws LookupFailure if none is. */
async function findAny(
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

/** What is around a failure; nothing where that cannot be counted, which is no reason to withhold the failure. */
async function lookAround(
  store: LogStore,
  { record, line }: FoundFailure,
  progress: Progress,
): Promise<Circumstances | undefined> {
  return circumstancesOf(store, record, line.time, Date.now()).catch((error: unknown) => {
    if (!(error instanceof LookupFailure)) throw error;
    progress.note(`Whether it is alone could not be counted: ${error.message}`);
    return undefined;
  });
}

async function printSummary({ since, filter, local, json }: SummaryRequest, desk: Desk): Promise<ExitCode> {
  const { progress, print, surroundings } = desk;
  if (!local && since > RETENTION) progress.note('Workers Logs keeps at most 7 days.');
  const to = Date.now();
  const window = { from: to - (local ? since : Math.min(since, RETENTION)), to };
  const store = storeFor(local, desk);
  const summary = await summarise(store, filter, window);
  const where = local ? ['--local', local.origin] : [];
  print(
    json
      ? printableJson(summaryToJson(summary, store))
      : describeSummary(summary, where, paintFor(surroundings)),
  );
  return EXIT.found;
}

/** Workers Logs, or the logs of wrangler dev. */
function storeFor(local: URL | undefined, { argv, surroundings: { env }, progress }: Desk): LogStore {
  if (local) return localLogs(local);
  const notice = (text: string): void => progress.note(text);
  return workersLogs(
    telemetryApi(credentialsFrom(env, argv), env['CLOUDFLARE_BASE_URL'] ?? '', notice),
    notice,
  );
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
