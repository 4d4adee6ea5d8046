/** Answers every request, and records it. */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';

/** A request as received. */
export interface CapturedRequest {
  readonly method: string;
  readonly path: string;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
}

/** The answer for each path: a text and its media type. */
export type Files = Readonly<Record<string, readonly [type: string, text: string]>>;

/** A server that records requests. */
export interface CaptureServer {
  readonly url: string;
  readonly seen: readonly CapturedRequest[];
  stop(): void;
}

/** Starts a server. It answers paths that are not among the files with an empty JSON object. */
export async function startCaptureServer(files: Files = {}): Promise<CaptureServer> {
  const seen: CapturedRequest[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '');
    seen.push({ method: request.method ?? '', path: request.url ?? '', rawHeaders: request.rawHeaders });
    const [type, text] = files[path] ?? ['application/json', '{}'];
    void buffer(request).then(() => {
      response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' });
      response.end(text);
    });
  });
  server.on('upgrade', (request, socket) => {
    seen.push({ method: request.method ?? '', path: request.url ?? '', rawHeaders: request.rawHeaders });
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, seen, stop: () => void server.close().closeAllConnections() };
}
