/**
 * An origin that misbehaves on demand, on real sockets. The tests, the bench and `npm run dev` use it.
 * `node src/cli/dev/origin.ts --port 8788` runs it alone; its index page at `/` lists what it can do.
 */
import type { EventEmitter } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { broken } from './origin/broken.ts';
import { type OriginCase, type OriginState, notFound, send } from './origin/case.ts';
import { upgradeToWebSocket } from './origin/events.ts';
import { failing } from './origin/failing.ts';
import { indexPage } from './origin/index-page.ts';
import { type Listener, listen } from './origin/listener.ts';
import { working } from './origin/working.ts';

export { downloadChunk } from './origin/bodies.ts';
export type { OriginCase } from './origin/case.ts';
export { secret } from './origin/failing.ts';
export { type Listener, startListener, startTlsOrigin, unusedPort } from './origin/listener.ts';

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  /** The request target as it was sent, nothing decoded or tidied. */
  readonly target: string;
  readonly rawHeaders: readonly string[];
  /** A header's value; several are joined with a comma. */
  header(name: string): string | undefined;
  /** How much of its body was read so far. */
  readonly bodyBytes: number;
  /** Whether its body was received whole. */
  readonly completed: boolean;
  /** Resolves when nothing of it is left: body and response are finished, or the connection is closed. */
  readonly closed: Promise<void>;
}

/** A running origin. */
export interface Origin extends Listener {
  readonly url: string;
  /** The requests so far, oldest first; only the last few thousand are kept. */
  readonly seen: readonly SeenRequest[];
  /** Forgets the requests seen so far. */
  clear(): void;
  /** While true, `/flaky` answers 503. */
  broken: boolean;
}

/** Where an origin listens, and whether it answers more than one request on a connection. */
export interface OriginOptions {
  readonly port?: number;
  readonly hostname?: string;
  readonly keepAlive?: boolean;
}

/** Everything that an origin can do: the index page and the routing both come from this list. */
export const cases: readonly OriginCase[] = [...failing, ...broken, ...working];

const casesByPath = new Map(cases.map((originCase) => [originCase.path, originCase]));

const index: OriginCase = {
  path: '/',
  examples: ['/'],
  title: 'lists its cases',
  kind: 'works',
  ignoresBody: false,
  answer: (exchange) => send(exchange, 200, {}, indexPage(cases)),
};

const unknown: OriginCase = { ...index, title: 'does not know the path', answer: notFound };

/** The last few thousand requests are enough for any test, and a load test must not fill the memory. */
const mostSeen = 5000;

/** Starts an origin. */
export async function startOrigin({ port, hostname, keepAlive = true }: OriginOptions = {}): Promise<Origin> {
  const state: OriginState = { broken: true };
  const seen: SeenRequest[] = [];
  const server = createServer({
    maxHeaderSize: 4 * 1024 * 1024,
    requestTimeout: 0,
    headersTimeout: 0,
    keepAliveTimeout: 60_000,
    shouldUpgradeCallback: ({ url = '' }) => route(url).originCase.path === '/websocket',
  });
  server.maxHeadersCount = 0;

  const record = (request: IncomingMessage, ends: readonly EventEmitter[], countsBody: boolean) => {
    if (seen.length === mostSeen) seen.splice(0, mostSeen / 2);
    let bodyBytes = 0;
    if (countsBody) request.on('data', (chunk: Buffer) => (bodyBytes += chunk.length));
    seen.push({
      method: request.method ?? '',
      target: request.url ?? '',
      rawHeaders: request.rawHeaders,
      header: (name) => request.headersDistinct[name.toLowerCase()]?.join(', '),
      get bodyBytes() {
        return bodyBytes;
      },
      get completed() {
        return request.complete;
      },
      closed: Promise.all(ends.map(closing)).then(() => {}),
    });
  };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const { originCase, argument } = route(request.url ?? '');
    record(request, [request, response], !originCase.ignoresBody);
    response.shouldKeepAlive &&= keepAlive;
    if (request.headers.expect === '100-continue' && !originCase.ignoresBody) response.writeContinue();
    originCase.answer({ request, response, argument, state });
  };
  server.on('request', answer);
  server.on('checkContinue', answer);
  server.on('checkExpectation', answer);
  server.on('upgrade', (request, socket, head) => {
    record(request, [socket], false);
    upgradeToWebSocket(request, socket, head);
  });
  const listener = await listen(server, port, hostname);

  const clear = () => void (seen.length = 0);
  return Object.assign(state, listener, { url: `http://${listener.host}`, seen, clear });
}

/** The case that answers a request target: its first segment picks the case, the rest is the argument. */
function route(target: string): { originCase: OriginCase; argument: string } {
  const [, path = '', argument = ''] = /^(\/[^/?]*)\/?([^?]*)/.exec(target) ?? [];
  const originCase = path === '/' && argument === '' ? index : casesByPath.get(path);
  return { originCase: originCase ?? unknown, argument };
}

function closing(end: EventEmitter): Promise<void> {
  return new Promise((resolve) => end.once('close', resolve));
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '8788' } } });
  const origin = await startOrigin({ port: Number(values.port) });
  console.log(`Misbehaving origin on ${origin.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void origin.stop());
}
