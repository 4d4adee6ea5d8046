/** From the request ID that a visitor quotes to what failed. `--help` says how. */
import { inspect } from 'node:util';
import type { Command, Surroundings } from '../command.ts';
import { duration, plural } from '../format.ts';
import { printableBlock, printableJson } from '../printable.ts';
import { readArguments, type LookupRequest } from './arguments.ts';
import { credentialsFrom } from './credentials.ts';
import { describe } from './describe.ts';
import { EXIT, LookupFailure, type ExitCode } from './exit.ts';
import { find, type Patience } from './find.ts';
import { HELP } from './help.ts';
import { findingToJson, summaryToJson } from './json.ts';
import { localLogs } from './local-logs.ts';
import type { LogStore } from './log-store.ts';
import { paintFor } from './paint.ts';
import { Progress } from './progress.ts';
import { describeGroups, groupFailures } from './summary.ts';
import { telemetryApi } from './telemetry-api.ts';
import { workersLogs } from './telemetry.ts';
import {
  appearsUntil,
  assertWithinRetention,
  RETENTION,
  timeOf,
  whyMissing,
  windowFor,
} from './time-window.ts';

type Find = Extract<LookupRequest, { kind: 'find' }>;
type Summary = Extract<LookupRequest, { kind: 'summary' }>;

/** What a look-up works with. */
interface Desk {
  readonly surroundings: Surroundings;
  readonly progress: Progress;
  readonly print: (text: string) => void;
}

/** The command `lookup`. Its exit codes are in `exit.ts`. */
export const main: Command = async (argv, surroundings) => {
  const progress = new Progress(surroundings.stderr);
  const print = (text: string): void => void surroundings.stdout.write(`${text}\n`);
  try {
    return await answer(readArguments(argv), { surroundings, progress, print });
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

async function printFailure(command: Find, desk: Desk): Promise<ExitCode> {
  const { id, verbatim, local, json } = command;
  const { progress, print, surroundings } = desk;
  const asked = Date.now();
  const made = verbatim ? undefined : timeOf(id);
  if (made !== undefined && !local) assertWithinRetention(made, asked);
  const store = storeFor(local, desk);
  const windowAt = (now: number) =>
    made === undefined ? { from: now - RETENTION, to: now } : windowFor(made, now);
  const patience = local ? forWranglerDev() : forWorkersLogs(made, asked, progress);
  const found = await find(store, id, windowAt, patience).finally(() => progress.clear());
  const { failures, truncated } = found;
  if (failures.length === 0) throw new LookupFailure(EXIT.notFound, notFound(command, made));
  if (truncated) progress.note(`More requests had this ID: these are the newest ${failures.length}.`);
  print(
    json
      ? printableJson(findingToJson(id, store, found))
      : failures.map((failure) => describe(failure, paintFor(surroundings))).join('\n\n'),
  );
  return EXIT.found;
}

async function printSummary({ since, local, json }: Summary, desk: Desk): Promise<ExitCode> {
  const { progress, print, surroundings } = desk;
  if (!local && since > RETENTION) progress.note('Workers Logs keeps at most 7 days.');
  const to = Date.now();
  const window = { from: to - (local ? since : Math.min(since, RETENTION)), to };
  const store = storeFor(local, desk);
  const found = await store.failures(window);
  if (json) {
    print(printableJson(summaryToJson(window, store, found)));
    return EXIT.found;
  }
  const { length } = found.lines;
  print(`${plural(length, 'failure')} in the last ${duration(to - window.from)}.`);
  if (found.truncated)
    print('There were more than could be fetched: these are the newest. A shorter --since shows all.');
  if (length > 0) print(`\n${describeGroups(groupFailures(found.lines), paintFor(surroundings).heading)}`);
  return EXIT.found;
}

/** Workers Logs, or the logs of wrangler dev. */
function storeFor(local: URL | undefined, { surroundings: { env }, progress }: Desk): LogStore {
  if (local) return localLogs(local);
  const notice = (text: string): void => progress.note(text);
  return workersLogs(telemetryApi(credentialsFrom(env), env['CLOUDFLARE_BASE_URL'] ?? '', notice), notice);
}

/** wrangler dev stores a line a moment after the request. */
function forWranglerDev(): Patience {
  return { until: Date.now() + 3000, interval: 200, waiting() {} };
}

/** Workers Logs shows a record up to a minute after the failure. */
function forWorkersLogs(made: number | undefined, now: number, progress: Progress): Patience {
  return {
    until: made === undefined ? 0 : appearsUntil(made, now),
    interval: 2000,
    waiting: (left) =>
      progress.show(`Not in Workers Logs yet: it takes 11 to 45 s. Waiting up to ${duration(left)} more.`),
  };
}

function notFound({ id, typed, verbatim, local }: Find, made: number | undefined): string {
  const isAsTyped = verbatim || typed === id;
  const hint = isAsTyped ? '' : `\nIf a client chose this ID (TRUST_REQUEST_ID), ask for it --verbatim.`;
  return `${whereNotFound(id, local, made)}${hint}`;
}

function whereNotFound(id: string, local: URL | undefined, made: number | undefined): string {
  if (local) return `No record with the ID ${id} in the logs of wrangler dev at ${local.origin}.`;
  const why = made === undefined ? 'The last 7 days were searched.' : whyMissing(made, Date.now());
  return `No record with the ID ${id} in Workers Logs.\n${why}`;
}
