import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { recordOfSeen, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

describe('Model Context Protocol', () => {
  let server: Daemon;
  let worker: RunningWorker;

  beforeAll(async () => {
    server = await startServer('mcp');
    worker = await startBehind(server);
  });

  async function connect(base: string): Promise<Client> {
    const client = new Client({ name: 'guest', version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${base}/mcp`)));
    return client;
  }

  const brew = { name: 'brew', arguments: { tea: 'Assam', cups: 3 } };

  /** Runs a session: lists tools, calls one that reports its progress, and reads a resource. */
  async function use(base: string): Promise<string> {
    const client = await connect(base);
    const seen: string[] = [];
    seen.push((await client.listTools()).tools.map(({ name }) => name).join());
    const onprogress = ({ progress, total }: { progress: number; total?: number | undefined }) =>
      void seen.push(`${progress} of ${total}`);
    seen.push(JSON.stringify((await client.callTool(brew, undefined, { onprogress })).content));
    seen.push(JSON.stringify((await client.readResource({ uri: 'tea://menu' })).contents));
    await client.close();
    return seen.join(' | ');
  }

  it('a session with tools, progress and resources is as without the Worker', async () => {
    const without = await use(server.url);
    expect(without).toContain('1 of 3 | 2 of 3 | 3 of 3');
    expect(await use(worker.url)).toBe(without);
  });

  it('the server frozen, then killed: the error of a call has the ID', async (context) => {
    const [without, through] = [await use(server.url), await use(worker.url)];
    const patient = await startBehind(server, { ORIGIN_TIMEOUT_MS: 1000 });
    const [waiting, calling] = [await connect(patient.url), await connect(worker.url)];
    server.freeze();
    const late = String(await waiting.callTool(brew).catch((error: unknown) => error));
    server.thaw();
    expect(await recordOfSeen(patient, late)).toMatchObject({ message: 'Origin timed out' });

    await server.kill();
    const dead = String(await calling.callTool(brew).catch((error: unknown) => error));
    expect(await recordOfSeen(worker, dead)).toMatchObject({
      message: 'Origin did not answer',
      answer: { format: 'json' },
    });
    witness(context, {
      software: '@modelcontextprotocol/sdk',
      version: installedVersion('@modelcontextprotocol/sdk'),
      done: 'a session over streamable HTTP: tools, progress, resources',
      without,
      through,
      dead,
    });
  });
});
