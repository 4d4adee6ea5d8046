import { beforeAll, describe, expect, inject, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';
import { atEnd } from './support/at-end.ts';
import { recordOfSeen, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { pythonVersion, startGunicorn } from './support/gunicorn.ts';
import { visit } from './support/visit.ts';
import { witness } from './support/witness.ts';

const order = {
  method: 'POST',
  path: '/api/orders',
  headers: { 'Content-Type': 'application/json' },
  body: '{"tea":1}',
};

describe('Flask under gunicorn', () => {
  let site: Daemon;
  let worker: RunningWorker;
  let pages: RunningWorker;

  beforeAll(async () => {
    site = await startGunicorn('flask_site', 3);
    worker = await startBehind(site, { LOG_ORIGIN_BODY_BYTES: 1024 });
    pages = await startBehind(site, { INTERCEPT: 'pages' });
  });

  it('serves pages, redirects, errors below 500 and its API as without the Worker', async () => {
    for (const path of ['/', '/teapot', '/nothing-here']) {
      expect(await visit(worker, path)).toEqual(await visit(site, path));
    }
    expect((await visit(worker, '/old')).headers['location']).toBe(`${worker.url}/`);
    expect((await ask(worker, order)).text).toBe((await ask(site, order)).text);
  });

  it('an absolute redirect stays on the visitor’s host with ORIGIN_URL', async () => {
    const elsewhere = await startWorkerd({ bundle: inject('bundle'), vars: { ORIGIN_URL: site.url } });
    atEnd(() => elsewhere.stop());
    expect((await visit(elsewhere, '/old')).headers['location']).toBe(`${elsewhere.url}/`);
  });

  it('an exception: the visitor has the page, the record what Flask says', async () => {
    const seen = await visit(worker, '/divide');
    const id = String((await recordOfSeen(worker, seen.text))['request_id']);
    const [record, second] = await worker.recordsOf(id, 2);
    expect(record).toMatchObject({
      message: 'Origin answered 500',
      error: { type: '500', source: 'origin' },
    });
    expect(JSON.stringify(second)).toContain('The server encountered an internal error');
    expect(JSON.stringify(second)).not.toContain('<h1>');
  });

  it.each(['/crash', '/slow'])('a worker that dies at %s: the origin did not answer', async (path) => {
    const seen = await visit(worker, path);
    expect(seen.status).toBe(500);
    expect(await recordOfSeen(worker, seen.text)).toMatchObject({
      message: expect.stringMatching(/^Origin (?:did not answer|answered 500)$/),
    });
  });

  it('its 503 for programs: problem details with the pause; its own JSON with INTERCEPT "pages"', async () => {
    const question = { path: '/api/fail', headers: { 'Content-Type': 'application/json' } };
    const problem = await ask(worker, question);
    expect(problem.header('content-type')).toMatch(/^application\/problem\+json/);
    expect(problem.header('retry-after')).toBe('120');
    expect(JSON.parse(problem.text)).toMatchObject({ status: 500, retry_after: 120 });
    expect(problem.text).not.toContain('database');
    const own = await ask(pages, question);
    expect([own.status, own.text]).toEqual([503, (await ask(site, question)).text]);
  });

  it('gunicorn killed, for people and for programs', async (context) => {
    const [without, through] = [await visit(site), await visit(worker)];
    await site.kill();
    const dead = await visit(worker);
    expect(await recordOfSeen(worker, dead.text)).toMatchObject({ message: 'Origin did not answer' });
    const problem = await ask(worker, order);
    expect(JSON.parse(problem.text)).toMatchObject({ status: 500, title: expect.any(String) });
    witness(context, {
      software: 'Flask',
      version: `${await pythonVersion('flask')}, gunicorn ${await pythonVersion('gunicorn')}`,
      done: 'pages, redirects, an API',
      without: without.text,
      through: through.text,
      dead: dead.text,
    });
  });
});
