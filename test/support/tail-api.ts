/**
 * A server that answers `wrangler tail` as Cloudflare's API does. It makes a tail, and sends one event over the
 * tail's WebSocket.
 * https://developers.cloudflare.com/api/resources/workers/subresources/scripts/subresources/tail/
 */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { WebSocketServer } from 'ws';
import { listen } from '../../src/cli/dev/origin/listener.ts';

export interface TailApi {
  /** The value for `CLOUDFLARE_API_BASE_URL`. */
  readonly baseUrl: string;
  /** The requests that made tails: method, path and body of each. */
  readonly requests: readonly { readonly method: string; readonly path: string; readonly body: string }[];
  close(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1. Each tail sends `event`. */
export async function startTailApi(event: unknown): Promise<TailApi> {
  const requests: { method: string; path: string; body: string }[] = [];
  let host = '';
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      requests.push({ method: request.method ?? '', path: request.url ?? '', body });
      const result = { id: 'tail', url: `ws://${host}/tail`, expires_at: '2099-01-01T00:00:00Z' };
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ success: true, errors: [], messages: [], result }));
    });
  });
  const sockets = new WebSocketServer({ server, handleProtocols: ([first]) => first ?? false });
  sockets.on('connection', (socket) => {
    // wrangler may be stopped while it sends, which breaks the connection.
    socket.on('error', () => undefined);
    socket.send(JSON.stringify(event));
  });
  const listener = await listen(server);
  host = listener.host;
  return { baseUrl: `http://${host}/client/v4`, requests, close: listener.stop };
}
