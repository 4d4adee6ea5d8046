import { ClientEvent, type MatrixClient, RoomEvent, createClient } from 'matrix-js-sdk';
import type { Logger } from 'matrix-js-sdk/lib/logger.js';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { recordOfSeen, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

const room = '!room:shop.example';
const nothing = () => {};
const logger: Logger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  getChild: () => logger,
};

describe('Matrix', () => {
  let homeserver: Daemon;
  let worker: RunningWorker;

  beforeAll(async () => {
    // Parts of the library have their own logger, which is silenced, too.
    for (const level of ['log', 'info', 'debug', 'warn'] as const) vi.spyOn(console, level).mockReturnValue();
    homeserver = await startServer('homeserver');
    worker = await startBehind(homeserver);
  });

  async function signIn(baseUrl: string): Promise<MatrixClient> {
    const { access_token: accessToken, user_id: userId } = await createClient({
      baseUrl,
      logger,
    }).loginRequest({
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user: 'ada' },
      password: 'analytical engine',
    });
    return createClient({ baseUrl, accessToken, userId, logger });
  }

  /** Signs in, listens by long polling, and sends a message, to which the shop replies. */
  async function use(base: string, say: string): Promise<string> {
    const client = await signIn(base);
    const heard = new Promise<string>((resolve) => {
      client.on(RoomEvent.Timeline, (event) => {
        const { body } = event.getContent();
        if (body === `You said: ${say}`) resolve(`${event.getSender()}: ${body}`);
      });
    });
    const synced = new Promise<void>((resolve) =>
      client.on(ClientEvent.Sync, (state) => state === 'PREPARED' && resolve()),
    );
    await client.startClient({ initialSyncLimit: 1 });
    await synced;
    await client.sendTextMessage(room, say);
    const said = await heard;
    client.stopClient();
    return said;
  }

  it('a login, long polling and a message are as without the Worker', async () => {
    expect(await use(homeserver.url, 'first')).toBe('@shop:shop.example: You said: first');
    expect(await use(worker.url, 'second')).toBe('@shop:shop.example: You said: second');
  });

  it('the homeserver frozen, then killed: the error of the call has the ID', async (context) => {
    const [without, through] = [await use(homeserver.url, 'good'), await use(worker.url, 'good')];
    const patient = await startBehind(homeserver, { ORIGIN_TIMEOUT_MS: 500 });
    const fail = (base: string) => signIn(base).then(String, String);
    homeserver.freeze();
    const late = await fail(patient.url);
    homeserver.thaw();
    expect(await recordOfSeen(patient, late)).toMatchObject({ message: 'Origin timed out' });

    await homeserver.kill();
    const dead = await fail(worker.url);
    expect(await recordOfSeen(worker, dead)).toMatchObject({
      message: 'Origin did not answer',
      answer: { format: 'json' },
    });
    witness(context, {
      software: 'matrix-js-sdk',
      version: installedVersion('matrix-js-sdk'),
      done: 'a login, long polling, a message',
      without,
      through,
      dead,
    });
  });
});
