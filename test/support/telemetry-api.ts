/**
 * A server that answers like Cloudflare's Workers Observability query API, as far as that is known. It holds events
 * and applies queries to them.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../../src/cli/dev/origin/listener.ts';
import { type EventSeries, isObject, Refusal, runQuery, single } from './telemetry-query.ts';
import type { TelemetryEvent, TelemetryResult } from './telemetry-types.ts';

export const ACCOUNT_ID = '0123456789abcdef0123456789abcdef';
export const TOKEN = 'token-that-may-read-workers-observability';
export const TOKEN_WITHOUT_PERMISSION = 'token-of-another-permission';

export interface TelemetryApi {
  readonly baseUrl: string;
  /** The environment with which a command asks this server and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  /** The bodies of the queries that were answered. */
  readonly queries: Record<string, unknown>[];
  /** The number of bytes in all answers together. */
  readonly traffic: () => number;
  /** Stores events. Only after this many queries can they be found, as if they were ingested late. */
  add(events: readonly TelemetryEvent[], afterQueries?: number): void;
  /** Holds as many events as the series say, without storing each of them. */
  hold(series: readonly EventSeries[]): void;
  /** The next `times` requests get this status, in Cloudflare's envelope, with these headers. */
  fail(status: number, times: number, headers?: Readonly<Record<string, string>>): void;
  /** The headers of all requests, as JSON. */
  readonly headers: string[];
  /** From now on all answers say that they come from a sample. */
  answerFromSample(): void;
  /** From now on all answers break off in the middle. */
  breakOff(): void;
  /** From now on each stored event stands for this many events. */
  storeOneOf(sampleInterval: number): void;
  /** From now on the server refuses calculations. */
  failCalculations(): void;
  /** From now on the server leaves out the times of the first and the last event of a group. */
  forgetTimes(): void;
  /** From now on no page has more events than this, whatever the query asks for. */
  capPagesAt(events: number): void;
  /** The next answers are this text. */
  answerWith(body: string, contentType: string, status?: number): void;
  close(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1. */
export async function startTelemetryApi(): Promise<TelemetryApi> {
  const stored: { series: EventSeries; afterQueries: number }[] = [];
  const queries: Record<string, unknown>[] = [];
  const short = { pageCap: Infinity, sampleInterval: 1, timeless: false };
  let traffic = 0;
  let failing: { status: number; times: number; headers?: Readonly<Record<string, string>> } = {
    status: 500,
    times: 0,
  };
  let breaksOff = false;
  let sampled = false;
  let calculates = true;
  const headers: string[] = [];
  let fixed: { body: string; contentType: string; status: number } | undefined;

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof Refusal) return refuse(response, error.status, error.code, error.message);
      return refuse(response, 500, 7000, String(error));
    });
  });
  const { host, stop } = await listen(server);
  const baseUrl = `http://${host}/client/v4`;

  return {
    baseUrl,
    env: {
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT_ID,
      CLOUDFLARE_API_TOKEN: TOKEN,
      CLOUDFLARE_BASE_URL: baseUrl,
    },
    queries,
    traffic: () => traffic,
    add(events, afterQueries = 0) {
      for (const event of events) stored.push({ series: single(event), afterQueries });
    },
    hold(series) {
      for (const one of series) stored.push({ series: one, afterQueries: 0 });
    },
    fail: (status, times, headers = {}) => (failing = { status, times, headers }),
    breakOff: () => (breaksOff = true),
    answerFromSample: () => (sampled = true),
    headers,
    storeOneOf: (sampleInterval) => (short.sampleInterval = sampleInterval),
    failCalculations: () => (calculates = false),
    forgetTimes: () => (short.timeless = true),
    capPagesAt: (events) => (short.pageCap = events),
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
    if (!calculates && query['view'] === 'calculations') throw new Refusal(400, 1002, 'not now');
    const result = respond(query);
    queries.push(query);
    const body = JSON.stringify({ success: true, errors: [], messages: [], result });
    traffic += Buffer.byteLength(body);
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  }

  function respond(query: Record<string, unknown>): TelemetryResult {
    const { queryId } = query;
    if (typeof queryId !== 'string' || queryId === '') throw new Refusal(400, 1001, 'queryId: required');
    const ingested = stored.filter(({ afterQueries }) => afterQueries <= queries.length);
    const result = runQuery(
      query,
      ingested.map(({ series }) => series),
      short,
    );
    return {
      statistics: { bytes_read: 0, elapsed: 0, rows_read: 0, ...(sampled && { abr_level: 10 }) },
      ...result,
    };
  }
}

function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null }));
}
