/** Workers Logs, through the query API of Workers Observability. */
import type { TelemetryQueryParams } from 'cloudflare/resources/workers/observability/telemetry';
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
import type { QueryTelemetry } from './telemetry-api.ts';
import { noResult } from './telemetry-failure.ts';

type Filter = TelemetryQueryParams.Parameters.WorkersObservabilityFilterLeaf;

// The largest page that the API gives, and as many of them as an operator will wait for: 50 000 events.
const PAGE = 2000;
const MAX_PAGES = 25;

/**
 * Workers Logs of one account.
 * @param notice is told what a person should know meanwhile, such as an answer from a sample
 */
export function workersLogs(ask: QueryTelemetry, notice: (text: string) => void): LogStore {
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
    const result = await ask({
      view: 'events',
      timeframe: { from, to },
      limit: PAGE,
      ...(offset !== undefined && { offset, offsetDirection: 'next' }),
      parameters: { filters, filterCombination: 'and' },
    });
    if (!isJsonObject(result['events'])) throw noResult('Cloudflare');
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
