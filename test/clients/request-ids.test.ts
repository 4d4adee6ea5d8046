import { createHmac, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { recordOfSeen, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

/** The rules of server libraries. apps/id-checks.ts names each with its source. */
const libraries = [
  { path: 'starlette-context', software: 'starlette-context, its rules', logs: 'the ID' },
  { path: 'django-guid', software: 'django-guid, its rules', logs: 'the ID without dashes' },
  { path: 'asgi-correlation-id', software: 'asgi-correlation-id before 2026, its rules', logs: 'its own' },
  {
    path: 'asgi-correlation-id-without-validator',
    software: 'asgi-correlation-id, validator=None, header_name X-Edge-Request-Id',
    logs: 'the ID',
  },
] as const;

describe('Request IDs', () => {
  let server: Daemon;
  let worker: RunningWorker;
  let trusting: RunningWorker;

  beforeAll(async () => {
    server = await startServer('id-checks');
    worker = await startBehind(server);
    trusting = await startBehind(server, { TRUST_REQUEST_ID: true });
  });

  /** A webhook of a payment provider: signed, and with its own request ID. */
  async function notify(base: string, requestId: string): Promise<string> {
    const ts = Date.now();
    const signed = `id:order-1;request-id:${requestId};ts:${ts};`;
    const v1 = createHmac('sha256', 'a secret of the tests').update(signed).digest('hex');
    const answer = await fetch(`${base}/webhook?data.id=order-1`, {
      method: 'POST',
      headers: {
        'X-Request-Id': requestId,
        'X-Signature': `ts=${ts},v1=${v1}`,
        'Content-Type': 'application/json',
      },
      body: '{"action":"payment.created"}',
    });
    return `${answer.status}: ${await answer.text()}`;
  }

  const ids = {
    'a UUID': randomUUID(),
    'a text of its own': 'evt:2026/11/30 €'.replace('€', '+1'),
    'a traceparent': '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'a single letter': 'x',
  };

  it.for(Object.entries(ids))(
    'a webhook that is signed over its own request ID, %s, is genuine behind the Worker too',
    async ([, id]) => {
      expect(await notify(server.url, id)).toBe('200: {"received":true}');
      expect(await notify(worker.url, id)).toBe('200: {"received":true}');
      expect(await notify(trusting.url, id)).toBe('200: {"received":true}');
    },
  );

  it.for(libraries)(
    '$software: what works goes on working, and a failure is in its log with $logs',
    async ({ path, software, logs }, context) => {
      const get = async (base: string, action: string, headers = {}) => {
        const answer = await fetch(`${base}/${path}/${action}`, { headers });
        return `${answer.status}: ${await answer.text()}`;
      };
      const without = await get(server.url, 'hello');
      expect(without).toMatch(/^200/);
      const through = await get(worker.url, 'hello');
      expect(through).toBe(without);
      // A visitor's ID is passed on unchanged: the server takes or refuses it as it does without the Worker.
      for (const id of [randomUUID(), 'not-a-uuid']) {
        const headers = { 'X-Request-Id': id };
        expect(await get(worker.url, 'hello', headers)).toBe(await get(server.url, 'hello', headers));
      }
      const dead = await get(worker.url, 'fail');
      expect(dead).not.toContain('stock-7');
      const record = await recordOfSeen(worker, dead);
      expect(record).toMatchObject({ message: 'Origin answered 500' });
      const id = String(record['request_id']);
      const own = { 'the ID': id, 'the ID without dashes': id.replaceAll('-', '') };
      if (logs !== 'its own')
        await expect.poll(() => server.output).toContain(`${path} fail id=${own[logs]}\n`);
      witness(context, {
        software,
        version: '',
        done: 'an ID for each request, and a request that fails',
        without,
        through,
        dead: `${dead} — its own log has ${logs === 'its own' ? 'an ID of its own' : logs}`,
      });
    },
  );

  it('the server killed: the webhook is told to come again, and the record has the ID that the sender knows', async (context) => {
    const [without, through] = [await notify(server.url, 'evt-1'), await notify(worker.url, 'evt-1')];
    await server.kill();
    const dead = await notify(worker.url, 'evt-4711');
    expect(dead).toMatch(/^500/);
    expect(await recordOfSeen(worker, dead)).toMatchObject({
      message: 'Origin did not answer',
      client: { request_id: 'evt-4711' },
      answer: { format: 'json' },
    });
    const trusted = await notify(trusting.url, 'evt-4711-again');
    expect(JSON.parse(trusted.slice('500: '.length))).toMatchObject({ request_id: 'evt-4711-again' });
    const [record] = await trusting.recordsOf('evt-4711-again');
    expect(record).toMatchObject({ message: 'Origin did not answer' });
    expect(record).not.toHaveProperty(['client', 'request_id']);
    witness(context, {
      software: 'A signed webhook',
      version: '',
      done: 'a POST whose HMAC covers its own X-Request-Id',
      without,
      through,
      dead,
    });
  });
});
