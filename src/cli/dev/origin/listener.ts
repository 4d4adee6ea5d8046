import { once } from 'node:events';
import { type Server, type Socket, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:https';
import { certificate, privateKey } from './certificate.ts';

/** A listening server, with its open connections counted. */
export interface Listener {
  readonly port: number;
  /** Host and port, as in a URL. */
  readonly host: string;
  openConnections(): number;
  /** Stops listening and destroys every connection. */
  stop(): Promise<void>;
}

/** Lets a server listen; port 0 is any free port. */
export async function listen(server: Server, port = 0, hostname = '127.0.0.1'): Promise<Listener> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => open.delete(socket));
  });
  server.listen(port, hostname);
  await once(server, 'listening');

  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  return {
    port: actualPort,
    host: `${hostname}:${actualPort}`,
    openConnections: () => open.size,
    stop: async () => {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([stopped, ...Array.from(open, destroy)]);
    },
  };
}

function destroy(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()).destroy());
}

/** A plain TCP server that gives each connection to the handler and does nothing else. */
export function startListener(handler: (socket: Socket) => void): Promise<Listener> {
  return listen(createServer({ allowHalfOpen: true }, handler));
}

/** An HTTPS server with a self-signed certificate, for a client that should not trust it. */
export function startTlsOrigin(): Promise<Listener> {
  const server = createTlsServer({ cert: certificate, key: privateKey }, (_, response) =>
    response.end('trusted'),
  );
  return listen(server);
}

/** A port on which nothing listens. */
export async function unusedPort(): Promise<number> {
  const { port, stop } = await startListener(() => {});
  await stop();
  return port;
}
