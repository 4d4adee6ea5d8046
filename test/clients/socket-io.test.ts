import { io } from 'socket.io-client';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { lastRecord, recordsOf, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

const transports = [['polling'], ['websocket'], ['polling', 'websocket']];

/** Connects, sends a text and bytes, and leaves. Returns the replies, or the error that the application gets. */
async function chat(url: string, transports: string[]): Promise<string> {
  const socket = io(url, { transports, reconnection: false, forceNew: true });
  try {
    await new Promise<void>((resolve, reject) =>
      socket.once('connect', resolve).once('connect_error', reject),
    );
    const said: unknown = await socket.emitWithAck('say', 'hello');
    const bytes: unknown = await socket.emitWithAck('bytes', Buffer.alloc(100_000));
    return `${String(said)}, ${String(bytes)} bytes`;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const status = 'description' in error ? (Object(error.description)['message'] ?? error.description) : '';
    return `connect_error: ${error.message} (${status})`;
  } finally {
    socket.close();
  }
}

describe('socket.io', () => {
  let server: Daemon;
  let worker: RunningWorker;

  beforeAll(async () => {
    server = await startServer('chat');
    worker = await startBehind(server);
  });

  it.each(transports.map((names) => ({ names })))(
    '$names: talks as without the Worker',
    async ({ names }) => {
      expect(await chat(server.url, names)).toBe('you said hello, 100000 bytes');
      expect(await chat(worker.url, names)).toBe('you said hello, 100000 bytes');
    },
  );

  it('a client that was cut off comes back by itself when the server does', async () => {
    const socket = io(worker.url, { forceNew: true, reconnectionDelay: 100, reconnectionDelayMax: 200 });
    const event = (name: 'connect' | 'disconnect') => new Promise((resolve) => socket.once(name, resolve));
    const failure = () => new Promise((resolve) => socket.io.once('reconnect_error', resolve));
    await event('connect');
    const [gone, failed] = [event('disconnect'), failure()];
    await server.kill();
    await gone;
    await failed;
    const back = event('connect');
    server = await startServer('chat', [], server);
    await back;
    expect(await socket.emitWithAck('say', 'again')).toBe('you said again');
    socket.close();
  });

  it('the server killed: the application is told that it could not connect', async (context) => {
    const [without, through] = [await chat(server.url, ['polling']), await chat(worker.url, ['polling'])];
    await server.kill();
    const since = recordsOf(worker).length;
    const dead = await chat(worker.url, ['polling']);
    expect(dead).toMatch(/^connect_error: xhr poll error.*500/);
    expect(await lastRecord(worker, since)).toMatchObject({ message: 'Origin did not answer' });
    expect(await chat(worker.url, ['websocket'])).toMatch(/^connect_error: websocket error/);
    witness(context, {
      software: 'socket.io',
      version: installedVersion('socket.io'),
      done: 'messages and bytes by polling and by WebSocket',
      without,
      through,
      dead,
    });
  });
});
