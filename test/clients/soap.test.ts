import { createClientAsync } from 'soap';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { lastRecord, recordOfSeen, recordsOf, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

describe('SOAP', () => {
  let service: Daemon;
  let worker: RunningWorker;
  let withPages: RunningWorker;

  beforeAll(async () => {
    service = await startServer('soap');
    worker = await startBehind(service);
    withPages = await startBehind(service, { INTERCEPT: 'pages' });
  });

  /** Reads the description of the service, and orders. Returns the result, or the error that the caller gets. */
  async function order(base: string, tea: string): Promise<string> {
    try {
      const client = await createClientAsync(`${base}/shop?wsdl`);
      client.setEndpoint(`${base}/shop`);
      const [result]: readonly unknown[] = await client['OrderAsync']({ tea });
      return JSON.stringify(result);
    } catch (error) {
      const { body }: { readonly body?: unknown } = Object(error);
      return `${String(error)} ${typeof body === 'string' ? body : ''}`.trim();
    }
  }

  it('the description of a service, and a call, are as without the Worker', async () => {
    expect(await order(service.url, 'Assam')).toBe('{"number":5}');
    expect(await order(worker.url, 'Assam')).toBe('{"number":5}');
  });

  it('a fault, which is an HTTP 500, reaches its client with INTERCEPT "pages", and is logged', async (context) => {
    const without = await order(service.url, 'coffee');
    expect(without).toContain('This is no coffee shop');
    const since = recordsOf(withPages).length;
    const through = await order(withPages.url, 'coffee');
    expect(through).toBe(without);
    expect(await lastRecord(withPages, since)).toMatchObject({
      message: 'Origin answered 500',
      answer: { format: 'origin' },
    });
    witness(context, {
      software: 'node-soap',
      version: installedVersion('soap'),
      done: 'a call that is answered with a fault, INTERCEPT = "pages"',
      without,
      through,
      dead: 'see below',
    });
  });

  it('with INTERCEPT "all", nothing of a fault comes through', async () => {
    const seen = await order(worker.url, 'coffee');
    expect(seen).not.toMatch(/coffee shop|till-3/);
    expect(await recordOfSeen(worker, seen)).toMatchObject({
      message: 'Origin answered 500',
      origin: { content_type: expect.stringContaining('xml') },
    });
  });

  it('the service killed: the error has the ID', async (context) => {
    const [without, through] = [await order(service.url, 'Assam'), await order(worker.url, 'Assam')];
    await service.kill();
    const dead = await order(worker.url, 'Assam');
    expect(await recordOfSeen(worker, dead)).toMatchObject({ message: 'Origin did not answer' });
    witness(context, {
      software: 'node-soap',
      version: installedVersion('soap'),
      done: 'the description of a service, and a call',
      without,
      through,
      dead,
    });
  });
});
