/** From the request ID that a visitor quotes to what failed. `--help` says how. */
import { inspect } from 'node:util';
import type { Command, Surroundings } from '../command.ts';
import { commandLine, npmKept } from '../npm-options.ts';
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
import type { FoundFailure } from './find.ts';
import { HELP } from './help.ts';
import { findingToJson, summaryToJson } from './json.ts';
import { localLogs } from './local-logs.ts';
import type { LogStore } from './log-store.ts';
import { circumstancesOf, type Circumstances } from './outage.ts';
import { paintFor } from './paint.ts';
import { Progress } from './progress.ts';
import { searchFor } from './search.ts';
import { ownSourceMap, readSourceMap, type OwnSources } from './source-map.ts';
import { describeSummary, summarise } from './summary.ts';
import { telemetryApi } from './telemetry-api.ts';
import { workersLogs } from './telemetry.ts';
import { keptUntil, RETENTION } from './time-window.ts';

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
    const lines = known ? [error.message, ...hintAfter(error, argv, surroundings)] : [inspect(error)];
    surroundings.stderr.write(`${printableBlock(lines.join('\n'))}\n`);
    return known ? error.exitCode : EXIT.bug;
  }
};

/** Of `npm run lookup --local ID` npm leaves no trace but the ID. */
function hintAfter({ exitCode }: LookupFailure, argv: readonly string[], { env }: Surroundings): string[] {
  const isAsked = argv.some((argument) => argument.startsWith('--local'));
  if (exitCode !== EXIT.notFound || isAsked || env['npm_lifecycle_event'] === undefined) return [];
  return [`To ask a running wrangler dev instead:\n  ${commandLine('lookup', ['--local', ...argv])}`];
}

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
  const { id, failures, truncated } = await searchFor(request, store, progress);
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
  const sourcesOf = async ({ record }: FoundFailure): Promise<OwnSources> => {
    if (given) return { inSource: given };
    // wrangler dev builds for itself.
    return local ? {} : ownSourceMap('.', record);
  };
  const paint = paintFor(surroundings);
  const texts = described.map(async ({ found, circumstances }) => {
    return describe(found, paint, {
      sources: await sourcesOf(found),
      ...(circumstances && { circumstances }),
      ...(!local && { keptUntil: keptUntil(found.line.time, Date.now()) }),
    });
  });
  print((await Promise.all(texts)).join('\n\n'));
  return EXIT.found;
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
