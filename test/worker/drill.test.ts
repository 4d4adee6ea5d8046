/** A drill: an operator can ask for a failure, and nobody else can. */
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { expectPage } from '../support/expect-page.ts';
import { type Origin, startOrigin } from '../support/origin.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

const TOKEN = 'drill-0123456789abcdefghijklmnop';
let origin: Origin;
let worker: RunningWorker;

beforeAll(async () => {
  origin = await startOrigin();
  worker = await startWorkerd({ bundle: inject('bundle'), route: origin.host, vars: { DRILL_TOKEN: TOKEN } });
});

afterAll(async () => {
  await worker.stop();
  await origin.stop();
});

it('with the token is the page and a record, and the origin is not asked', async () => {
  origin.clear();
  const answer = await ask(worker, {
    path: '/page',
    headers: { Accept: 'text/html', 'X-Error-Drill': TOKEN },
  });
  const id = expectPage(answer);
  expect(answer.header('Proxy-Status')).toBe('edge-error-interceptor');
  expect(origin.seen).toEqual([]);
  expect(await worker.recordsOf(id)).toMatchObject([
    { message: 'Drill', error: { type: 'drill', source: 'drill' }, http: { response: { status_code: 500 } } },
  ]);
  const calls = worker.logs.filter(({ message }) => JSON.stringify(message).includes(id));
  expect(calls.map(({ level }) => level)).toEqual(['error']);
  expect(JSON.stringify(worker.logs)).not.toContain(TOKEN);
});

it.each([
  ['another token', `${TOKEN.slice(0, -1)}x`],
  ['a part of it', TOKEN.slice(0, -1)],
  ['more than it', `${TOKEN}x`],
  ['nothing', ''],
])('with %s is an ordinary request, and the origin does not see the header', async (_, sent) => {
  origin.clear();
  const answer = await ask(worker, { path: '/page', headers: { 'X-Error-Drill': sent } });
  expect(answer.status).toBe(200);
  expect(origin.seen).toHaveLength(1);
  expect(origin.seen[0]?.header('x-error-drill')).toBeUndefined();
});
