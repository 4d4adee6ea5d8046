/**
 * An origin that misbehaves on demand, on real sockets. The tests, the bench and `npm run dev` use it.
 * `node src/cli/dev/origin.ts --port 8788` runs it alone. Its index page at `/` lists all cases.
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
  /** The request target exactly as it was sent. */
  readonly target: string;
  readonly rawHeaders: readonly string[];
  /** The value of a header. Several values are joined with a comma. */
  header(name: string): string | undefined;
  /** The number of bytes of its body that were read so far. */
  readonly bodyBytes: number;
  /** True if its whole body was received. */
  readonly completed: boolean;
  /** Resolves when body and response are finished, or the connection is closed. */
  readonly closed: Promise<void>;
}

/** A running origin. */
export interface Origin extends Listener {
  readonly url: string;
  /** The requests so far, oldest first. Only the last few thousand are kept. */
  readonly seen: readonly SeenRequest[];
  /** Forgets the requests seen so far. */
  clear(): void;
  /** While true, `/flaky` answers 503. */
  broken: boolean;
}

/** The address of an origin. `keepAlive` lets it answer several requests on a connection. */
export interface OriginOptions {
  readonly port?: number;
  readonly hostname?: string;
  readonly keepAlive?: boolean;
}

/** All cases of an origin. The index page and the routing both come from this list. */
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

/** Any test needs fewer requests than this, and a load test must not fill the memory. */
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

/** Finds the case for a request target. The first segment names the case, and the rest is the argument. */
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
