/**
 * Workers Logs, through the query API of Workers Observability:
 * https://developers.cloudflare.com/api/resources/workers/subresources/observability/
 */
import Cloudflare from 'cloudflare';
import type { TelemetryQueryParams } from 'cloudflare/resources/workers/observability/telemetry';
import type { Credentials } from './credentials.ts';
import { EXIT, LookupFailure } from './exit.ts';
import {
  fact,
  findRecord,
  isFailureRecord,
  isJsonObject,
  loggedText,
  numberFact,
  textFact,
  type JsonObject,
  type LogLine,
} from './log-line.ts';
import type { LogLines, LogStore, TimeWindow } from './log-store.ts';
import { retryAfter, telemetryFailure } from './telemetry-failure.ts';

type Filter = TelemetryQueryParams.Parameters.WorkersObservabilityFilterLeaf;

// The largest page that the API gives, and as many of them as an operator will wait for: 50 000 events.
const PAGE = 2000;
const MAX_PAGES = 25;
// As long, in milliseconds, as an operator will wait in silence.
const MAX_RETRY_AFTER = 20_000;

/**
 * Workers Logs of one account. The SDK reads `CLOUDFLARE_BASE_URL`.
 * @param notice is told what a person should know meanwhile, such as a query that is tried again
 */
export function workersLogs({ accountId, apiToken }: Credentials, notice: (text: string) => void): LogStore {
  const client = new Cloudflare({
    apiToken,
    // Otherwise the SDK would send these too, where the environment has them.
    apiKey: null,
    apiEmail: null,
    userServiceKey: null,
    timeout: 60_000,
    fetch: fetchWhole,
    logLevel: 'info',
    logger: { debug() {}, info: retryNotice(notice), warn: notice, error: notice },
  });

  let saidSampled = false;

  return {
    name: 'cloudflare',
    async withRequestId(id, window) {
      const { lines, truncated } = await query([stringFilter('request_id', 'eq', id)], window);
      return { lines: lines.filter(({ record }) => record?.['request_id'] === id), truncated };
    },
    async ofInvocation(invocation, window) {
      const { lines, truncated } = await query(
        [stringFilter('$metadata.requestId', 'eq', invocation)],
        window,
      );
      return { lines: lines.toSorted((a, b) => a.time - b.time), truncated };
    },
    async failures(window) {
      const filters = [stringFilter('request_id', 'exists'), stringFilter('error.type', 'exists')];
      const { lines, truncated } = await query(filters, window);
      return { lines: lines.filter(({ record }) => record && isFailureRecord(record)), truncated };
    },
  };

  /** All events that match all filters, page after page. */
  async function query(filters: Filter[], timeframe: TimeWindow): Promise<LogLines> {
    const lines = new Map<string, LogLine>();
    let offset: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const { events, total } = await queryPage(filters, timeframe, offset);
      const before = lines.size;
      for (const line of events) lines.set(line.id, line);
      offset = events.at(-1)?.id;
      // A page may be shorter than asked for, so only the total or a page without news ends the list.
      if (lines.size === before || lines.size >= (total ?? Infinity)) {
        return { lines: [...lines.values()], truncated: false };
      }
    }
    return { lines: [...lines.values()], truncated: true };
  }

  async function queryPage(filters: Filter[], { from, to }: TimeWindow, offset: string | undefined) {
    const result: unknown = await client.workers.observability.telemetry
      .query({
        account_id: accountId,
        queryId: 'edge-error-interceptor-lookup',
        view: 'events',
        timeframe: { from, to },
        limit: PAGE,
        ...(offset !== undefined && { offset, offsetDirection: 'next' }),
        parameters: { filters, filterCombination: 'and' },
      })
      .catch((thrown: unknown) => {
        throw telemetryFailure(thrown, client.baseURL);
      });
    if (!isJsonObject(result) || !isJsonObject(result['events'])) {
      throw new LookupFailure(
        EXIT.api,
        `${client.baseURL} did not answer as its API does: no events in the result.`,
      );
    }
    if ((numberFact(result, 'statistics.abr_level') ?? 1) > 1 && !saidSampled) {
      saidSampled = true;
      notice('Cloudflare answered from a sample of the logs: records may be missing and counts are too low.');
    }
    const list = result['events']['events'];
    const events = Array.isArray(list) ? list.filter(isJsonObject).map(toLogLine) : [];
    return { events, total: numberFact(result, 'events.count') };
  }
}

function stringFilter(key: string, operation: 'eq' | 'exists', value?: string): Filter {
  return { key, operation, type: 'string', ...(value !== undefined && { value }) };
}

function toLogLine(event: JsonObject): LogLine {
  const metadata = event['$metadata'];
  const { source } = event;
  const service = textFact(metadata, 'service') ?? textFact(event['$workers'], 'scriptName');
  const record = findRecord(source);
  return {
    id: textFact(metadata, 'id') ?? '',
    time: numberFact(event, 'timestamp') ?? 0,
    level: String(fact(metadata, 'level') ?? fact(source, 'level') ?? 'log'),
    invocation: textFact(metadata, 'requestId') ?? textFact(event['$workers'], 'requestId') ?? '',
    text: loggedText(source) || (textFact(metadata, 'message') ?? textFact(metadata, 'error') ?? ''),
    ...(service !== undefined && { service }),
    ...(record && { record }),
  };
}

/**
 * Fetches the whole answer, so that the SDK's timeout and retries hold for a body that stalls or breaks off, and
 * lets it retry only where it is not asked to wait for long.
 */
async function fetchWhole(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const body = await response.arrayBuffer();
  const headers = new Headers(response.headers);
  if (retryAfter(headers) > MAX_RETRY_AFTER) headers.set('x-should-retry', 'false');
  const { status, statusText } = response;
  return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers });
}

/** Hears of the SDK's retries, which wait as long as the API asks and would otherwise be silent. */
function retryNotice(notice: (text: string) => void): (message: string) => void {
  return (message) => {
    if (!message.includes('retrying')) return;
    const [, status] = /with status (\d+)/.exec(message) ?? [];
    notice(`Cloudflare's API ${status ? `answered ${status}` : 'could not be reached'}: trying again.`);
  };
}
