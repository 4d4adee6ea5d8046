/**
 * Answers queries of Cloudflare's Workers Observability over events that are counted and not stored. So tests can
 * hold millions of events.
 */
import type {
  TelemetryCalculation,
  TelemetryEvent,
  TelemetryEvents,
  TelemetryResult,
} from './telemetry-types.ts';

/** A query as received, unchecked. */
export type Query = Readonly<Record<string, unknown>>;

/** Events that differ only in ID and time. The i-th of `count` is at `first + i * step`, in milliseconds. */
export interface EventSeries {
  readonly first: number;
  readonly step: number;
  readonly count: number;
  /** The fields that all events share. Its ID and time belong to none of them. */
  readonly common: TelemetryEvent;
  event(index: number): TelemetryEvent;
  /** The index of the event with this request ID. */
  indexOf(requestId: string): number | undefined;
}

/** Faults of the API that a test can switch on. */
export interface Shortcomings {
  /** The most events on a page. */
  readonly pageCap: number;
  /** The number of events for which each stored one stands. */
  readonly sampleInterval: number;
  /** True if the times of events are left out. */
  readonly timeless: boolean;
}

/** An error that says how the API refuses a query. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The events of a series in the time frame: from `start` to before `end`, both indices. */
interface Match {
  readonly series: EventSeries;
  readonly start: number;
  readonly end: number;
}

interface Group {
  readonly values: readonly string[];
  readonly matches: Match[];
  count: number;
  first: number;
  last: number;
}

type Test = (event: TelemetryEvent) => boolean;

const MAX_LIMIT = 2000;
const MAX_EVENTS = 200_000;
const VIEWS = ['traces', 'events', 'calculations', 'invocations', 'requests', 'agents'];

/**
 * Answers a query.
 * @throws Refusal if the API would refuse the query
 */
export function runQuery(
  query: Query,
  stored: readonly EventSeries[],
  short: Shortcomings,
): Pick<TelemetryResult, 'calculations' | 'events'> {
  const { timeframe, view = 'events', limit = 100, parameters = {} } = query;
  if (!isObject(timeframe)) throw new Refusal(400, 1001, 'timeframe: required');
  const from = integer(timeframe['from'], 'timeframe.from');
  const to = integer(timeframe['to'], 'timeframe.to');
  if (from >= to) throw new Refusal(400, 1001, 'timeframe: from must be earlier than to');
  if (!VIEWS.includes(String(view))) throw new Refusal(400, 1001, 'view: unknown');
  if (integer(limit, 'limit') > MAX_LIMIT) throw new Refusal(400, 1001, `limit: at most ${MAX_LIMIT}`);
  if (!isObject(parameters)) throw new Refusal(400, 1001, 'parameters: expected an object');
  if ('datasets' in parameters) throw new Refusal(400, 1001, 'datasets: leave them out');
  const passes = compile(parameters);
  const matches = ofRequest(stored, parameters).flatMap((series): Match[] => {
    const start = Math.max(0, Math.ceil((from - series.first) / series.step));
    const end = Math.min(series.count, Math.floor((to - series.first) / series.step) + 1);
    if (start >= end) return [];
    return passes(series.common) ? [{ series, start, end }] : [];
  });
  switch (view) {
    case 'events':
      return { events: eventsOf(matches, query, short) };
    case 'calculations':
      return { calculations: calculationsOf(matches, query, parameters, { from, to }, short) };
    default:
      throw new Refusal(501, 1002, `this server has no view "${String(view)}"`);
  }
}

/** A series that holds one event. */
export function single(event: TelemetryEvent): EventSeries {
  return { first: event.timestamp, step: 1, count: 1, common: event, event: () => event, indexOf: () => 0 };
}

/** For a query of one request ID, replaces each series by its events with that ID. */
function ofRequest(stored: readonly EventSeries[], { filters = [] }: Query): readonly EventSeries[] {
  const id = objects(filters, 'filters').find(
    ({ key, operation }) => key === 'request_id' && operation === 'eq',
  )?.['value'];
  if (id === undefined) return stored;
  return stored.flatMap((series) => {
    const index = series.indexOf(String(id));
    return index === undefined ? [] : [single(series.event(index))];
  });
}

/** A page of events, the newest first. It starts after the event that the cursor names. */
function eventsOf(
  matches: readonly Match[],
  { limit = 100, offset }: Query,
  { pageCap }: Shortcomings,
): TelemetryEvents {
  const count = matches.reduce((sum, { start, end }) => sum + end - start, 0);
  const length = Math.min(Number(limit), pageCap);
  if (offset !== undefined && count > MAX_EVENTS)
    throw new Refusal(501, 1002, 'too many events to page through');
  // The first page cannot hold more events than this.
  const each = offset === undefined ? length : MAX_EVENTS;
  const newest = (offset === undefined ? newestFirst(matches).slice(0, length) : matches)
    .flatMap(({ series, start, end }) =>
      Array.from({ length: Math.min(each, end - start) }, (_, i) => series.event(end - 1 - i)),
    )
    .toSorted((a, b) => b.timestamp - a.timestamp);
  const after = offset === undefined ? 0 : 1 + newest.findIndex(({ $metadata }) => $metadata.id === offset);
  if (offset !== undefined && after === 0) throw new Refusal(400, 1001, 'offset: unknown cursor');
  return { count, events: newest.slice(after, after + length), fields: [] };
}

function newestFirst(matches: readonly Match[]): Match[] {
  return matches.toSorted((a, b) => timeAt(b, b.end - 1) - timeAt(a, a.end - 1));
}

function timeAt({ series }: Match, index: number): number {
  return series.first + index * series.step;
}

function calculationsOf(
  matches: readonly Match[],
  query: Query,
  parameters: Query,
  { from, to }: { readonly from: number; readonly to: number },
  { sampleInterval, timeless }: Shortcomings,
): TelemetryCalculation[] {
  const { calculations = [], groupBys = [], orderBy, limit = 10 } = parameters;
  const keys = objects(groupBys, 'groupBys').map(({ value }) => String(value));
  const asked = objects(calculations, 'calculations').map(({ operator, key, alias }) => {
    const isCount = operator === 'count';
    if (!isCount && !(key === 'timestamp' && (operator === 'min' || operator === 'max')))
      throw new Refusal(501, 1002, `this server cannot calculate ${String(operator)} of ${String(key)}`);
    return { operator: String(operator), alias: String(alias ?? '') };
  });
  if (integer(limit, 'parameters.limit') > MAX_LIMIT)
    throw new Refusal(400, 1001, `parameters.limit: at most ${MAX_LIMIT}`);
  const ascending = isObject(orderBy) && orderBy['order'] === 'asc';
  const groups = groupsOf(matches, keys)
    .toSorted((a, b) => (ascending ? a.count - b.count : b.count - a.count))
    .slice(0, keys.length > 0 ? Math.min(Number(limit), Number(query['limit'] ?? 100)) : 1);
  const width = (to - from) / Number(query['granularity'] ?? 60);
  const point = (count: number, value: number) => ({
    count: count * sampleInterval,
    interval: sampleInterval,
    sampleInterval,
    value,
  });
  return asked.map(({ operator, alias }) => ({
    alias,
    calculation: operator,
    aggregates: groups.map(({ values, count, first, last }) => {
      const time = timeless ? 0 : operator === 'min' ? first : last;
      return {
        ...point(count, operator === 'count' ? count * sampleInterval : time),
        groups: keys.map((key, i) => ({ key, value: values[i] ?? '' })),
      };
    }),
    series:
      query['ignoreSeries'] === true || operator !== 'count'
        ? []
        : [...countsOver(matches, from, width)].map(([bucket, count]) => ({
            time: new Date(from + bucket * width).toISOString(),
            data: [point(count, count * sampleInterval)],
          })),
  }));
}

function groupsOf(matches: readonly Match[], keys: readonly string[]): Group[] {
  const groups = new Map<string, Group>();
  for (const match of matches) {
    const values = keys.map((key) => String(valueAt(match.series.common, key.split('.')) ?? ''));
    const key = values.join('\n');
    const group = groups.get(key) ?? { values, matches: [], count: 0, first: Infinity, last: -Infinity };
    group.count += match.end - match.start;
    group.first = Math.min(group.first, timeAt(match, match.start));
    group.last = Math.max(group.last, timeAt(match, match.end - 1));
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The number of events in each part of the time that has some, in order of time. */
function countsOver(matches: readonly Match[], from: number, width: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const match of matches) {
    let index = match.start;
    while (index < match.end) {
      const bucket = Math.floor((timeAt(match, index) - from) / width);
      const rest = Math.ceil((from + (bucket + 1) * width - timeAt(match, index)) / match.series.step);
      const next = Math.min(match.end, index + Math.max(1, rest));
      counts.set(bucket, (counts.get(bucket) ?? 0) + next - index);
      index = next;
    }
  }
  return new Map([...counts].toSorted(([a], [b]) => a - b));
}

/** One function that applies all filters. */
function compile({ filters = [], filterCombination = 'and' }: Query): Test {
  if (filterCombination !== 'and') throw new Refusal(501, 1002, 'this server combines filters by "and" only');
  const tests = objects(filters, 'filters').map(compileFilter);
  return (event) => tests.every((test) => test(event));
}

function compileFilter({ key, operation, type, value }: Query): Test {
  if (typeof key !== 'string') throw new Refusal(400, 1001, 'filter.key: required');
  if (!['string', 'number', 'boolean'].includes(String(type)))
    throw new Refusal(400, 1001, 'filter.type: required');
  const path = key.split('.');
  // A filter matches only values of its own type.
  const found = (event: TelemetryEvent): unknown => {
    const actual = valueAt(event, path);
    return typeof actual === type ? actual : undefined;
  };
  switch (operation) {
    case 'exists':
      return (event) => found(event) !== undefined;
    case 'is_null':
      return (event) => found(event) === undefined;
    case 'eq':
      return (event) => found(event) === value;
    case 'neq':
      return (event) => found(event) !== value;
    case 'regex': {
      const pattern = re2(String(value));
      return (event) => pattern.test(String(found(event) ?? ''));
    }
    default:
      throw new Refusal(400, 1001, `filter.operation: ${String(operation)}`);
  }
}

function re2(source: string): RegExp {
  if (/\(\?(?!:)|\\[1-9]/.test(source)) throw new Refusal(400, 1001, `not a pattern of RE2: ${source}`);
  return new RegExp(source, 'u');
}

/** The logged fields are at the top level, beside the fields that Cloudflare adds. */
function valueAt(event: TelemetryEvent, path: readonly string[]): unknown {
  const [name = ''] = path;
  const root: unknown = name.startsWith('$') || name === 'timestamp' ? event : event.source;
  return path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), root);
}

function objects(value: unknown, name: string): Query[] {
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw new Refusal(400, 1001, `${name}: expected a list of objects`);
}

function integer(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new Refusal(400, 1001, `${name}: expected an integer`);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
