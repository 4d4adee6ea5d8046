import { beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import type { RunningWorker } from '../support/workerd.ts';
import { lastRecord, recordOfSeen, recordsOf, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { phpProgram, startNginx, startPhp } from './support/nginx.ts';
import { versionOf } from './support/run.ts';
import { visit } from './support/visit.ts';
import { witness } from './support/witness.ts';

describe('nginx with php-fpm', () => {
  let php: Daemon;
  let nginx: Daemon;
  let worker: RunningWorker;
  let versions: string;

  beforeAll(async () => {
    const shop = await startPhp();
    ({ php } = shop);
    const fastcgi = (more = '') => `
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME ${shop.script};
      fastcgi_pass 127.0.0.1:${php.port};
      ${more}`;
    nginx = await startNginx(`
      location / { ${fastcgi()} }
      location /impatient { ${fastcgi('fastcgi_read_timeout 1s;')} }
      location = /away.html { internal; add_header X-Intercept-Errors off always; return 503 "<h1>Back at noon</h1>"; }
      location /away { error_page 503 /away.html; return 503; }
      location /lost { add_header X-Intercept-Errors off; return 503 "<h1>Back at noon</h1>"; }`);
    worker = await startBehind(nginx, { LOG_ORIGIN_BODY_BYTES: 2048, ORIGIN_TIMEOUT_MS: 4000 });
    versions = `${await versionOf('/usr/sbin/nginx', '-v')}, PHP ${await versionOf(await phpProgram(), '-v')}`;
  });

  it('serves pages, cookies, redirects and forms as without the Worker', async () => {
    for (const path of ['/', '/?do=order', '/?do=nothing']) {
      expect(await visit(worker, path)).toEqual(await visit(nginx, path));
    }
    const form = {
      method: 'POST',
      body: 'tea=1',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    };
    const [direct, through] = [
      await ask(nginx, { path: '/?do=echo', ...form }),
      await ask(worker, { path: '/?do=echo', ...form }),
    ];
    expect(through.text).toBe(direct.text);
    expect(direct.text).toBe('POST tea=1');
  });

  it.each([
    {
      what: 'is out of memory',
      path: '/?do=memory',
      status: 500,
      cause: /Allowed memory size of 33554432 bytes exhausted/,
    },
    {
      what: 'lost its database',
      path: '/?do=database',
      status: 500,
      cause: /SQLSTATE\[HY000\] \[2002\] Connection refused/,
    },
    { what: 'crashes', path: '/?do=crash', status: 502, cause: /502 Bad Gateway nginx/ },
  ])(
    'whoever asks when the application $what sees the page; the record has the cause in words',
    async (failure) => {
      const { path, status, cause } = failure;
      const seen = await visit(worker, path);
      expect(seen.status).toBe(500);
      expect(seen.text).not.toMatch(cause);
      const id = String((await recordOfSeen(worker, seen.text))['request_id']);
      const [record, second] = await worker.recordsOf(id, 2);
      expect(record).toMatchObject({
        message: `Origin answered ${status}`,
        error: { type: String(status), source: 'origin' },
        origin: { status_code: status, server: expect.stringMatching(/^nginx/) },
        answer: { format: 'html' },
      });
      const body = JSON.stringify(second);
      expect(body.replaceAll('\\n', ' ')).toMatch(cause);
      expect(body).not.toMatch(/color: red|<h1>|internal/);
    },
  );

  it('a 503 on purpose, by PHP or by add_header … always, is shown as it is and no error', async () => {
    for (const path of ['/?do=maintenance', '/away']) {
      const calls = worker.logs.length;
      const direct = await visit(nginx, path);
      expect(direct.text).toBe('503: Back at noon');
      expect(await visit(worker, path)).toEqual(direct);
      await expect.poll(() => worker.logs.length).toBe(calls + 1);
      expect(worker.logs[calls]?.level).toBe('warn');
      expect(worker.logs[calls]?.message[0]).toMatchObject({ message: 'Origin answered 503 on purpose' });
    }
  });

  it('add_header without always is lost on a 503: the page is shown', async () => {
    expect((await visit(worker, '/lost')).text).not.toContain('Back at noon');
  });

  it('all workers busy: nginx gives up, the visitor sees the page, the record names 504', async () => {
    const busy = visit(worker, '/impatient?do=slow');
    const waiting = visit(worker, '/impatient');
    for (const seen of [await busy, await waiting]) {
      expect(seen.status).toBe(500);
      expect(await recordOfSeen(worker, seen.text)).toMatchObject({ message: 'Origin answered 504' });
    }
  });

  it('php-fpm killed, nginx frozen, nginx killed', async (context) => {
    const [without, through] = [await visit(nginx, '/?do=order'), await visit(worker, '/?do=order')];
    await php.kill();
    const bad = await visit(worker);
    expect(await recordOfSeen(worker, bad.text)).toMatchObject({
      message: 'Origin answered 502',
      origin: { status_code: 502, server: expect.stringMatching(/^nginx/) },
    });

    nginx.freeze();
    const since = recordsOf(worker).length;
    await visit(worker);
    expect(await lastRecord(worker, since)).toMatchObject({ message: 'Origin timed out' });
    nginx.thaw();

    await nginx.kill();
    const dead = await visit(worker);
    expect(await recordOfSeen(worker, dead.text)).toMatchObject({ message: 'Origin did not answer' });
    witness(context, {
      software: 'nginx',
      version: versions,
      done: 'a shop in PHP: pages, forms, redirects',
      without: without.text,
      through: through.text,
      dead: dead.text,
    });
  });
});
