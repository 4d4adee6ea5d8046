import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';
import { atEnd, temporaryFolder } from './support/at-end.ts';
import { lastRecord, recordOfSeen, recordsOf, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { apps, pythonVersion, startGunicorn } from './support/gunicorn.ts';
import { python } from './support/http-clients.ts';
import { run } from './support/run.ts';
import { textOf, visit } from './support/visit.ts';
import { witness } from './support/witness.ts';

describe('Django under gunicorn', () => {
  let folder: string;
  let site: Daemon;
  let debugging: Daemon;
  let worker: RunningWorker;
  let debuggingWorker: RunningWorker;
  /** A Worker in the form with ORIGIN_URL. */
  let elsewhere: RunningWorker;

  beforeAll(async () => {
    folder = await temporaryFolder('django');
    const env = { SITE_FOLDER: folder };
    const prepared = await run([python, join(apps, 'django_site.py')], { env });
    if (prepared.code !== 0) throw new Error(prepared.seen);
    site = await startGunicorn('django_site', 60, env);
    debugging = await startGunicorn('django_site', 60, { ...env, SITE_DEBUG: '1' });
    worker = await startBehind(site);
    debuggingWorker = await startBehind(debugging, { LOG_ORIGIN_BODY_BYTES: 1024 });
    elsewhere = await startWorkerd({ bundle: inject('bundle'), vars: { ORIGIN_URL: site.url } });
    atEnd(() => elsewhere.stop());
  });

  it('serves pages, redirects, streams and 404s as without the Worker', async () => {
    for (const path of ['/', '/account', '/lines', '/divide?by=2', '/nothing-here']) {
      expect(await visit(worker, path)).toEqual(await visit(site, path));
    }
  });

  /** Signs in with curl, like a browser. */
  async function signIn(base: string): Promise<{ readonly text: string; readonly address: string }> {
    const jar = join(await temporaryFolder('curl'), 'cookies');
    const curl = (...args: readonly string[]) => run(['curl', '-sS', '-L', '-c', jar, '-b', jar, ...args]);
    const form = await curl(`${base}/account`);
    const token = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(form.stdout)?.[1] ?? '';
    const data = `csrfmiddlewaretoken=${token}&username=ada&password=analytical+engine`;
    const signedIn = await curl('-w', '\n%{url_effective}', '--data', data, `${base}/accounts/login/`);
    const [address = '', ...lines] = signedIn.stdout.split('\n').reverse();
    return { text: textOf(lines.join('\n')), address };
  }

  it('a login with absolute redirects ends where it would without the Worker', async () => {
    expect(await signIn(site.url)).toEqual({ text: 'Hello ada', address: `${site.url}/account` });
    expect(await signIn(worker.url)).toEqual({ text: 'Hello ada', address: `${worker.url}/account` });
  });

  it('a login with absolute redirects stays on the visitor’s host with ORIGIN_URL', async () => {
    expect(await signIn(elsewhere.url)).toEqual({ text: 'Hello ada', address: `${elsewhere.url}/account` });
  });

  it('an exception is a 500: the record says so', async () => {
    const seen = await visit(worker, '/divide');
    expect(seen.status).toBe(500);
    expect(await recordOfSeen(worker, seen.text)).toMatchObject({
      message: 'Origin answered 500',
      origin: { server: 'gunicorn', content_type: expect.stringContaining('text/html') },
    });
  });

  it('with DEBUG on, 68 kB of traceback stay inside, and the record has the exception in 1 kB of text', async () => {
    const direct = await visit(debugging, '/divide');
    expect(direct.html.length).toBeGreaterThan(50_000);
    const seen = await visit(debuggingWorker, '/divide');
    expect(seen.html).not.toContain('ZeroDivisionError');
    const id = String((await recordOfSeen(debuggingWorker, seen.text))['request_id']);
    const [, second] = await debuggingWorker.recordsOf(id, 2);
    expect(JSON.stringify(second)).toMatch(/ZeroDivisionError/);
    expect(JSON.stringify(second)).toMatch(/division by zero/);
  });

  it('an API client that asks for JSON reads problem details', async () => {
    const { status, html } = await visit(worker, '/divide', { headers: { Accept: 'application/json' } });
    expect(JSON.parse(html)).toMatchObject({
      status,
      request_id: expect.any(String),
      title: expect.any(String),
    });
  });

  it('gunicorn frozen, then killed', async (context) => {
    const [without, through] = [await signIn(site.url), await signIn(worker.url)];
    const patient = await startBehind(site, { ORIGIN_TIMEOUT_MS: 500 });
    site.freeze();
    const since = recordsOf(patient).length;
    expect((await visit(patient)).status).toBe(500);
    expect(await lastRecord(patient, since)).toMatchObject({ message: 'Origin timed out' });
    site.thaw();

    await site.kill();
    const dead = await visit(worker);
    expect(await recordOfSeen(worker, dead.text)).toMatchObject({ message: 'Origin did not answer' });
    witness(context, {
      software: 'Django',
      version: `${await pythonVersion('django')}, gunicorn ${await pythonVersion('gunicorn')}`,
      done: 'pages, a login, a stream',
      without: without.text,
      through: through.text,
      dead: dead.text,
    });
  });
});
