import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type Header, exchange } from '../support/exchange.ts';
import { unusedPort } from '../support/origin.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';
import { atEnd } from './support/at-end.ts';
import { requestIdPattern, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { type Linted, httpRules } from './support/http-rules.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

const app = 'https://app.example';
const forms: readonly (readonly [form: string, method: string, headers: readonly Header[]])[] = [
  ['html', 'GET', [['Accept', 'text/html']]],
  ['html after a POST', 'POST', [['Accept', 'text/html']]],
  [
    'html in Chinese',
    'GET',
    [
      ['Accept', 'text/html'],
      ['Accept-Language', 'zh-TW'],
    ],
  ],
  [
    'html in Arabic',
    'GET',
    [
      ['Accept', 'text/html'],
      ['Accept-Language', 'ar'],
    ],
  ],
  [
    'html in Norwegian',
    'GET',
    [
      ['Accept', 'text/html'],
      ['Accept-Language', 'no'],
    ],
  ],
  ['fragment', 'GET', [['HX-Request', 'true']]],
  ['json', 'GET', [['Accept', 'application/json']]],
  [
    'json for an app',
    'GET',
    [
      ['Accept', 'application/json'],
      ['Origin', app],
    ],
  ],
  ['markdown', 'GET', [['Accept', 'text/markdown']]],
  ['text', 'GET', [['Accept', 'text/plain']]],
  ['text for git', 'GET', [['User-Agent', 'git/2.39.5']]],
  [
    'preflight',
    'OPTIONS',
    [
      ['Origin', app],
      ['Access-Control-Request-Method', 'PUT'],
      ['Access-Control-Request-Headers', 'x-app'],
    ],
  ],
];

describe('The wire', () => {
  let site: Daemon;
  const workers = new Map<string, RunningWorker>();
  const get = (name: string): RunningWorker => {
    const worker = workers.get(name);
    if (worker === undefined) throw new Error(`No ${name}`);
    return worker;
  };

  beforeAll(async () => {
    site = await startServer('site');
    const CORS_ORIGINS = app;
    const nobody = { host: `127.0.0.1:${await unusedPort()}` };
    workers.set('no origin', await startBehind(nobody, { CORS_ORIGINS }));
    workers.set(
      'no origin, with ERROR_STATUS "origin"',
      await startBehind(nobody, { CORS_ORIGINS, ERROR_STATUS: 'origin' }),
    );
    workers.set('an origin that answers 503 with Retry-After', await startBehind(site, { CORS_ORIGINS }));
    const broken = await startWorkerd({
      bundle: inject('bundle'),
      route: nobody.host,
      texts: { 'page.html': '<!doctype html>{{#open' },
    });
    atEnd(() => broken.stop());
    workers.set('a page that cannot be made', broken);
  });

  const places = [
    'no origin',
    'no origin, with ERROR_STATUS "origin"',
    'an origin that answers 503 with Retry-After',
  ];
  const all = places.flatMap((place) =>
    forms.flatMap(([form, method, headers]) => [
      { place, form, method, headers },
      ...(method === 'GET' ? [{ place, form: `${form}, asked for with HEAD`, method: 'HEAD', headers }] : []),
    ]),
  );

  async function lint(linted: Linted): Promise<readonly string[]> {
    return httpRules.flatMap((rule) => rule.broken(linted).map((what) => `${rule.note}: ${what}`));
  }

  it.each(all)('$place, $form: nothing to say of it', async ({ place, form, method, headers }) => {
    const answer = await exchange(get(place).port, { method, target: '/fail/text', headers });
    expect(answer.status).toBe(form === 'preflight' ? 204 : answer.status);
    if (form !== 'preflight') expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.header('x-request-id')).toMatch(requestIdPattern);
    expect(await lint({ method, requestHeaders: headers, answer })).toEqual([]);
  });

  it('the same for the answer that is made of literals, but for what it leaves out', async () => {
    const answer = await exchange(get('a page that cannot be made').port, {
      target: '/',
      headers: [['Accept', 'text/html']],
    });
    const said = await lint({ method: 'GET', requestHeaders: [], answer });
    expect(said.filter((note) => !note.endsWith(': none'))).toEqual([]);
  });

  it('the rules find what is wrong: the site’s own answers are not that clean', async (context) => {
    const answer = await exchange(site.port, { target: '/fail/html' });
    const said = await lint({ method: 'GET', requestHeaders: [], answer });
    expect(said.length).toBeGreaterThan(3);
    witness(context, {
      software: 'Rules of an HTTP linter (REDbot)',
      version: '',
      done: `${httpRules.length} rules over ${all.length} answers of ours`,
      without: `of the origin’s own 503: ${said.map((note) => note.split(':')[0]).join(', ')}`,
      through: 'nothing to say',
      dead: 'nothing to say',
    });
  });
});
