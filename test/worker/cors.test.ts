/**
 * The browser apps that may read a failure: by the origin's CORS headers or by CORS_ORIGINS, and never by a mixture.
 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { headersOf, vary } from '../support/expect-page.ts';
import { unusedPort } from '../support/origin.ts';
import { startRawOrigin, type RawOrigin } from '../support/raw-origin.ts';
import { startWorkers, type RunningWorker } from '../support/workerd.ts';

const app = 'https://app.example';
const other = 'https://other.example';

type Name = 'none' | 'listed' | 'anyone' | 'dead';
let origin: RawOrigin;
let workers: Readonly<Record<Name, RunningWorker>>;

beforeAll(async () => {
  origin = await startRawOrigin();
  const bundle = inject('bundle');
  const ORIGIN_URL = `http://${origin.host}`;
  workers = await startWorkers({
    none: { bundle, vars: { ORIGIN_URL } },
    listed: { bundle, vars: { ORIGIN_URL, CORS_ORIGINS: app } },
    anyone: { bundle, vars: { ORIGIN_URL, CORS_ORIGINS: '*' } },
    dead: { bundle, vars: { ORIGIN_URL: `http://127.0.0.1:${await unusedPort()}`, CORS_ORIGINS: app } },
  });
});

afterAll(async () => {
  await workers.none.stop();
  await origin.stop();
});

/** The parts of an answer that matter for CORS, after the origin answered with these header lines. */
async function corsOf(
  worker: Name,
  lines: readonly string[],
  headers: Record<string, string>,
  method = 'GET',
  status = 503,
) {
  origin.bytes = Buffer.from([`HTTP/1.1 ${status} Said`, ...lines, 'Content-Length: 0', '', ''].join('\r\n'));
  const answer = await ask(workers[worker], { method, headers });
  const all = headersOf(answer);
  const names = Object.keys(all).filter((name) => name.startsWith('access-control-'));
  return {
    status: answer.status,
    vary: all['vary'],
    cors: Object.fromEntries(names.map((name) => [name, all[name]])),
  };
}

const ours = {
  'access-control-allow-origin': app,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'X-Request-Id',
};
const oursForAnyone = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'X-Request-Id' };
const forOther = [
  `Access-Control-Allow-Origin: ${other}`,
  'Access-Control-Allow-Credentials: true',
  'Access-Control-Allow-Methods: PUT',
  'Access-Control-Max-Age: 600',
  'Access-Control-Expose-Headers: ETag',
];

describe('the origin lets the app read', () => {
  it.each<Name>(['none', 'listed', 'anyone'])('its own word stands, whatever is set: %s', async (worker) => {
    const lines = [`Access-Control-Allow-Origin: ${app}`, 'Access-Control-Expose-Headers: ETag'];
    expect((await corsOf(worker, lines, { Origin: app })).cors).toEqual({
      'access-control-allow-origin': app,
      'access-control-expose-headers': 'ETag, X-Request-Id',
    });
  });

  it.each<Name>(['none', 'listed', 'anyone'])('to everyone: %s', async (worker) => {
    expect((await corsOf(worker, ['Access-Control-Allow-Origin: *'], { Origin: app })).cors).toEqual(
      oursForAnyone,
    );
  });

  it.each<Name>(['none', 'listed', 'anyone'])('* never stands beside credentials: %s', async (worker) => {
    const lines = ['Access-Control-Allow-Origin: *', 'Access-Control-Allow-Credentials: true'];
    for (const headers of [{ Origin: app }, {}]) {
      const { cors } = await corsOf(worker, lines, { ...headers });
      expect(cors).toEqual(oursForAnyone);
    }
  });
});

describe('the origin lets another app read', () => {
  it('with CORS_ORIGINS, ours stands alone', async () => {
    expect((await corsOf('listed', forOther, { Origin: app })).cors).toEqual(ours);
    expect((await corsOf('anyone', forOther, { Origin: app })).cors).toEqual(oursForAnyone);
  });

  it('without, the app gets nothing that it could not use', async () => {
    expect((await corsOf('none', forOther, { Origin: app })).cors).toEqual({});
  });

  it('the other one is told by the origin', async () => {
    expect((await corsOf('listed', forOther, { Origin: other })).cors).toEqual({
      'access-control-allow-origin': other,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'PUT',
      'access-control-max-age': '600',
      'access-control-expose-headers': 'ETag, X-Request-Id',
    });
  });
});

describe('the origin says half of it', () => {
  it.each([
    ['credentials alone', ['Access-Control-Allow-Credentials: true']],
    ['what may be read, alone', ['Access-Control-Expose-Headers: ETag']],
    ['two origins', [`Access-Control-Allow-Origin: ${app}, ${other}`, 'Access-Control-Max-Age: 9']],
    ['two headers', [`Access-Control-Allow-Origin: ${app}`, `Access-Control-Allow-Origin: ${app}`]],
    ['another spelling', ['Access-Control-Allow-Origin: https://APP.example']],
    ['a prefix', ['Access-Control-Allow-Origin: https://app.example.evil.test']],
  ])('%s: ours stands alone', async (_what, lines) => {
    expect((await corsOf('listed', lines, { Origin: app })).cors).toEqual(ours);
    expect((await corsOf('anyone', lines, { Origin: app })).cors).toEqual(oursForAnyone);
  });
});

it('Vary names Origin where an app is listed, one is enough', async () => {
  expect((await corsOf('listed', [], { Origin: app })).vary).toBe(`${vary}, Origin`);
  expect((await corsOf('listed', [], {})).vary).toBe(`${vary}, Origin`);
  expect((await corsOf('none', [], { Origin: app })).vary).toBe(vary);
});

describe('a preflight', () => {
  const preflight = {
    Origin: app,
    'Access-Control-Request-Method': 'PUT',
    'Access-Control-Request-Headers': 'x-a',
  };
  const allowed = {
    ...ours,
    'access-control-allow-methods': 'PUT',
    'access-control-allow-headers': 'x-a',
    'access-control-max-age': '0',
  };

  it('of a listed app succeeds where the origin cannot be asked, by our word alone', async () => {
    const lines = [
      `Access-Control-Allow-Origin: ${app}`,
      'Access-Control-Allow-Methods: GET',
      'Access-Control-Max-Age: 600',
    ];
    expect(await corsOf('listed', lines, preflight, 'OPTIONS')).toMatchObject({ status: 204, cors: allowed });
    expect(await corsOf('dead', [], preflight, 'OPTIONS')).toMatchObject({ status: 204, cors: allowed });
  });

  it.each([
    [500, 500],
    [501, 500],
    [502, 204],
    [503, 204],
    [504, 204],
    [505, 500],
    [522, 204],
  ])('of a listed app, after the origin answered %i, is answered with %i', async (answered, status) => {
    expect((await corsOf('listed', [], preflight, 'OPTIONS', answered)).status).toBe(status);
  });

  it.each([
    ['a list of headers', 'x-a, x-b', 'x-a, x-b'],
    ['what is no list of names', 'x-a;b', undefined],
    ['what begins as no name does', ';x-a', undefined],
    ['2,000 characters', 'x'.repeat(2000), 'x'.repeat(2000)],
    ['more', 'x'.repeat(2001), undefined],
  ])('that asks for %s', async (_what, asked, answered) => {
    const headers = { ...preflight, 'Access-Control-Request-Headers': asked };
    const { cors } = await corsOf('listed', [], headers, 'OPTIONS');
    expect(cors['access-control-allow-headers']).toBe(answered);
  });

  it('that the origin answers on purpose is its own', async () => {
    const lines = ['X-Intercept-Errors: off', 'Access-Control-Allow-Methods: GET'];
    expect(await corsOf('listed', lines, preflight, 'OPTIONS')).toMatchObject({
      status: 503,
      cors: { 'access-control-allow-methods': 'GET' },
    });
  });

  it.each([
    ['of another app', { ...preflight, Origin: other }],
    ['without a method to ask for', { Origin: app }],
  ])('%s does not', async (_what, headers) => {
    expect((await corsOf('listed', [], headers, 'OPTIONS')).status).toBe(500);
  });
});
