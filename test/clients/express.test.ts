import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { lastRecord, recordOfSeen, recordsOf, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { startServer } from './support/server.ts';
import { visit } from './support/visit.ts';
import { witness } from './support/witness.ts';

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const json = { 'Content-Type': 'application/json', Accept: 'application/json' };

describe('Express with Helmet', () => {
  let site: Daemon;
  let worker: RunningWorker;

  beforeAll(async () => {
    site = await startServer('express');
    worker = await startBehind(site, { LOG_ORIGIN_BODY_BYTES: 1024 });
  });

  it('pages, forms, an API and all of Helmet’s headers are as without the Worker', async () => {
    const questions = [
      { path: '/' },
      { path: '/', method: 'HEAD' },
      { path: '/lines' },
      { path: '/nothing-here' },
      { path: '/api/order', headers: json },
      { path: '/api/order', method: 'POST', headers: json, body: '{"tea":"Assam"}' },
      { path: '/api/order', method: 'POST', headers: json, body: 'no JSON' },
      { path: '/order', method: 'POST', headers: form, body: 'tea=Assam' },
    ];
    for (const { path, ...question } of questions) {
      const without = await visit(site, path, question);
      expect(await visit(worker, path, question), path).toEqual(without);
      expect(without.headers).toHaveProperty('content-security-policy');
    }
    expect(recordsOf(worker)).toEqual([]);
  });

  it('an error that the application answers keeps what Helmet says of frames, transport and embedding', async () => {
    const seen = await visit(worker, '/throws/handled');
    expect(seen.headers).toMatchObject({
      'strict-transport-security': expect.stringContaining('max-age=31536000'),
      'x-frame-options': 'SAMEORIGIN',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': expect.stringMatching(/frame-ancestors 'self'(?:;|$)/),
    });
    expect(seen.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('an exception is the page; its cause is in the log, and the password in it is not', async () => {
    const seen = await visit(worker, '/throws');
    expect(seen.html).not.toMatch(/ECONNREFUSED|db\.internal/);
    const { request_id: id } = await recordOfSeen(worker, seen.text);
    const [record, body] = await worker.recordsOf(String(id), 2);
    expect(record).toMatchObject({ message: 'Origin answered 500', answer: { format: 'html' } });
    expect(JSON.stringify(body)).toContain('connect ECONNREFUSED');
    expect(JSON.stringify(body)).toMatch(/db\.internal:5432\/orders/);
    expect(JSON.stringify(body)).not.toContain('kettle-7-red');
  });

  it('a failure that deletes the cookie which caused it heals', async () => {
    const { headers } = await visit(worker, '/session', { headers: { Cookie: 'sid=broken' } });
    expect(headers['set-cookie']).toMatch(/^sid=;/);
    expect(headers['set-cookie']).toMatch(/Max-Age=0/i);
    expect(headers['set-cookie']).toMatch(/Path=\//);
    expect(headers['set-cookie']).toMatch(/HttpOnly/i);
  });

  it('frozen, then killed', async (context) => {
    const [without, through] = [await visit(site), await visit(worker)];
    const patient = await startBehind(site, { ORIGIN_TIMEOUT_MS: 500 });
    site.freeze();
    expect((await visit(patient)).status).toBe(500);
    expect(await lastRecord(patient)).toMatchObject({ message: 'Origin timed out' });
    site.thaw();

    await site.kill();
    const dead = await visit(worker);
    expect(await recordOfSeen(worker, dead.text)).toMatchObject({ message: 'Origin did not answer' });
    witness(context, {
      software: 'Express',
      version: `${installedVersion('express')}, Helmet ${installedVersion('helmet')}`,
      done: 'pages, forms, an API, a stream',
      without: without.text,
      through: through.text,
      dead: dead.text,
    });
  });
});
