import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../../support/workerd.ts';
import { recordsOf, startBehind } from '../support/behind.ts';
import type { Daemon } from '../support/daemon.ts';
import { startNginx } from '../support/nginx.ts';
import { run, versionOf } from '../support/run.ts';
import { visit } from '../support/visit.ts';
import { addRow } from '../support/witness.ts';

describe('Health checks and pages on purpose, by nginx', () => {
  let site: Daemon;
  let worker: RunningWorker;
  let pages: RunningWorker;
  let software: string;

  beforeAll(async () => {
    site = await startNginx(`
      location = /healthz { add_header X-Intercept-Errors off always; return 503 "database: down"; }
      location = /status { default_type application/json; return 503 '{"database":"down"}'; }
      location @closed { internal; add_header X-Intercept-Errors off always; return 503 "<h1>Closed for stocktaking</h1>"; }
      location / { default_type text/html; error_page 503 @closed; return 503; }`);
    worker = await startBehind(site);
    pages = await startBehind(site, { INTERCEPT: 'pages' });
    software = `nginx ${await versionOf('/usr/sbin/nginx', '-v')}`;
  });

  const curl = async ({ url }: { readonly url: string }, path: string, ...options: readonly string[]) =>
    (await run(['curl', '-sS', '-w', ' (%{http_code})', ...options, url + path])).stdout;

  it('a health check with X-Intercept-Errors reads the application’s own 503', async (context) => {
    expect(await curl(site, '/healthz')).toBe('database: down (503)');
    expect(await curl(worker, '/healthz')).toBe('database: down (503)');
    addRow(context, [
      software,
      'a health check with X-Intercept-Errors: off',
      '503',
      'the same',
      'on purpose',
    ]);
  });

  it.each(['curl/8', 'kube-probe/1.31', 'Go-http-client/2.0', 'ELB-HealthChecker/2.0'])(
    'with INTERCEPT = "pages", %s reads the application’s own 503 as it is',
    async (agent) => {
      expect(await curl(pages, '/status', '-A', agent)).toBe('{"database":"down"} (503)');
    },
  );

  it('a page on purpose is shown to people, and what is logged is a warning', async (context) => {
    const [direct, through] = [await visit(site, '/'), await visit(pages, '/')];
    expect(direct.text).toBe('503: Closed for stocktaking');
    expect(through).toEqual(direct);
    await expect
      .poll(() => recordsOf(pages).at(-1))
      .toMatchObject({ message: 'Origin answered 503 on purpose' });
    expect(pages.logs.at(-1)?.level).toBe('warn');
    addRow(context, [
      software,
      'a page by error_page with X-Intercept-Errors: off',
      '503',
      'the same',
      'on purpose',
    ]);
  });
});
