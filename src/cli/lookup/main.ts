/** From the request ID that a visitor quotes to what failed. `--help` says how. */
import { defineCommand, type Surroundings } from '../command.ts';
import { printableBlock, printableJson } from '../printable.ts';
import type { Screen } from '../terminal.ts';
import { OPTIONS, readArguments, type FindRequest, type SummaryRequest } from './arguments.ts';
import { credentialsFrom } from './credentials.ts';
import { describe } from './describe.ts';
import { EXIT, LookupFailure, type ExitCode } from './exit.ts';
import type { FoundFailure } from './find.ts';
import { EXIT_CODES, NOTES } from './notes.ts';
import { findingToJson, summaryToJson } from './json.ts';
import { localLogs } from './local-logs.ts';
import type { LogStore } from './log-store.ts';
import { circumstancesOf, type Circumstances } from './outage.ts';
import { Progress } from './progress.ts';
import { searchFor } from './search.ts';
import { readSourceMap } from './source-map.ts';
import { describeSummary, summarise } from './summary.ts';
import { telemetryApi } from './telemetry-api.ts';
import { workersLogs } from './telemetry.ts';
import { keptUntil, RETENTION } from './time-window.ts';

/** What a look-up works with. */
interface Desk {
  /** What was typed. */
  readonly argv: readonly string[];
  readonly surroundings: Surroundings<Screen>;
  readonly progress: Progress;
  readonly print: (text: string) => void;
}

/** The command `lookup`. */
export const main = defineCommand({
  name: 'lookup',
  summary: 'from a request ID to what failed',
  about: `From a request ID to the cause.

ID is the 26 characters on the error page, as they come: lower case, spaces and dashes are fine, o is read as 0, i and l as 1. It holds its own time, so no dates are needed. A text that holds it will do ("Request ID: 01M8… please help"), and so will a Ray ID of Cloudflare, or an ID that the client chose (setting TRUST_REQUEST_ID).`,
  examples: [
    [['ID'], 'the failure with this ID, from Workers Logs'],
    [['--local', 'ID'], 'the same from a running wrangler dev'],
    [['--since', '1h'], 'the failures of the last hour, counted and grouped (also 30m, 2d)'],
  ],
  options: OPTIONS,
  words: 'some',
  notes: NOTES,
  exitCodes: EXIT_CODES,
  async run(typed, surroundings) {
    const progress = new Progress(surroundings.stderr);
    const print = (text: string): void => void surroundings.stdout.write(`${text}\n`);
    const { argv } = typed;
    try {
      const request = readArguments(typed, Date.now());
      const desk = { argv, surroundings, progress, print };
      return await (request.kind === 'find' ? printFailure(request, desk) : printSummary(request, desk));
    } catch (error) {
      progress.clear();
      if (!(error instanceof LookupFailure)) throw error;
      surroundings.stderr.say(printableBlock(error.message));
      return error.exitCode;
    }
  },
});

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
  const { paint } = surroundings.stdout;
  const texts = described.map(({ found, circumstances }) =>
    describe(found, paint, {
      ...(given && { inSource: given }),
      ...(circumstances && { circumstances }),
      ...(!local && { keptUntil: keptUntil(found.line.time, Date.now()) }),
    }),
  );
  print(texts.join('\n\n'));
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
      : describeSummary(summary, where, surroundings.stdout.paint),
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
