import { ClientError, GraphQLClient } from 'graphql-request';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { lastRecord, recordOfSeen, recordsOf, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

const subscription = { query: 'subscription { count(to: 3) }' };

/** Sends queries, mutations and fields that fail. */
async function ask(base: string): Promise<string> {
  const client = new GraphQLClient(`${base}/graphql`, { errorPolicy: 'all' });
  try {
    return JSON.stringify([
      await client.request('query ($name: String!) { hello(name: $name) }', { name: 'Ada' }),
      await client.request('mutation { order(tea: 2) }'),
      await client.request('{ broken }'),
    ]);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return error.message;
  }
}

async function listen(base: string): Promise<string> {
  const client = createSseClient({ url: `${base}/graphql`, retryAttempts: 0 });
  const seen: string[] = [];
  try {
    for await (const { data } of client.iterate(subscription)) seen.push(JSON.stringify(data));
  } catch (error) {
    seen.push(String(error));
  }
  client.dispose();
  return seen.join(' ');
}

async function connect(base: string): Promise<string> {
  const url = `${base.replace('http', 'ws')}/graphql`;
  const client = createSocketClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, lazy: true });
  const seen: string[] = [];
  try {
    for await (const { data } of client.iterate(subscription)) seen.push(JSON.stringify(data));
  } catch (error) {
    seen.push(error instanceof Error ? String(error) : 'the connection failed');
  }
  await client.dispose();
  return seen.join(' ');
}

const clients = [
  { name: 'graphql-request', done: 'queries, mutations, errors of fields', use: ask, form: 'json' },
  { name: 'graphql-sse', done: 'a subscription over server-sent events', use: listen, form: 'json' },
  { name: 'graphql-ws', done: 'a subscription over a WebSocket', use: connect, form: undefined },
] as const;

describe('GraphQL', () => {
  let server: Daemon;
  let worker: RunningWorker;
  const before = new Map<string, readonly [without: string, through: string]>();

  beforeAll(async () => {
    server = await startServer('graphql');
    worker = await startBehind(server);
  });

  it.each(clients)('$name: $done are as without the Worker', async ({ name, use }) => {
    const [without, through] = [await use(server.url), await use(worker.url)];
    expect(through).toBe(without);
    expect(without).toMatch(/Hello Ada|"count":3/);
    before.set(name, [without, through]);
  });

  it('frozen, then killed: a client of HTTP can read the ID; the others say that it failed', async () => {
    const patient = await startBehind(server, { ORIGIN_TIMEOUT_MS: 500 });
    server.freeze();
    const seen = await ask(patient.url);
    expect(await recordOfSeen(patient, seen)).toMatchObject({ message: 'Origin timed out' });
    server.thaw();
    await server.kill();
  });

  it.for(clients)('$name: the server killed', async ({ name, done, use, form }, context) => {
    await server.kill();
    const since = recordsOf(worker).length;
    const dead = await use(worker.url);
    expect(dead).toMatch(/500|Internal Server Error|failed/);
    const record = await lastRecord(worker, since);
    expect(record).toMatchObject({ message: 'Origin did not answer' });
    if (form !== undefined) expect(record).toMatchObject({ answer: { format: form } });
    const [without = '', through = ''] = before.get(name) ?? [];
    witness(context, { software: name, version: installedVersion(name), done, without, through, dead });
  });
});
