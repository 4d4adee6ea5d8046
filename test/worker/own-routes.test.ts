/** A path of one's own, added to src/index.ts. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../support/ask.ts';
import { buildSource } from '../support/library-bundle.ts';
import { type Origin, startOrigin } from '../support/origin.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

let bundle: string;
let origin: Origin;
let worker: RunningWorker;

beforeAll(async () => {
  const source = await readFile(join(import.meta.dirname, '../../src/index.ts'), 'utf8');
  const own = `app.get('/health', (c) => c.text('healthy', 200, { 'X-Own': 'yes' }));\n`;
  bundle = await buildSource(source.replace(/^app\.onError/m, `${own}$&`));
  origin = await startOrigin();
  worker = await startWorkerd({ bundle, route: origin.host });
});

afterAll(async () => {
  await worker.stop();
  await origin.stop();
  await rm(bundle, { recursive: true });
});

test.each(['GET', 'HEAD'])('answers %s itself', async (method) => {
  origin.clear();
  const answer = await ask(worker, { method, path: '/health' });
  expect(answer.status).toBe(200);
  expect(answer.header('X-Own')).toBe('yes');
  expect(answer.text).toBe(method === 'GET' ? 'healthy' : '');
  expect(origin.seen).toEqual([]);
});

test.each(['GET', 'HEAD'])('leaves %s of other paths to the origin, whatever the status', async (method) => {
  expect((await ask(worker, { method, path: '/status/999' })).status).toBe(999);
  expect((await ask(worker, { method, path: '/status/503' })).status).toBe(500);
});
