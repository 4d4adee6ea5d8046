/** Serves a page on this machine only, and tells browsers when it changes. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

/**
 * Serves the text that `page` returns, at `/`.
 * @returns the URL, and `changed`, which makes every browser that shows the page load it again
 * @throws Error if it cannot listen
 */
export async function startLiveServer(page: () => Promise<string>) {
  const listeners = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    // Refuse other host names: a foreign site may point its own name at this machine.
    if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? '')) {
      response.writeHead(403).end();
      return;
    }
    if (request.url === '/changes') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.flushHeaders();
      listeners.add(response);
      response.once('close', () => listeners.delete(response));
      return;
    }
    void page().then((html) => {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
      response.end(html);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    changed: (): void => listeners.forEach((listener) => listener.write('data: changed\n\n')),
    stop: (): void => {
      server.close();
      server.closeAllConnections();
    },
  };
}
