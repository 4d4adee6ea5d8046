/** Reads Workers Logs through the query API of Workers Observability. */
import { byCount, foldGroups, GROUPED_BY, hostPattern, pathPattern } from './fold.ts';
import {
  isFailureRecord,
  isJsonObject,
  numberFact,
  recordFact,
  type JsonObject,
  type LogLine,
} from './log-line.ts';
import {
  sum,
  type FailureFilter,
  type FailureGroup,
  type LogLines,
  type LogStore,
  type TallyOf,
  type TimeWindow,
} from './log-store.ts';
import {
  noResult,
  type QueryTelemetry,
  type TelemetryFilter,
  type TelemetryParameters,
  type TelemetryQuery,
} from './telemetry-api.ts';
import { listOf, talliesOf, timelineOf, toLogLine } from './telemetry-results.ts';

// The API gives at most 2000 events a page. An operator will not wait for more than 25 pages.
const PAGE = 2000;
const MAX_PAGES = 25;
// If the API cannot list all hosts and paths, as many groups as a summary shows are counted again.
const RECOUNTED = 15;
type Filters = TelemetryParameters['filters'];
type Groups = Pick<TelemetryParameters, 'groupBys' | 'orderBy'>;

const ALIASES = ['failures', 'first', 'last'] as const;

/**
 * Workers Logs of one account.
 * @param notice is called with a sentence for the operator if an answer comes from a sample
 */
export function workersLogs(ask: QueryTelemetry, notice: (text: string) => void): LogStore {
  let saidSampled = false;

  return {
    name: 'cloudflare',
    async saying(path, value, window) {
      const { lines, truncated } = await events([where(path, 'eq', value)], window);
      return { lines: lines.filter(({ record }) => record && recordFact(record, path) === value), truncated };
    },
    async ofInvocation(invocation, window) {
      const { lines, truncated } = await events([where('$metadata.requestId', 'eq', invocation)], window);
      return { lines: lines.toSorted((a, b) => a.time - b.time), truncated };
    },
    async newest(filter, window) {
      const { events: lines } = await eventsPage(filtersOf(filter), window, 1);
      return lines.find(({ record }) => record && isFailureRecord(record));
    },
    async tally(filter, window, buckets) {
      const calculations = await calculate(filtersOf(filter), window, { granularity: buckets });
      const [all] = talliesOf(calculations, window);
      return {
        ...(all ?? { count: 0, sampleInterval: 1 }),
        timeline: timelineOf(calculations[0], window, buckets),
      };
    },
    async tallyBy(paths, filter, window) {
      const exist = paths.map((path) => where(path, 'exists'));
      return mostOf(paths, [...filtersOf(filter), ...exist], window, 'desc');
    },
    async groups(filter, window, total) {
      const filters = filtersOf(filter);
      const most = await mostOf(GROUPED_BY, filters, window, 'desc');
      if (sum(most) >= total) return foldGroups(most);
      // A million paths that were requested once each are not among the most frequent: list the rarest too.
      const rarest = await mostOf(GROUPED_BY, filters, window, 'asc');
      const known = new Set(most.map(({ values }) => JSON.stringify(values)));
      const listed = [...most, ...rarest.filter(({ values }) => !known.has(JSON.stringify(values)))];
      const recounted = await Promise.all(foldGroups(listed).slice(0, RECOUNTED).map(recount));
      return recounted.toSorted(byCount);

      async function recount(group: FailureGroup): Promise<FailureGroup> {
        const { type, source, host, path } = group;
        const [hosts, paths] = [hostPattern(host), pathPattern(path)];
        if (hosts === undefined && paths === undefined) return group;
        const alike = [
          ...filters,
          where('error.type', 'eq', type),
          where('error.source', 'eq', source),
          hosts === undefined ? where('server.address', 'eq', host) : where('server.address', 'regex', hosts),
          paths === undefined ? where('url.path', 'eq', path) : where('url.path', 'regex', paths),
        ];
        const [tally] = talliesOf(await calculate(alike, window, { ignoreSeries: true }), window);
        return { ...group, ...tally };
      }
    },
  };

  /** All events that match all filters, page after page. */
  async function events(filters: Filters, timeframe: TimeWindow): Promise<LogLines> {
    const lines = new Map<string, LogLine>();
    let offset: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const { events: more, total } = await eventsPage(filters, timeframe, PAGE, offset);
      const before = lines.size;
      for (const line of more) lines.set(line.id, line);
      offset = more.at(-1)?.id;
      // A page may be short without being the last, so go on until the total, or a page without a new line.
      if (lines.size === before || lines.size >= (total ?? Infinity)) {
        return { lines: [...lines.values()], truncated: false };
      }
    }
    return { lines: [...lines.values()], truncated: true };
  }

  async function eventsPage(filters: Filters, timeframe: TimeWindow, limit: number, offset?: string) {
    const result = await ask({
      view: 'events',
      timeframe,
      limit,
      ...(offset !== undefined && { offset, offsetDirection: 'next' }),
      parameters: { filters, filterCombination: 'and' },
    });
    if (!isJsonObject(result['events'])) throw noResult('Cloudflare');
    noticeSample(result);
    const lines = listOf(result['events'], 'events').map(toLogLine);
    return { events: lines, total: numberFact(result, 'events.count') };
  }

  /** Asks for the count, the first and the last time: the calculations in the order of `ALIASES`. */
  async function calculate(
    filters: Filters,
    timeframe: TimeWindow,
    { groups, ...form }: Pick<TelemetryQuery, 'granularity' | 'ignoreSeries'> & { readonly groups?: Groups },
  ): Promise<JsonObject[]> {
    const time = { key: 'timestamp', keyType: 'number' } as const;
    const [count, first, last] = ALIASES;
    const result = await ask({
      view: 'calculations',
      timeframe,
      ...form,
      ...(groups && { limit: PAGE }),
      parameters: {
        filters,
        filterCombination: 'and',
        calculations: [
          { operator: 'count', alias: count },
          { operator: 'min', ...time, alias: first },
          { operator: 'max', ...time, alias: last },
        ],
        ...(groups && { ...groups, limit: PAGE }),
      },
    });
    if (!Array.isArray(result['calculations'])) throw noResult('Cloudflare');
    noticeSample(result);
    const calculations = listOf(result, 'calculations');
    return ALIASES.map((name) => calculations.find(({ alias }) => alias === name) ?? {});
  }

  /** The most or the least frequent groups, up to the limit of the API. */
  async function mostOf(
    paths: readonly string[],
    filters: Filters,
    window: TimeWindow,
    order: 'asc' | 'desc',
  ): Promise<TallyOf[]> {
    const groupBys = paths.map((value) => ({ type: 'string', value }) as const);
    const groups = { groupBys, orderBy: { value: ALIASES[0], order } };
    return talliesOf(await calculate(filters, window, { ignoreSeries: true, groups }), window, paths);
  }

  function noticeSample(result: JsonObject): void {
    if ((numberFact(result, 'statistics.abr_level') ?? 1) <= 1 || saidSampled) return;
    saidSampled = true;
    notice('Cloudflare answered from a sample of the logs: records may be missing and counts are estimates.');
  }
}

function filtersOf({ facts = {}, noBots = false, insteadOfFailures }: FailureFilter): Filters {
  return [
    where('request_id', 'exists'),
    where('error.type', 'exists'),
    // An answer on purpose is logged as a warning, so that it raises no alarm.
    where('$metadata.level', insteadOfFailures === 'answers on purpose' ? 'eq' : 'neq', 'warn'),
    where('error.source', insteadOfFailures === 'drills' ? 'eq' : 'neq', 'drill'),
    ...(noBots ? [where('cloudflare.verified_bot_category', 'is_null')] : []),
    ...Object.entries(facts).map(([path, value]) => where(path, 'eq', value)),
  ];
}

function where(key: string, operation: TelemetryFilter['operation'], value?: string): TelemetryFilter {
  return { key, operation, type: 'string', ...(value !== undefined && { value }) };
}
