/**
 * A server that answers as Cloudflare's Workers Observability query API does, according to the types of the
 * `cloudflare` package: it holds events and applies timeframe, filters, limit and cursor to them.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { TelemetryQueryResponse } from 'cloudflare/resources/workers/observability/telemetry';
import { listen } from './origin/listener.ts';

export type TelemetryEvent = TelemetryQueryResponse.Events.Event;

export const ACCOUNT_ID = '0123456789abcdef0123456789abcdef';
export const TOKEN = 'token-that-may-read-workers-observability';
export const TOKEN_WITHOUT_PERMISSION = 'token-of-another-permission';

const MAX_LIMIT = 2000;
const VIEWS = ['traces', 'events', 'calculations', 'invocations', 'requests', 'agents'];

/** A query as it came in, unchecked. */
export type Query = Record<string, unknown>;

export interface TelemetryApi {
  /** For `CLOUDFLARE_BASE_URL`. */
  readonly baseUrl: string;
  /** The bodies of the queries that were answered. */
  readonly queries: Query[];
  /** Stores events. They are ingested late: only after this many queries can they be found. */
  add(events: readonly TelemetryEvent[], afterQueries?: number): void;
  /** The next `times` requests get this status, in Cloudflare's envelope, with these headers. */
  fail(status: number, times: number, headers?: Readonly<Record<string, string>>): void;
  /** The headers of all requests, as JSON. */
  readonly headers: string[];
  /** All answers say that they come from a sample. */
  answerFromSample(): void;
  /** All answers break off in the middle. */
  breakOff(): void;
  /** No page is longer than this, whatever is asked for. */
  capPagesAt(events: number): void;
  /** The next answers are this text instead. */
  answerWith(body: string, contentType: string, status?: number): void;
  close(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1. */
export async function startTelemetryApi(): Promise<TelemetryApi> {
  const stored: { event: TelemetryEvent; afterQueries: number }[] = [];
  const queries: Query[] = [];
  let failing: { status: number; times: number; headers?: Readonly<Record<string, string>> } = {
    status: 500,
    times: 0,
  };
  let breaksOff = false;
  let sampled = false;
  const headers: string[] = [];
  let pageCap = MAX_LIMIT;
  let fixed: { body: string; contentType: string; status: number } | undefined;

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof Refusal) return refuse(response, error.status, error.code, error.message);
      return refuse(response, 500, 7000, String(error));
    });
  });
  const { host, stop } = await listen(server);

  return {
    baseUrl: `http://${host}/client/v4`,
    queries,
    add: (events, afterQueries = 0) => stored.push(...events.map((event) => ({ event, afterQueries }))),
    fail: (status, times, headers = {}) => (failing = { status, times, headers }),
    breakOff: () => (breaksOff = true),
    answerFromSample: () => (sampled = true),
    headers,
    capPagesAt: (events) => (pageCap = events),
    answerWith: (body, contentType, status = 200) => (fixed = { body, contentType, status }),
    close: stop,
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    headers.push(JSON.stringify(request.headers));
    let text = '';
    for await (const chunk of request) text += String(chunk);
    if (fixed) {
      response.writeHead(fixed.status, { 'content-type': fixed.contentType }).end(fixed.body);
      return;
    }
    if (breaksOff) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write('{"success":', () => response.destroy());
      return;
    }
    if (failing.times > 0) {
      failing.times -= 1;
      for (const [name, value] of Object.entries(failing.headers ?? {})) response.setHeader(name, value);
      throw new Refusal(failing.status, 7003, 'Internal error');
    }
    const token = request.headers.authorization?.replace(/^Bearer /, '');
    if (token === TOKEN_WITHOUT_PERMISSION) throw new Refusal(403, 10000, 'Authentication error');
    if (token !== TOKEN) throw new Refusal(401, 10000, 'Authentication error');
    const path = `/client/v4/accounts/${ACCOUNT_ID}/workers/observability/telemetry/query`;
    if (request.method !== 'POST' || request.url !== path) {
      throw new Refusal(
        404,
        7003,
        `Could not route to ${request.url}, perhaps your object identifier is invalid?`,
      );
    }
    const query: unknown = JSON.parse(text);
    if (!isObject(query)) throw new Refusal(400, 1000, 'body: expected an object');
    const result = run(query);
    queries.push(query);
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ success: true, errors: [], messages: [], result }));
  }

  function run(query: Query): TelemetryQueryResponse {
    const { queryId, timeframe, view = 'events', limit = 100, offset, parameters } = query;
    if (typeof queryId !== 'string' || queryId === '') throw new Refusal(400, 1001, 'queryId: required');
    if (!isObject(timeframe)) throw new Refusal(400, 1001, 'timeframe: required');
    const from = integer(timeframe['from'], 'timeframe.from');
    const to = integer(timeframe['to'], 'timeframe.to');
    if (from >= to) throw new Refusal(400, 1001, 'timeframe: from must be earlier than to');
    if (!VIEWS.includes(String(view))) throw new Refusal(400, 1001, 'view: unknown');
    if (integer(limit, 'limit') > MAX_LIMIT) throw new Refusal(400, 1001, `limit: at most ${MAX_LIMIT}`);
    if (view !== 'events') throw new Refusal(501, 1002, 'this server has the view "events" only');

    const matching = stored
      .filter(({ afterQueries }) => afterQueries <= queries.length)
      .map(({ event }) => event)
      .filter(({ timestamp }) => timestamp >= from && timestamp <= to)
      .filter((event) => matches(event, isObject(parameters) ? parameters : {}))
      .toSorted((a, b) => b.timestamp - a.timestamp);
    const start =
      offset === undefined ? 0 : 1 + matching.findIndex(({ $metadata }) => $metadata.id === offset);
    if (offset !== undefined && start === 0) throw new Refusal(400, 1001, 'offset: unknown cursor');
    const events = matching.slice(start, start + Math.min(Number(limit), pageCap));
    return {
      run: {
        id: 'run',
        accountId: ACCOUNT_ID,
        dry: false,
        granularity: 1,
        query: {
          id: queryId,
          adhoc: true,
          created: '',
          createdBy: '',
          description: null,
          name: '',
          parameters: {},
          updated: '',
          updatedBy: '',
        },
        status: 'COMPLETED',
        timeframe: { from, to },
        userId: '',
      },
      statistics: {
        bytes_read: 0,
        elapsed: 0,
        rows_read: matching.length,
        ...(sampled && { abr_level: 10 }),
      },
      events: { count: matching.length, events, fields: [] },
    };
  }
}

class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null }));
}

/** Whether an event passes a list of filters, at any depth. */
function matches(event: TelemetryEvent, group: Record<string, unknown>): boolean {
  const { filters = [], filterCombination = 'and' } = group;
  if (!Array.isArray(filters)) throw new Refusal(400, 1001, 'filters: expected a list');
  const results = filters.map((filter: unknown) => {
    if (!isObject(filter)) throw new Refusal(400, 1001, 'filters: expected objects');
    return filter['kind'] === 'group' ? matches(event, filter) : passes(event, filter);
  });
  return String(filterCombination).toLowerCase() === 'or' ? results.includes(true) : !results.includes(false);
}

function passes(event: TelemetryEvent, { key, operation, type, value }: Record<string, unknown>): boolean {
  if (typeof key !== 'string') throw new Refusal(400, 1001, 'filter.key: required');
  if (!['string', 'number', 'boolean'].includes(String(type)))
    throw new Refusal(400, 1001, 'filter.type: required');
  const root = key.startsWith('$') ? event : event.source;
  const actual = key.split('.').reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), root);
  // A filter sees only values of its own type.
  const present = typeof actual === type;
  switch (operation) {
    case 'exists':
      return present;
    case 'is_null':
      return !present;
    case 'eq':
    case '=':
      return present && actual === value;
    case 'neq':
    case '!=':
      return !(present && actual === value);
    case 'includes':
      return present && String(actual).includes(String(value));
    case 'in':
      return present && String(value).split(',').includes(String(actual));
    default:
      throw new Refusal(400, 1001, `filter.operation: ${String(operation)}`);
  }
}

function integer(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new Refusal(400, 1001, `${name}: expected an integer`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
