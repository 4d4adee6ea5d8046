/** Server-sent events that count. They go on after the last one that a client had: `node events.ts PORT`. */
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  const last = Number(request.headers['last-event-id'] ?? 0);
  response.write('retry: 50\n\n');
  for (let id = last + 1; id <= last + 3; id++) response.write(`id: ${id}\ndata: event ${id}\n\n`);
  // With ?end, the connection ends after these events.
  if (request.url?.includes('end')) response.end();
});
server.listen(Number(process.argv[2]), '127.0.0.1');
