/** The command `lookup`: finds the failure for the request ID that a visitor quotes. */
import { defineCommand } from '../command.ts';
import { printableBlock, printableJson } from '../printable.ts';
import { Progress } from '../progress.ts';
import { useProxy } from '../proxy.ts';
import { wrap, type Screen } from '../terminal.ts';
import { options, readArguments, type LookupRequest } from './arguments.ts';
import { circumstancesOf } from './circumstances.ts';
import { describe } from './describe.ts';
import { find, type Finding } from './find.ts';
import { localLogs } from './local-logs.ts';
import { recordFact } from './log-line.ts';
import { EXIT, LookupFailure, type LogStore } from './log-store.ts';
import { readSourceMap } from './source-map.ts';
import { describeSummary, summarise } from './summary.ts';
import { telemetryApi } from './telemetry-api.ts';
import { workersLogs } from './telemetry.ts';
import { DELETION, RETENTION } from './time-window.ts';

/** The command `lookup`. */
export const main = defineCommand({
  name: 'lookup',
  summary: 'from a request ID to what failed',
  about: `From a request ID to the cause.

ID is what the error page shows, in upper or lower case, with spaces or without dashes. It holds its own time, so no dates are needed. A text that holds it will do, such as a whole mail; and so will a Ray ID of Cloudflare, the X-Request-Id that a visitor sent, or an ID that a client chose (setting TRUST_REQUEST_ID).`,
  examples: {
    ID: 'the failure with this ID, from Workers Logs',
    '--local ID': 'the same from a running wrangler dev',
    '--since 1h': 'the failures of the last hour, counted and grouped (also 30m, 2d)',
  },
  options,
  words: 'some',
  notes: {
    Environment: {
      CLOUDFLARE_ACCOUNT_ID: 'the account that the Worker runs in',
      CLOUDFLARE_API_TOKEN:
        'a token with the permission "Account > Workers Observability > Read". The login of wrangler does not carry that permission',
      CLOUDFLARE_BASE_URL: 'another address of the API',
      HTTPS_PROXY: 'the proxy to ask it by (Node 24.14 or later)',
      NO_COLOR: 'no colours on a terminal',
    },
    'When a record is there': `Workers Logs shows a record 11 to 45 seconds after the failure: an ID younger than three minutes is waited for, up to a minute. ${DELETION}`,
    'JSON of an ID': `{ request_id, store, truncated, failures: [{ cause, fault, next, sent_by_visitor?, circumstances?, time, service?, record, additions: [record], other_lines: [{ time, level, service?, text }] }] }
The newest failure first; behind those that have the ID, with sent_by_visitor, those whose request came with it. record is the record as it was logged; additions are further records of the same request, such as "Origin error body"; times are ISO 8601 in UTC. circumstances: { within_five_minutes, kinds: [{ error_type, error_source, count }], run?: { count, first, last, began_before, goes_on }, versions: [{ id, count, first, last }], sample_interval }`,
    'JSON of --since': `{ from, to, store, failures, first, last, sample_interval, truncated, others, other_kinds, on_purpose, drills, timeline, groups: [{ error_type, error_source, origin_status?, host, path, count, first, last, example? }] }
timeline has the count of each of 60 equal parts; others are failures in none of the groups, and other_kinds is like kinds above. In host and path, … stands for what differs.`,
  },
  exitCodes: {
    [EXIT.found]: 'found; or a summary was printed, even one of no failures',
    [EXIT.notFound]: 'no such ID: unknown, too old, or from the future',
    [EXIT.credentials]: 'CLOUDFLARE_ACCOUNT_ID or CLOUDFLARE_API_TOKEN is missing',
    [EXIT.permission]: 'Cloudflare refused the token',
    [EXIT.network]: 'Cloudflare, or wrangler dev, could not be reached',
    [EXIT.api]: 'Cloudflare, or wrangler dev, answered with an error',
    // Node would exit with 1 here, which means "no such ID".
    7: 'this program broke',
  },
  async run(typed, { env, stdout, stderr }) {
    const progress = new Progress(stderr);
    const notice = (text: string): void => progress.note(text);
    let undo = (): void => {};
    try {
      const request = readArguments(typed, Date.now());
      const { local } = request;
      if (!local) undo = useProxy(env, notice);
      const store = local ? localLogs(local) : workersLogs(telemetryApi(env, typed.argv), notice);
      const text =
        'since' in request
          ? await summaryOf(request, store, progress, stdout)
          : await failuresOf(request, store, progress, stdout);
      stdout.write(`${text}\n`);
      return EXIT.found;
    } catch (error) {
      progress.clear();
      if (!(error instanceof LookupFailure)) throw error;
      stderr.say(printableBlock(error.message));
      return error.exitCode;
    } finally {
      undo();
    }
  },
});

async function failuresOf(
  { candidates, sourceMap, json }: Extract<LookupRequest, { readonly candidates: unknown }>,
  store: LogStore,
  progress: Progress,
  { paint, width }: Screen,
): Promise<string> {
  // Read the map first, so that a bad one is reported before the search.
  const inSource = sourceMap === undefined ? undefined : await readSourceMap(sourceMap);
  const found = await find(candidates, store, progress);
  if (found.truncated)
    progress.note(`More requests had this ID: these are the newest ${found.failures.length}.`);
  // If many failures have the ID, count only around the newest.
  const [newest, ...others] = found.failures;
  const circumstances = newest && (await lookAround(store, newest, progress));
  const failures = newest ? [{ ...newest, circumstances }, ...others] : [];
  if (json) return printableJson({ ...found, failures });
  const texts = await Promise.all(failures.map((failure) => describe(failure, store, paint, inSource)));
  return wrap(texts.join('\n\n'), width);
}

/** The circumstances of a failure. If they cannot be counted, the failure is printed without them. */
async function lookAround(store: LogStore, { record, time }: Finding, progress: Progress) {
  // A drill and an answer on purpose are not part of an outage.
  if (/^(?:Drill$|Origin .* on purpose$)/.test(recordFact(record, 'message') ?? '')) return undefined;
  return circumstancesOf(store, record, Date.parse(time), Date.now()).catch((error: unknown) => {
    if (!(error instanceof LookupFailure)) throw error;
    progress.note(`Whether it is alone could not be counted: ${error.message}`);
    return undefined;
  });
}

async function summaryOf(
  { since, filters, json }: Extract<LookupRequest, { readonly since: unknown }>,
  store: LogStore,
  progress: Progress,
  screen: Screen,
): Promise<string> {
  const kept = store.isLocal ? since : Math.min(since, RETENTION);
  if (kept < since) progress.note('Workers Logs keeps at most 7 days.');
  const to = Date.now();
  const summary = await summarise(store, filters, { from: to - kept, to });
  return json ? printableJson(summary) : wrap(describeSummary(summary, store, screen), screen.width);
}
