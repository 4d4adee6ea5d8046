/** `npm run lookup`: from the request ID that a visitor quotes to what failed. `--help` says how. */
import { inspect, styleText } from 'node:util';
import { readArguments, type Command } from './lookup/arguments.ts';
import { credentialsFrom } from './lookup/credentials.ts';
import { describe, type Paint } from './lookup/describe.ts';
import { EXIT, LookupFailure, type ExitCode } from './lookup/exit.ts';
import { find, type Patience } from './lookup/find.ts';
import { duration, plural } from './format.ts';
import { HELP } from './lookup/help.ts';
import { findingToJson, summaryToJson } from './lookup/json.ts';
import { localLogs } from './lookup/local-logs.ts';
import type { LogStore } from './lookup/log-store.ts';
import { Progress } from './lookup/progress.ts';
import { printableBlock, printableJson } from './printable.ts';
import { describeGroups, groupFailures } from './lookup/summary.ts';
import {
  appearsUntil,
  assertWithinRetention,
  RETENTION,
  timeOf,
  whyMissing,
  windowFor,
} from './lookup/time-window.ts';

type Find = Extract<Command, { kind: 'find' }>;
type Summary = Extract<Command, { kind: 'summary' }>;

const progress = new Progress(process.stderr);

const paint: Paint = {
  alarm: (text) => styleText(['bold', 'red'], text, { stream: process.stdout }),
  heading: (text) => styleText('bold', text, { stream: process.stdout }),
  aside: (text) => styleText('dim', text, { stream: process.stdout }),
};

// Whoever reads the output has seen enough: `| head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.found);
});

// Set rather than exited with, so that a pipe gets all of the output.
process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  const known = error instanceof LookupFailure;
  process.stderr.write(`${printableBlock(known ? error.message : inspect(error))}\n`);
  return known ? error.exitCode : EXIT.bug;
});

async function run(argv: readonly string[]): Promise<ExitCode> {
  const command = readArguments(argv);
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP);
      return EXIT.found;
    case 'find':
      return printFailure(command);
    case 'summary':
      return printSummary(command);
  }
}

async function printFailure(command: Find): Promise<ExitCode> {
  const { id, verbatim, local, json } = command;
  const asked = Date.now();
  const made = verbatim ? undefined : timeOf(id);
  if (made !== undefined && !local) assertWithinRetention(made, asked);
  const store = await storeFor(local);
  const windowAt = (now: number) =>
    made === undefined ? { from: now - RETENTION, to: now } : windowFor(made, now);
  const patience = local ? forWranglerDev() : forWorkersLogs(made, asked);
  const found = await find(store, id, windowAt, patience).finally(() => progress.clear());
  const { failures, truncated } = found;
  if (failures.length === 0) throw new LookupFailure(EXIT.notFound, notFound(command, made));
  if (truncated) progress.note(`More requests had this ID: these are the newest ${failures.length}.`);
  print(
    json
      ? printableJson(findingToJson(id, store, found))
      : failures.map((failure) => describe(failure, paint)).join('\n\n'),
  );
  return EXIT.found;
}

async function printSummary({ since, local, json }: Summary): Promise<ExitCode> {
  if (!local && since > RETENTION) progress.note('Workers Logs keeps at most 7 days.');
  const to = Date.now();
  const window = { from: to - (local ? since : Math.min(since, RETENTION)), to };
  const store = await storeFor(local);
  const found = await store.failures(window);
  if (json) {
    print(printableJson(summaryToJson(window, store, found)));
    return EXIT.found;
  }
  const { length } = found.lines;
  print(`${plural(length, 'failure')} in the last ${duration(to - window.from)}.`);
  if (found.truncated)
    print('There were more than could be fetched: these are the newest. A shorter --since shows all.');
  if (length > 0) print(`\n${describeGroups(groupFailures(found.lines), paint.heading)}`);
  return EXIT.found;
}

/** Workers Logs, or the logs of wrangler dev. */
async function storeFor(local: URL | undefined): Promise<LogStore> {
  if (local) return localLogs(local);
  const credentials = credentialsFrom(process.env);
  // Loading the SDK takes a third of a second, which --local does not need.
  const { workersLogs } = await import('./lookup/telemetry.ts');
  return workersLogs(credentials, (notice) => progress.note(notice));
}

/** wrangler dev stores a line a moment after the request. */
function forWranglerDev(): Patience {
  return { until: Date.now() + 3000, interval: 200, waiting() {} };
}

/** Workers Logs shows a record up to a minute after the failure. */
function forWorkersLogs(made: number | undefined, now: number): Patience {
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

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
