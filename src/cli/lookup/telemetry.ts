/**
 * Reads Workers Logs through the query API of Workers Observability. Does not trust the form of its answers.
 * The form of a query is `TelemetryQueryParams` in Cloudflare's SDK (npm package `cloudflare` 7.3.0, Apache-2.0).
 */
import { isoTime } from '../format.ts';
import { isJsonObject, numberFact, recordFact, toLogLine } from './log-line.ts';
import type { JsonObject, LogLine } from './log-line.ts';
import { countParts, sum, where } from './log-store.ts';
import type { LogStore, Tally, TimeWindow } from './log-store.ts';
import { noResult, type QueryTelemetry } from './telemetry-api.ts';

// The API gives at most 2000 events a page. An operator will not wait for more than 25 pages.
const PAGE = 2000;
const MAX_PAGES = 25;
const COUNT = { operator: 'count', alias: 'failures' };
const FIRST = { operator: 'min', key: 'timestamp', keyType: 'number', alias: 'first' };
const LAST = { operator: 'max', key: 'timestamp', keyType: 'number', alias: 'last' };

/**
 * Workers Logs of one account.
 * @param notice is called with a sentence for the operator if an answer comes from a sample
 */
export function workersLogs(ask: QueryTelemetry, notice: (text: string) => void): LogStore {
  let saidSampled = false;

  return {
    name: 'cloudflare',
    isLocal: false,
    async lines(filters, timeframe, limit = Infinity) {
      const lines = new Map<string, LogLine>();
      let [before, total] = [-1, limit];
      // A page may be short without being the last, so go on until the total, or a page without a new line.
      for (let page = 0; page < MAX_PAGES && before < lines.size && lines.size < total; page++) {
        before = lines.size;
        const after = lines.size === 0 ? {} : { offset: [...lines.keys()].at(-1), offsetDirection: 'next' };
        const size = { limit: Math.min(limit, PAGE), ...after };
        const result = await query({ view: 'events', timeframe, parameters: { filters }, ...size });
        if (!isJsonObject(result['events'])) throw noResult();
        for (const line of listOf(result['events'], 'events').map(lineOf)) lines.set(line.id, line);
        total = Math.min(limit, numberFact(result, 'events.count') ?? Infinity);
      }
      return [...lines.values()];
    },
    async tally(filters, timeframe, paths = [], order = 'desc') {
      const groupBys = paths.map((value) => ({ type: 'string', value }));
      const parameters = {
        filters: [...filters, ...paths.map((path) => where(path, 'exists'))],
        calculations: [COUNT, FIRST, LAST],
        ...(paths.length > 0 && { groupBys, orderBy: { value: COUNT.alias, order } }),
        limit: PAGE,
      };
      const form = { view: 'calculations', timeframe, parameters, limit: PAGE, ignoreSeries: true };
      return talliesOf(await query(form), timeframe, paths);
    },
    async timeline(filters, timeframe, parts) {
      const parameters = { filters, calculations: [COUNT] };
      const form = { view: 'calculations', timeframe, parameters, granularity: parts };
      return timelineOf(await query(form), timeframe, parts);
    },
  };

  async function query(form: JsonObject & { readonly parameters: object }): Promise<JsonObject> {
    const parameters = { filterCombination: 'and', ...form.parameters };
    const result = await ask({ queryId: 'edge-error-interceptor-lookup', ...form, parameters });
    if ((numberFact(result, 'statistics.abr_level') ?? 1) > 1 && !saidSampled) {
      saidSampled = true;
      notice(
        'Cloudflare answered from a sample of the logs: records may be missing and counts are estimates.',
      );
    }
    return result;
  }
}

function calculated(result: JsonObject, name: string, entries: 'aggregates' | 'series'): JsonObject[] {
  if (!Array.isArray(result['calculations'])) throw noResult();
  const calculation = listOf(result, 'calculations').find(({ alias }) => alias === name) ?? {};
  return listOf(calculation, entries);
}

function talliesOf(result: JsonObject, { from, to }: TimeWindow, paths: readonly string[]): Tally[] {
  const valuesIn = (aggregate: JsonObject): string[] =>
    paths.map((path) => {
      const group = listOf(aggregate, 'groups').find(({ key }) => key === path);
      return recordFact(group, 'value') ?? '';
    });
  const timesBy = (alias: string) =>
    new Map(
      calculated(result, alias, 'aggregates').flatMap((one) => {
        const time = numberFact(one, 'value') ?? NaN;
        // The API may answer 0 for an unknown time.
        return time >= from && time <= to ? [[JSON.stringify(valuesIn(one)), isoTime(time)] as const] : [];
      }),
    );
  const [firsts, lasts] = [timesBy(FIRST.alias), timesBy(LAST.alias)];
  return calculated(result, COUNT.alias, 'aggregates').flatMap((one) => {
    const values = valuesIn(one);
    const key = JSON.stringify(values);
    const count = Math.round(numberFact(one, 'value') ?? 0);
    const sampleInterval = numberFact(one, 'sampleInterval') ?? 1;
    return count > 0 ? [{ values, count, first: firsts.get(key), last: lasts.get(key), sampleInterval }] : [];
  });
}

/** The count in each of the equal parts of the window. The API leaves out empty parts. */
function timelineOf(result: JsonObject, window: TimeWindow, parts: number): number[] {
  const points = calculated(result, COUNT.alias, 'series').map((point) => {
    const text = recordFact(point, 'time') ?? '';
    const time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
    const counts = listOf(point, 'data').map((data) => ({ count: numberFact(data, 'value') ?? 0 }));
    // The parts of the API may begin slightly earlier or later: the middle of a part is within it.
    return { time: time + (window.to - window.from) / parts / 2, count: sum(counts) };
  });
  return countParts(window, parts, points);
}

/** The objects in the list under this key, or none if there is no list. */
function listOf(object: JsonObject, key: string): JsonObject[] {
  const list = object[key];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function lineOf(event: JsonObject): LogLine {
  const { source } = event;
  const said = (...paths: readonly string[]): string | undefined =>
    paths.map((path) => recordFact(event, path)).find((value) => value !== undefined);
  const line = toLogLine(source, {
    id: said('$metadata.id') ?? '',
    time: numberFact(event, 'timestamp') ?? 0,
    level: said('$metadata.level', 'source.level') ?? 'log',
    service: said('$metadata.service', '$workers.scriptName'),
    invocation: said('$metadata.requestId', '$workers.requestId') ?? '',
  });
  return { ...line, text: line.text || (said('$metadata.message', '$metadata.error') ?? '') };
}
