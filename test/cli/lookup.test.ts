import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test as base, vi } from 'vitest';
import { main } from '../../src/cli/lookup/main.ts';
import { timeOf } from '../../src/cli/lookup/time-window.ts';
import { unusedPort } from '../support/origin.ts';
import { listen } from '../../src/cli/dev/origin/listener.ts';
import {
  startTelemetryApi,
  TOKEN,
  TOKEN_WITHOUT_PERMISSION,
  type TelemetryApi,
} from '../support/telemetry-api.ts';
import { LENGTH, OUTAGE, outageOf } from './outage.ts';
import { bodyRecord, failureRecord, idOfAge, logEvent, MINUTE } from './records.ts';
import { callCommand, type CommandRun, runCommand } from './run-command.ts';

const AGE = 10 * MINUTE;
const DAY = 24 * 60 * MINUTE;

// Some tests wait for a record, or start a process.
vi.setConfig({ testTimeout: 120_000 });

interface Fixtures {
  readonly api: TelemetryApi;
  /** The command, with everything in its environment that it needs to ask `api`. */
  readonly lookup: (args: readonly string[], environment?: Record<string, string>) => Promise<CommandRun>;
}

const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- the form that Vitest demands of a fixture without dependencies
  api: async ({}, use) => {
    const api = await startTelemetryApi();
    await use(api);
    await api.close();
  },
  lookup: async ({ api }, use) => {
    await use((args, environment = {}) => callCommand(main, args, { ...api.env, ...environment }));
  },
});

/** Stores the failure of a request with a new ID, among other records. */
function storeFailure(api: TelemetryApi, fields: Record<string, unknown> = {}): string {
  const id = idOfAge(AGE);
  api.add([
    logEvent(failureRecord(id, fields), { age: AGE }),
    logEvent(failureRecord(idOfAge(AGE), { server: { address: 'elsewhere.example' } }), {
      age: AGE,
      invocation: 'other',
    }),
  ]);
  return id;
}

describe.concurrent('an ID that is in Workers Logs', () => {
  test('the cause comes first, in one sentence, then every fact of the record', async ({ api, lookup }) => {
    const id = storeFailure(api);
    const { exitCode, stdout, stderr } = await lookup([id]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [time = ''] = /[\d-]+T[\d:.]+Z/.exec(stdout) ?? [];
    const kept = /kept until +(.*)/.exec(stdout)?.[1] ?? '';
    expect(stdout).toBe(`The origin answered 503 to GET shop.example/checkout after 42 ms.
It is the fault of the origin: it got the request and answered it with an error of its own.

  request ID    ${id}
  time          ${time}
  logged by     edge-error-interceptor
  kept until    ${kept}

Alone or an outage
  Alone: no other failure on shop.example within five minutes of it.
  It ran in version v1.2.0 (b8e2c1d0-3f4a-4c5b-9d6e-7f8091a2b3c4).
  What failed on every host since then:
    npx edge-error-interceptor lookup --since 16m

What to do
  It is overloaded, or in maintenance. If that is meant: X-Intercept-Errors: off shows its own page.
  Search the origin's log for the request ID; what it logged about it is the cause.
  In the origin's log, about ${time.slice(0, 19)}Z, GET shop.example/checkout, search for:
    X-Request-Id: ${id}
  In your tracing, the trace: 0af7651916cd43dd8448eb211c80319c
  In Cloudflare's own logs and events, the Ray ID: 9a1b2c3d4e5f6071

Failure
  error type    503
  source        origin

Request
  method        GET
  scheme        https
  host          shop.example
  path          /checkout
  trace ID      0af7651916cd43dd8448eb211c80319c

Origin
  status        503
  duration      42 ms
  server        nginx
  content type  text/html

Answer to the visitor
  status        500
  format        html
  language      de

Visitor
  user agent    Mozilla/5.0 (X11; Linux x86_64)
  country       DE
  network       AS3320
  protocol      HTTP/3

Cloudflare
  Ray ID        9a1b2c3d4e5f6071
  data center   FRA

Worker
  version       b8e2c1d0-3f4a-4c5b-9d6e-7f8091a2b3c4
  tag           v1.2.0
`);
  });

  test('all that a record may hold has its place', async ({ api, lookup }) => {
    const id = storeFailure(api, {
      server: { address: 'shop.example', port: 8443 },
      origin: {
        status_code: 503,
        duration_ms: 42,
        request_id: 'req-at-origin',
        ray_id: '8a1b2c3d4e5f6072',
        proxy_status: 'proxy; error=dns_error',
      },
      exception: {
        type: 'Error',
        message: 'lost',
        code: 'ECONN',
        status: 503,
        flags: ['retryable', 'remote'],
      },
    });
    const { stdout } = await lookup([id]);
    expect(stdout).not.toContain('Also logged');
    expect(stdout).toContain("the origin's own ID: req-at-origin\n");
    expect(stdout).toContain('the Ray ID (CF-Ray) that the origin got: 8a1b2c3d4e5f6072\n');
    expect(stdout).toContain(
      'Exception\n  type          Error\n  message       lost\n  code          ECONN\n',
    );
    expect(stdout).toMatch(/^ {2}flags +retryable, remote$/m);
  });

  test('only the time in the ID decides where to search', async ({ api, lookup }) => {
    const id = storeFailure(api);
    await lookup([id]);
    const until = expect.toSatisfy((to) => to > timeOf(id) + 9 * MINUTE && to <= Date.now());
    const timeframe = { from: timeOf(id) - 5 * MINUTE, to: until };
    expect(api.queries[0]).toMatchObject({ view: 'events', timeframe });
  });

  test('a failure that took 100 minutes to fail is found', async ({ api, lookup }) => {
    const id = idOfAge(2 * DAY);
    api.add([logEvent(failureRecord(id), { age: 2 * DAY - 100 * MINUTE })]);
    expect(await lookup([id])).toMatchObject({ exitCode: 0 });
  });

  test('the other log lines of the same request are printed in order, those of other requests are not', async ({
    api,
    lookup,
  }) => {
    const id = storeFailure(api);
    // A page of results may be shorter than the query asked for.
    api.capPagesAt(2);
    api.add([
      logEvent({ message: 'second', level: 'log' }, { age: AGE - 2, level: 'log' }),
      logEvent({ message: 'first', level: 'log' }, { age: AGE + 2, level: 'log' }),
      logEvent({ message: 'not ours', level: 'log' }, { age: AGE, invocation: 'other', level: 'log' }),
      logEvent({ cart: { items: 3 } }, { age: AGE - 3, level: 'debug' }),
    ]);
    const { stdout } = await lookup([id]);
    const lines = stdout.slice(stdout.indexOf('Other log lines')).trim().split('\n').slice(1);
    expect(lines).toEqual([
      expect.stringMatching(/^ {2}\S+Z log first$/),
      expect.stringMatching(/^ {2}\S+Z log second$/),
      expect.stringMatching(/^ {2}\S+Z debug \{"cart":\{"items":3\}\}$/),
    ]);
  });

  test("the origin's error body and Cloudflare's error code are printed with the failure", async ({
    api,
    lookup,
  }) => {
    const id = storeFailure(api, {
      message: 'Origin did not answer',
      error: { type: 'destination_unavailable', source: 'network' },
      origin: { status_code: 530, duration_ms: 7 },
    });
    api.add([
      logEvent(
        bodyRecord(id, '<h1>Error 1016</h1>\nOrigin DNS error', { cloudflare: { error_code: 1016 } }),
        { age: AGE },
      ),
    ]);
    const { stdout } = await lookup([id]);
    expect(stdout).toContain(
      'The origin did not get GET shop.example/checkout: Cloudflare answered 530 after 7 ms ' +
        "with error code 1016: the origin's host name cannot be resolved",
    );
    expect(stdout).toContain("Origin's error body\n  <h1>Error 1016</h1>\n  Origin DNS error");
    expect(stdout).toContain('\nThe origin said: <h1>Error 1016</h1>; Origin DNS error\n');
  });

  test('the line of it that names the cause is near the top, or that there was none', async ({
    api,
    lookup,
  }) => {
    const id = storeFailure(api);
    api.add([logEvent(bodyRecord(id, '{"status":500,"message":"pool exhausted"}'), { age: AGE })]);
    expect((await lookup([id])).stdout).toContain('\nThe origin said: pool exhausted\n');
    // The Worker learns from the headers that a body is empty, or by reading it.
    const nothing = { origin: { status_code: 500, content_type: 'text/html', duration_ms: 1, body_size: 0 } };
    const silent = storeFailure(api, nothing);
    const read = idOfAge(AGE);
    api.add([
      logEvent(failureRecord(read), { age: AGE, invocation: read }),
      logEvent(bodyRecord(read, '', { origin: { ...nothing.origin, duration_ms: undefined } }), {
        age: AGE,
        invocation: read,
      }),
    ]);
    for (const one of [silent, read]) {
      const { stdout } = await lookup([one]);
      expect(stdout).toContain('\nThe origin said nothing: its body was empty. PHP dies so');
    }
  });

  test('a logged text cannot steer the terminal', async ({ api, lookup }) => {
    const hostile = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202egnp.exe\r\nThe origin is fine.';
    const id = storeFailure(api, {
      user_agent: { original: hostile },
      url: { path: hostile },
      exception: { type: 'Error', message: hostile, stacktrace: hostile },
      unheard_of: { [hostile]: hostile },
    });
    api.add([
      logEvent(bodyRecord(id, hostile), { age: AGE }),
      logEvent(hostile, { age: AGE, level: hostile }),
    ]);
    for (const args of [[id], ['--json', id], ['--since', '1h'], ['--since', '1h', '--json']]) {
      const { stdout, exitCode } = await lookup(args);
      expect(exitCode).toBe(0);
      expect(stdout).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
      expect(stdout, 'no forged line').not.toMatch(/^The origin is fine/m);
    }
    const { stdout } = await lookup([id]);
    expect(stdout).toContain('user agent    \\u001b]0;owned\\u0007');
    expect(JSON.parse((await lookup(['--json', id])).stdout)).toMatchObject({
      failures: [{ record: { user_agent: { original: hostile } } }],
    });
  });

  test('--json: the documented shape', async ({ api, lookup }) => {
    const id = storeFailure(api);
    const body = bodyRecord(id, 'out of memory');
    api.add([logEvent(body, { age: AGE }), logEvent('cache miss', { age: AGE, level: 'log' })]);
    const { stdout, exitCode } = await lookup(['--json', id.toUpperCase()]);
    expect(exitCode).toBe(0);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(JSON.parse(stdout)).toEqual({
      request_id: id,
      store: 'cloudflare',
      truncated: false,
      failures: [
        {
          cause: 'The origin answered 503 to GET shop.example/checkout after 42 ms.',
          fault: expect.stringContaining('fault of the origin'),
          next: expect.arrayContaining([expect.stringContaining("Search the origin's log")]),
          circumstances: {
            within_five_minutes: 1,
            kinds: [{ error_type: '503', error_source: 'origin', count: 1 }],
            versions: [{ id: 'b8e2c1d0-3f4a-4c5b-9d6e-7f8091a2b3c4', count: 1, first: time, last: time }],
            sample_interval: 1,
          },
          time,
          service: 'edge-error-interceptor',
          record: failureRecord(id),
          additions: [body],
          other_lines: [{ time, level: 'log', service: 'edge-error-interceptor', text: 'cache miss' }],
        },
      ],
    });
  });

  test('the level that Workers Logs stores with the record is none of its facts', async ({ api, lookup }) => {
    const id = storeFailure(api, { level: 'error' });
    const { stdout } = await lookup([id]);
    expect(stdout).toContain(id);
    expect(stdout).not.toContain('Also logged');
  });

  test('what a newer Worker may log is printed too', async ({ api, lookup }) => {
    const id = storeFailure(api, { tls: { version: '1.3' } });
    expect((await lookup([id])).stdout).toMatch(/^Also logged\n {2}tls\.version +1\.3$/m);
  });

  test('an answer from a sample says so, once', async ({ api, lookup }) => {
    const id = storeFailure(api);
    api.answerFromSample();
    const { stderr } = await lookup([id]);
    expect(stderr).toBe(
      'Cloudflare answered from a sample of the logs: records may be missing and counts are estimates.\n',
    );
  });

  test('only the token is sent, whatever other credentials the environment has', async ({ api, lookup }) => {
    const id = storeFailure(api);
    await lookup([id], {
      CLOUDFLARE_API_KEY: 'global-key',
      CLOUDFLARE_EMAIL: 'me@shop.example',
      CLOUDFLARE_API_USER_SERVICE_KEY: 'service-key',
    });
    expect(api.headers[0]).toContain(`Bearer ${TOKEN}`);
    expect(api.headers.join()).not.toMatch(/global-key|me@shop\.example|service-key/);
  });

  test('no colours and no escape codes in a pipe, colours where they are asked for', async ({
    api,
    lookup,
  }) => {
    const id = storeFailure(api);
    expect((await lookup([id], { FORCE_COLOR: '1' })).stdout).toContain('\u001b[1m');
    const env = { ...api.env, NO_COLOR: '' };
    const piped = await runCommand('src/cli/main.ts', ['lookup', id], { env });
    expect(piped.stdout).toContain('The origin answered 503');
    expect(piped.stdout).not.toContain('\u001b');
  });
});

describe.concurrent('an ID that is not there (yet)', () => {
  test('a fresh one is waited for', async ({ api, lookup }) => {
    const id = idOfAge(5000);
    api.add([logEvent(failureRecord(id), { age: 4900 })], 1);
    const { exitCode, stdout, stderr } = await lookup([id]);
    expect(stdout).toContain('The origin answered 503');
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^Not in Workers Logs yet.*Waiting up to \d/),
      '',
    ]);
    expect(exitCode).toBe(0);
  });

  test('what adds to a failure is not taken for it when it arrives first', async ({ api, lookup }) => {
    const id = idOfAge(5000);
    api.add([logEvent(bodyRecord(id, 'oops'), { age: 4900 })]);
    api.add([logEvent(failureRecord(id), { age: 4900 })], 1);
    expect((await lookup([id])).stdout).toContain('The origin answered 503');
  });

  test('one of a few minutes ago may take another minute', async ({ lookup }) => {
    const { exitCode, stderr } = await lookup([idOfAge(4 * MINUTE)]);
    expect(stderr).toContain('try again in a minute');
    expect(exitCode).toBe(1);
  });

  test('one that a client chose is found as it was typed, and in lower case', async ({ api, lookup }) => {
    const id = idOfAge(AGE);
    api.add([logEvent(failureRecord(id.toUpperCase()), { age: 5 * DAY })]);
    expect(await lookup([id.toUpperCase()])).toMatchObject({ exitCode: 0 });
    expect(await lookup([id])).toMatchObject({ exitCode: 1 });
    const ulid = '01KAS0Z5G1J8T0N6QH3V9W2XYB';
    api.add([logEvent(failureRecord(ulid), { age: 5 * DAY })]);
    expect(await lookup([ulid])).toMatchObject({ exitCode: 0 });
  });

  test('one whose time is not that of its failure is sought in all that is kept', async ({ api, lookup }) => {
    for (const age of [3 * DAY, 400 * DAY, -3 * 60 * MINUTE]) {
      const id = idOfAge(age);
      api.add([logEvent(failureRecord(id), { age: DAY })]);
      expect(await lookup([id]), `${age}`).toMatchObject({ exitCode: 0 });
    }
  });

  test('an unknown one is not waited for, and called missing only when all that is kept was searched', async ({
    api,
    lookup,
  }) => {
    const id = idOfAge(AGE);
    const { exitCode, stdout, stderr } = await lookup([id]);
    expect(stderr).toContain(
      `No record with the ID ${id} in Workers Logs.\nThe ID says that the request came at`,
    );
    expect(stderr).toContain('10 minutes ago');
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
    // The three queries look at the time in the ID, for an ID that a visitor sent, and everywhere.
    expect(api.queries).toHaveLength(3);
  });

  test('one older than the retention of the Free plan is looked for, and the retention named', async ({
    lookup,
  }) => {
    const { exitCode, stderr } = await lookup([idOfAge(5 * DAY)]);
    expect(stderr).toContain('after 3 days on the Free plan');
    expect(exitCode).toBe(1);
  });

  test('one older than any retention is gone', async ({ lookup }) => {
    const { exitCode, stderr } = await lookup([idOfAge(12 * DAY)]);
    expect(stderr).toMatch(
      /The record is gone: the ID was made 12 days ago, at .*\n.*3 days on the Free plan/,
    );
    expect(exitCode).toBe(1);
  });

  test('one from the future says so', async ({ lookup }) => {
    const { exitCode, stderr } = await lookup([idOfAge(-3 * 60 * MINUTE)]);
    expect(stderr).toMatch(/No request can have this ID yet.*in 3 hours\.\n.*clock/);
    expect(exitCode).toBe(1);
  });

  test('a clock that is ten seconds slow does no harm', async ({ api, lookup }) => {
    const id = idOfAge(-10_000);
    api.add([logEvent(failureRecord(id), { age: -9000 })]);
    expect(await lookup([id])).toMatchObject({ exitCode: 0 });
  });
});

describe.concurrent('--verbatim', () => {
  test('finds an ID that the client chose, whenever it was', async ({ api, lookup }) => {
    const id = 'client-ABCdef-0123456789-ilo';
    api.add([
      logEvent(failureRecord(id), { age: 6 * DAY, invocation: 'old' }),
      logEvent(failureRecord(id, { url: { path: '/again' } }), { age: MINUTE, invocation: 'new' }),
    ]);
    const { exitCode, stdout } = await lookup(['--verbatim', id]);
    expect(exitCode).toBe(0);
    expect(stdout.match(/^The origin answered.*$/gm)).toEqual([
      'The origin answered 503 to GET shop.example/again after 42 ms.',
      'The origin answered 503 to GET shop.example/checkout after 42 ms.',
    ]);
  });

  test('shows the newest of many, and says so', async ({ api, lookup }) => {
    const id = 'client-ABCdef-0123456789-ilo';
    for (let i = 0; i < 21; i++) {
      const record = failureRecord(id, { url: { path: `/${i}` } });
      api.add([logEvent(record, { age: MINUTE - i, invocation: `${i}` })]);
    }
    const { stdout, stderr } = await lookup(['--verbatim', id]);
    expect(stdout.match(/^The origin answered/gm)).toHaveLength(20);
    expect(stdout).not.toContain('shop.example/0 ');
    expect(stderr).toBe('More requests had this ID: these are the newest 20.\n');
    expect(JSON.parse((await lookup(['--verbatim', '--json', id])).stdout)).toMatchObject({
      truncated: true,
    });
  });
});

describe.concurrent('what a person pastes', () => {
  test("the line of the page's own mail link", async ({ api, lookup }) => {
    const id = storeFailure(api);
    expect(await lookup([`Request ID: ${id.toLowerCase()} please help`])).toMatchObject({ exitCode: 0 });
    const reply = `-----Original Message-----\nSubject: Request ID: ${id}`;
    expect(await lookup([reply])).toMatchObject({ exitCode: 0 });
    expect(await lookup(['Request', 'ID:', ...(id.match(/.{1,5}/g) ?? []), 'please'])).toMatchObject({
      exitCode: 0,
    });
  });

  test('an ID that a client chose, with no option', async ({ api, lookup }) => {
    const id = 'Root=1-67891233-abcdef012345678912345678';
    api.add([logEvent(failureRecord(id), { age: AGE })]);
    expect(await lookup([id])).toMatchObject({ exitCode: 0 });
  });

  test("a Ray ID, the visitor's or the origin's", async ({ api, lookup }) => {
    const id = storeFailure(api, {
      cloudflare: { ray_id: '8f1b2c3d4e5f6071' },
      origin: { status_code: 503, duration_ms: 1, ray_id: '8f1b2c3d4e5f6072' },
    });
    for (const ray of ['8f1b2c3d4e5f6071', '8f1b2c3d4e5f6072', 'CF-RAY: 8f1b2c3d4e5f6071-FRA'])
      expect((await lookup([ray])).stdout, ray).toContain(id);
    expect(await lookup(['8f1b2c3d4e5f6073'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('No record with the Ray ID 8f1b2c3d4e5f6073'),
    });
  });

  test('an ID that a visitor sent: behind the failure whose own it is', async ({ api, lookup }) => {
    const id = storeFailure(api);
    const [page, client] = [idOfAge(MINUTE), { request_id: id }];
    const theirs = failureRecord(page, { client, url: { path: '/retry' } });
    api.add([
      logEvent(theirs, { age: MINUTE, invocation: 'theirs' }),
      logEvent(bodyRecord(page, 'out of memory'), { age: MINUTE, invocation: 'theirs' }),
    ]);
    const { stdout } = await lookup([id]);
    expect(stdout.match(/^(?:Sent by a visitor|The origin answered|The origin said).*$/gm)).toEqual([
      'The origin answered 503 to GET shop.example/checkout after 42 ms.',
      expect.stringMatching(/^Sent by a visitor, or by what stands in front of this Worker: /),
      'The origin answered 503 to GET shop.example/retry after 42 ms.',
      'The origin said: out of memory',
    ]);
    expect(stdout).toContain(`    X-Edge-Request-Id: ${page}\n    X-Request-Id, as it was sent: ${id}\n`);
    expect(JSON.parse((await lookup(['--json', id])).stdout)).toMatchObject({
      failures: [{ record: { request_id: id } }, { sent_by_visitor: true, record: { request_id: page } }],
    });
  });

  test('an ID that only a visitor sent is not waited for', async ({ api, lookup }) => {
    const id = idOfAge(1000);
    api.add([logEvent(failureRecord(idOfAge(900), { client: { request_id: id } }), { age: 900 })]);
    const { exitCode, stdout, stderr } = await lookup([id]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Sent by a visitor/);
  });
});

describe.concurrent('alone or an outage', () => {
  const type = (name: string) => ({ error: { type: name, source: 'network' } });
  const version = (id: string) => ({ cloudflare: { script_version: { id } }, service: undefined });

  /** Failures of the same type and host, one a minute, from `from` to `to` minutes ago. */
  function storeRun(api: TelemetryApi, from: number, to: number, fields: Record<string, unknown>): void {
    for (let minutes = from; minutes >= to; minutes--) {
      const record = failureRecord(idOfAge(minutes * MINUTE), fields);
      api.add([logEvent(record, { age: minutes * MINUTE, invocation: `run-${minutes}` })]);
    }
  }

  test('of many: how many, since when, until when', async ({ api, lookup }) => {
    storeRun(api, 60, 20, type('connection_refused'));
    storeRun(api, 300, 290, type('connection_refused'));
    storeRun(api, 70, 5, type('connection_timeout'));
    const id = idOfAge(40 * MINUTE);
    api.add([logEvent(failureRecord(id, type('connection_refused')), { age: 40 * MINUTE })]);
    const { stdout } = await lookup([id]);
    expect(stdout).toMatch(
      /An outage: 2[0-4] failures on shop\.example within five minutes of it: 1[0-2] × connection refused, 1[0-2] × connection timed out\./,
    );
    expect(stdout).toMatch(/It began at .* and ended at .*, after 65 minutes: 108 failures in all\./);
    expect(stdout).toMatch(/\n {4}npx edge-error-interceptor lookup --since 76m --host shop\.example\n/);
    const [, began = ''] = /It began at ([\d-]+ [\d:]+) UTC/.exec(stdout) ?? [];
    expect(Math.abs(Date.parse(`${began.replace(' ', 'T')}Z`) - (Date.now() - 70 * MINUTE))).toBeLessThan(
      MINUTE,
    );
  });

  test('two are no outage yet', async ({ api, lookup }) => {
    const id = storeFailure(api);
    api.add([logEvent(failureRecord(idOfAge(AGE)), { age: AGE, invocation: 'another' })]);
    expect((await lookup([id])).stdout).toContain('Not alone: 2 failures on shop.example');
  });

  test('one that goes on', async ({ api, lookup }) => {
    storeRun(api, 30, 0, {});
    const id = storeFailure(api);
    expect((await lookup([id])).stdout).toMatch(/It began at .* and goes on: 3[2-4] failures so far\./);
  });

  test('one of its kind among many of another is not alone', async ({ api, lookup }) => {
    // A minute within the five on each side: the clock goes on between what is stored and what is asked.
    storeRun(api, 14, 6, type('connection_refused'));
    const id = storeFailure(api, {
      ...type('http_protocol_error'),
      origin: { status_code: 520, duration_ms: 3 },
    });
    expect((await lookup([id])).stdout).toMatch(
      /An outage: 10 failures on shop\.example within .*: 9 × connection refused, 1 × origin broke off\./,
    );
  });

  test('what is meant is no part of an outage: drills and answers on purpose', async ({ api, lookup }) => {
    storeRun(api, 15, 5, { error: { type: 'drill', source: 'drill' } });
    const id = storeFailure(api);
    expect((await lookup([id])).stdout).toContain('Alone: no other failure on shop.example');
    const drill = storeFailure(api, { message: 'Drill', error: { type: 'drill', source: 'drill' } });
    const { stdout } = await lookup([drill]);
    expect(stdout).toContain('This was a drill on GET shop.example/checkout: nothing has failed.');
    expect(stdout).not.toMatch(/Alone|outage|origin's log/);
  });

  test('whether it began with the version', async ({ api, lookup }) => {
    const threw = { error: { type: 'TypeError', source: 'application' } };
    storeRun(api, 30, 0, { ...version('new-version'), ...threw });
    const id = storeFailure(api, { ...version('new-version'), ...threw });
    expect((await lookup([id])).stdout).toMatch(
      /All of its kind ran in version new-version, none in an earlier one\.\n +Was that deployed shortly before .*\n +npx wrangler deployments list\n/,
    );
    storeRun(api, 300, 290, { ...version('old-version'), ...threw });
    expect((await lookup([id])).stdout).toMatch(
      /It ran in version new-version, but did not begin with it: version old-version failed so at/,
    );
  });

  test('no version is suspected of what the origin failed in', async ({ api, lookup }) => {
    storeRun(api, 30, 0, version('new-version'));
    const { stdout } = await lookup([storeFailure(api, version('new-version'))]);
    expect(stdout).toContain('All of its kind ran in version new-version');
    expect(stdout).not.toMatch(/deployed shortly|deployments list|rollback/);
  });

  test('where it cannot be counted the failure is printed all the same', async ({ api, lookup }) => {
    const id = storeFailure(api);
    api.failCalculations();
    const { exitCode, stdout, stderr } = await lookup([id]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('The origin answered 503');
    expect(stderr).toContain('Whether it is alone could not be counted');
  });
});

describe.concurrent('a command line that is wrong', () => {
  test.for<readonly [readonly string[], string]>([
    [['please', 'help'], 'Not a request ID: it has 32 digits'],
    [['019ac3f2-7b7e-7f9a-a0ed-8d3a2b1c0d9'], 'it has 31 of 32 digits (1 missing)'],
    [['Request ID: 019ac3f2-7b7e-7f9a-a0ed-8g3a2b1c0d9e'], 'character 26 is "g"'],
    [['--verbatim', 'a_b4567!'], 'the Worker accepts 8 to 200 of A-Z'],
    [
      ['019ac3f2-7b7e-7f9a-a0ed-8d3a2b1c0d9e or 019ac3f2-7b7e-7f9a-a0ed-8d3a2b1c0d9f'],
      'There are 2 IDs in this text',
    ],
    [['--host', 'shop.example', '01KAS0Z5G1J8T0N6QH3V9W2XYB'], 'are for --since'],
    [[], 'Give a request ID'],
    [['--frobnicate'], "Unknown option '--frobnicate'"],
    [['--since', 'yesterday'], 'Not a duration: yesterday'],
    [['--since', '1h', '01KAS0Z5G1J8T0N6QH3V9W2XYB'], 'not both'],
  ])('%j', async ([args, message], { api, lookup }) => {
    const { exitCode, stdout, stderr } = await lookup(args);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
    expect(api.queries).toHaveLength(0);
  });

  test('--help names every option and exit code', async ({ lookup }) => {
    const { exitCode, stdout } = await lookup(['--help']);
    expect(exitCode).toBe(0);
    for (const word of ['--since <TIME>', '--no-bots', '--local [URL]', 'CLOUDFLARE_API_TOKEN', '\n  6 ']) {
      expect(stdout).toContain(word);
    }
  });
});

describe.concurrent('a query that fails', () => {
  test('no token, no account', async ({ lookup }) => {
    const { exitCode, stderr } = await lookup([idOfAge(AGE)], { CLOUDFLARE_API_TOKEN: '' });
    expect(stderr).toContain('CLOUDFLARE_API_TOKEN must be set');
    expect(stderr).toContain('Account > Workers Observability > Read');
    expect(stderr).toMatch(/\n  npx edge-error-interceptor lookup --local [0-9a-f-]{36}\n/);
    expect(exitCode).toBe(3);
    for (const account of ['', '..', 'my account']) {
      expect(await lookup([idOfAge(AGE)], { CLOUDFLARE_ACCOUNT_ID: account })).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining('npx wrangler whoami'),
      });
    }
  });

  test.for<readonly [string, number]>([
    [TOKEN_WITHOUT_PERMISSION, 403],
    ['expired', 401],
  ])('the token %s is refused with %i', async ([token, status], { lookup }) => {
    const { exitCode, stderr } = await lookup([idOfAge(AGE)], { CLOUDFLARE_API_TOKEN: token });
    expect(stderr).toContain(`Cloudflare answered ${status}: Authentication error`);
    expect(stderr).toContain('Account > Workers Observability > Read');
    expect(stderr).toContain('The login of wrangler does not carry that permission');
    expect(stderr).not.toContain(token);
    expect(exitCode).toBe(4);
  });

  test.for([[6003], [6111], [9109]])(
    'code %i with a 400 is about the token',
    async ([code], { api, lookup }) => {
      const errors = [{ code, message: 'Invalid request headers' }];
      api.answerWith(JSON.stringify({ success: false, errors }), 'application/json', 400);
      expect(await lookup([idOfAge(AGE)])).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining('Account > Workers Observability > Read'),
      });
    },
  );

  test('any 403 is about permission', async ({ api, lookup }) => {
    api.fail(403, 1);
    expect(await lookup([idOfAge(AGE)])).toMatchObject({ exitCode: 4 });
  });

  test('nothing listens', async ({ lookup }) => {
    const port = await unusedPort();
    const { exitCode, stderr } = await lookup([idOfAge(AGE)], {
      CLOUDFLARE_BASE_URL: `http://127.0.0.1:${port}/client/v4`,
    });
    expect(stderr).toContain(
      `http://127.0.0.1:${port}/client/v4 could not be reached: nothing listens there`,
    );
    expect(exitCode).toBe(5);
  });

  test('a proxy of the environment is used', async ({ api }) => {
    const id = storeFailure(api);
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', ({ url = '' }: IncomingMessage, client: Duplex) => {
      asked.push(url);
      const there = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        client.pipe(there).pipe(client);
      });
    });
    const { host, stop } = await listen(proxy);
    // Only the proxy can resolve this name.
    const base = api.baseUrl.replace('127.0.0.1', 'api.cloudflare.test');
    const env = { ...api.env, CLOUDFLARE_BASE_URL: base, HTTP_PROXY: `http://${host}`, NO_PROXY: '' };
    const { stdout, stderr } = await runCommand('src/cli/main.ts', ['lookup', id], { env });
    await stop();
    expect(stdout, stderr).toContain('The origin answered 503');
    expect(new Set(asked)).toEqual(new Set([new URL(base).host]));
  });

  test('an error of the API is reported', async ({ api, lookup }) => {
    api.fail(500, 1);
    expect(await lookup([idOfAge(AGE)])).toMatchObject({
      exitCode: 6,
      stderr: 'Cloudflare answered 500: Internal error\n',
    });
  });

  test('an answer that breaks off is a broken network', async ({ api, lookup }) => {
    api.breakOff();
    const { exitCode, stderr } = await lookup([idOfAge(AGE)]);
    expect(stderr).toContain('could not be reached: other side closed');
    expect(exitCode).toBe(5);
  });

  test('an error without a text is an error', async ({ api, lookup }) => {
    api.answerWith('{"success":false,"errors":[null]}', 'application/json', 400);
    expect(await lookup([idOfAge(AGE)])).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining('Cloudflare answered 400'),
    });
  });

  test('an account that does not exist', async ({ lookup }) => {
    const { exitCode, stderr } = await lookup([idOfAge(AGE)], { CLOUDFLARE_ACCOUNT_ID: 'f'.repeat(32) });
    expect(stderr).toContain('Is CLOUDFLARE_ACCOUNT_ID right?');
    expect(exitCode).toBe(6);
  });

  test.for<readonly [string, string, string]>([
    ['<h1>Log in to the hotel Wi-Fi</h1>', 'text/html', 'answered 200: nothing that its API says'],
    ['{"success":true,"result":{}}', 'application/json', 'did not answer as its API does'],
  ])('an answer that is none of the API: %s', async ([body, contentType, message], { api, lookup }) => {
    api.answerWith(body, contentType);
    const { exitCode, stderr } = await lookup([idOfAge(AGE)]);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(6);
  });
});

describe.concurrent('--since', () => {
  function storeOutage(api: TelemetryApi): void {
    for (let i = 0; i < 7; i++) {
      api.add([
        logEvent(failureRecord(`ID-OF-A-CUSTOMER-CHECKOUT-${i}`), {
          age: (20 + i) * MINUTE,
          invocation: `c${i}`,
        }),
      ]);
    }
    for (let i = 0; i < 3; i++) {
      const fields = {
        error: { type: 'destination_unavailable', source: 'network' },
        origin: { duration_ms: 3 },
        url: { path: '/' },
      };
      api.add([
        logEvent(failureRecord(`ID-OF-A-CUSTOMER-HOME-${i}`, fields), {
          age: i * MINUTE + 1,
          invocation: `h${i}`,
        }),
      ]);
    }
    api.add([
      logEvent(bodyRecord('ID-OF-A-CUSTOMER-HOME-0', 'not a failure'), { age: MINUTE }),
      logEvent({ request_id: 'of another Worker' }, { age: MINUTE }),
      logEvent(failureRecord('ID-OF-A-CUSTOMER-YESTERDAY'), { age: DAY }),
    ]);
  }

  /** A number as a word, for paths that must not differ in a number. */
  function letters(number: number): string {
    return [...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
  }

  test('groups by what failed, host and path, the most frequent first', async ({ api, lookup }) => {
    storeOutage(api);
    const { exitCode, stdout } = await lookup(['--since', '1h']);
    expect(exitCode).toBe(0);
    const clock = String.raw`\d\d:\d\d:\d\d`;
    const time = String.raw`\d{4}-\d\d-\d\d ${clock}`;
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(`^10 failures in the last 60 minutes, from ${time} to ${time} UTC\\.$`),
      '',
      expect.stringMatching(/^[ ▁▂▃▄▅▆▇█]{20,62}$/),
      expect.stringMatching(/^ {2}\d\d-\d\d \d\d:\d\d +\d\d-\d\d \d\d:\d\d$/),
      expect.stringMatching(/^ {2}A bar is 60 s, the highest \d failures?\.$/),
      '',
      '7  origin answered 503  shop.example/checkout',
      expect.stringMatching(`^   ${clock} to ${clock}  ID-OF-A-CUSTOMER-CHECKOUT-0$`),
      '3  origin not available  shop.example/',
      expect.stringMatching(`^   ${clock} to ${clock}  ID-OF-A-CUSTOMER-HOME-0$`),
      '',
      'What is behind it:',
      '  npx edge-error-interceptor lookup ID-OF-A-CUSTOMER-CHECKOUT-0',
      '',
    ]);
  });

  test('--json: the documented shape', async ({ api, lookup }) => {
    storeOutage(api);
    const { stdout } = await lookup(['--since', '1h', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      store: 'cloudflare',
      failures: 10,
      truncated: false,
      others: 0,
      on_purpose: 0,
      drills: 0,
      sample_interval: 1,
      groups: [
        {
          error_type: '503',
          error_source: 'origin',
          origin_status: 503,
          host: 'shop.example',
          path: '/checkout',
          count: 7,
          example: 'ID-OF-A-CUSTOMER-CHECKOUT-0',
        },
        { error_type: 'destination_unavailable', count: 3 },
      ],
    });
  });

  test('an outage of 3.6 million failures: total, start and groups are exact, with little traffic', async ({
    api,
    lookup,
  }) => {
    const start = Date.now() - 50 * MINUTE;
    api.hold(outageOf(start));
    const { stdout } = await lookup(['--since', '1h', '--json']);
    const end = start + LENGTH - 1;
    const [first, last] = [new Date(start).toISOString(), new Date(end).toISOString()];
    expect(JSON.parse(stdout)).toMatchObject({
      failures: OUTAGE.all,
      first,
      last,
      others: 0,
      groups: [
        { error_type: '503', path: '/order/…', count: OUTAGE.orders, first },
        { error_type: '503', path: '/cart', count: OUTAGE.cart },
        { error_type: 'connection_timeout', path: '/', count: OUTAGE.timeouts, last },
      ],
    });
    expect(api.queries.length).toBeLessThanOrEqual(12);
    expect(api.traffic()).toBeLessThan(20e6);
    const lines = (await lookup(['--since', '1h'])).stdout.split('\n');
    expect(lines[0]).toContain('3,600,000 failures in the last 60 minutes, from ');
    // The time frame begins and ends with no failures. The outage is between.
    expect(lines[2]).toMatch(/^ {11,13}[▁▂▃▄▅▆▇█]{30,31}$/);
    expect(lines.slice(6, lines.indexOf('', 6))).toHaveLength(6);
    // The look-up of a group's example also shows the outage to which it belongs.
    const [, example = ''] = /^2,520,000 .*\n.* ([0-9a-f-]{36})$/m.exec(lines.join('\n')) ?? [];
    const found = await lookup([example]);
    expect(found.stdout).toContain(`The origin answered 503 to GET shop.example/order/`);
    expect(found.stdout).toMatch(
      /An outage: [\d,]{7} failures on shop\.example within .*: [\d,]{7} × origin answered 503, [\d,]{6} × connection timed out\./,
    );
    const began = first.slice(0, 19).replace('T', ' ');
    expect(found.stdout).toContain(`It began at ${began} UTC and ended at `);
    expect(found.stdout).toContain('3,600,000 failures in all.');
  });

  test('a kind of path of which each is rare is found behind thousands of more frequent ones', async ({
    api,
    lookup,
  }) => {
    const [start] = outageOf(Date.now() - 50 * MINUTE);
    if (!start) throw new Error('no failures');
    const failuresOf = (path: string, count: number) => ({
      ...start,
      count,
      common: { ...start.common, source: failureRecord('an-id-of-a-client', { url: { path } }) },
    });
    api.hold(Array.from({ length: 2100 }, (_, i) => failuresOf(`/${letters(i)}`, 2)));
    api.hold(Array.from({ length: 3000 }, (_, i) => failuresOf(`/order/${1000 + i}`, 1)));
    const { stdout } = await lookup(['--since', '1h', '--json']);
    const { failures, groups } = JSON.parse(stdout) as { failures: number; groups: readonly unknown[] };
    expect(failures).toBe(7200);
    expect(groups[0]).toMatchObject({ path: '/order/…', count: 3000 });
  });

  test('an outage on more paths than can be listed says how many failures are elsewhere', async ({
    api,
    lookup,
  }) => {
    for (let i = 0; i < 4100; i++) {
      const url = { path: `/${letters(i)}` };
      api.add([logEvent(failureRecord('an-id-of-a-client', { url }), { age: MINUTE })]);
    }
    const { stdout } = await lookup(['--since', '1h']);
    expect(stdout).toMatch(/^4,100 failures in the last 60 minutes, /);
    expect(stdout).toMatch(
      /\nand 4,085 failures on other hosts or paths \(100 %\): 4,085 × origin answered 503\n/,
    );
  });

  test('--host, --type and --no-bots count only those', async ({ api, lookup }) => {
    storeOutage(api);
    const bot = { cloudflare: { verified_bot_category: 'Search Engine Crawler' } };
    api.add([logEvent(failureRecord('ID-OF-A-BOT-000', bot), { age: MINUTE })]);
    api.add([
      logEvent(failureRecord('ID-ELSEWHERE-00', { server: { address: 'b.example' } }), { age: MINUTE }),
    ]);
    const count = async (...args: string[]) =>
      /^\S+ failures?/.exec((await lookup(['--since', '1h', ...args])).stdout)?.[0];
    expect(await count()).toBe('12 failures');
    expect(await count('--host', 'B.example')).toBe('1 failure');
    expect(await count('--type', '503')).toBe('9 failures');
    expect(await count('--no-bots')).toBe('11 failures');
    expect(await count('--no-bots', '--type', '503', '--host', 'shop.example')).toBe('7 failures');
  });

  test('what fails for many tenants is one group', async ({ api, lookup }) => {
    const timeouts = { error: { type: 'connection_timeout', source: 'network' } };
    for (let i = 0; i < 2000; i++) {
      const server = { address: `${letters(i % 500)}.shop.example` };
      const url = { path: ['/', '/cart', '/account', '/search'][Math.floor(i / 500)] };
      api.add([
        logEvent(failureRecord(`timeout-${i}`, { ...timeouts, server, url }), { age: MINUTE + 100 * i }),
      ]);
    }
    for (const age of [1, 2]) api.add([logEvent(failureRecord('an-id-of-another'), { age })]);
    const { stdout } = await lookup(['--since', '1h', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      failures: 2002,
      others: 0,
      groups: [
        { host: '….shop.example', path: '/', count: 500, example: 'timeout-0' },
        { path: '/cart', count: 500 },
        { path: '/account', count: 500 },
        { path: '/search', count: 500 },
        { host: 'shop.example', error_type: '503', count: 2 },
      ],
    });
  });

  test('of more tenants than can be listed each group is counted whole', async ({ api, lookup }) => {
    const [start] = outageOf(Date.now() - 50 * MINUTE);
    if (!start) throw new Error('no failures');
    for (let i = 0; i < 5000; i++) {
      const server = { address: `${letters(i)}.shop.example` };
      const common = { ...start.common, source: failureRecord('an-id-of-a-client', { server }) };
      api.hold([{ ...start, count: 3, common }]);
    }
    const { stdout } = await lookup(['--since', '1h', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      failures: 15_000,
      others: 0,
      groups: [{ host: '….shop.example', path: '/checkout', count: 15_000 }],
    });
  });

  test('drills are counted apart', async ({ api, lookup }) => {
    storeOutage(api);
    const drill = { message: 'Drill', error: { type: 'drill', source: 'drill' } };
    for (const i of [1, 2]) api.add([logEvent(failureRecord(`ID-OF-DRILL-${i}`, drill), { age: MINUTE })]);
    const { stdout } = await lookup(['--since', '1h']);
    expect(stdout).toMatch(/^10 failures in .*\nBesides, there were 2 drills\.\n/);
    expect(stdout).not.toContain('ID-OF-DRILL');
    const { failures, drills } = JSON.parse((await lookup(['--since', '1h', '--json'])).stdout);
    expect([failures, drills]).toEqual([10, 2]);
  });

  test('what the origin answered on purpose is no failure', async ({ api, lookup }) => {
    storeOutage(api);
    const fields = { message: 'Origin answered 503 on purpose' };
    api.add([logEvent(failureRecord('ID-IN-MAINTENANCE', fields), { age: MINUTE, level: 'warn' })]);
    const { stdout } = await lookup(['--since', '1h']);
    expect(stdout).toMatch(/^10 failures in/);
    expect(stdout).toContain('Besides, the origin answered 1 request with an error on purpose.\n');
  });

  test('a sample is called one', async ({ api, lookup }) => {
    storeOutage(api);
    api.storeOneOf(20);
    const { stdout } = await lookup(['--since', '1h']);
    expect(stdout).toMatch(
      /^200 failures in .*\nThe log holds a sample, one of 20: counts are estimates\.\n/,
    );
  });

  test('an API that cannot tell first and last times is still counted with', async ({ api, lookup }) => {
    storeOutage(api);
    api.forgetTimes();
    const { exitCode, stdout } = await lookup(['--since', '1h']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^10 failures in the last 60 minutes\.\n/);
    expect(stdout).toContain('ID-OF-A-CUSTOMER-CHECKOUT-0');
  });

  test('more than the retention is cut to it, and no failures are good news', async ({ lookup }) => {
    expect(await lookup(['--since', '30d'])).toMatchObject({
      exitCode: 0,
      stdout: '0 failures in the last 7 days.\n',
      stderr: 'Workers Logs keeps at most 7 days.\n',
    });
  });
});

describe.concurrent('what is printed fits the terminal', () => {
  const cases = [40, 80, 140].flatMap((columns) => [false, true].map((isTTY) => ({ columns, isTTY })));

  test.for(cases)('of $columns columns, with colours: $isTTY', async ({ columns, isTTY }, { api }) => {
    const long = 'Servlet execution threw an exception and then another one that nobody had expected at all';
    const exception = {
      type: 'TypeError',
      message: long,
      stacktrace: `TypeError: ${long}\n    at total (index.js:1:2)`,
    };
    const id = storeFailure(api, { exception, error: { type: 'TypeError', source: 'application' } });
    api.add([logEvent(bodyRecord(id, `Message ${long}`), { age: AGE })]);
    for (const args of [
      [id],
      ['--since', '1h'],
      ['--since', '9d'],
      [idOfAge(AGE)],
      ['019ac3f2-7b7e-7f9a-a0ed'],
    ]) {
      let printed = '';
      const output = { write: (text: string) => (printed += text), isTTY, columns };
      await main.call(args, { env: api.env, stdout: output, stderr: output });
      expect(printed.includes('\u001b[1'), args.join(' ')).toBe(isTTY && /failure|threw/.test(printed));
      const lines = stripVTControlCharacters(printed).split('\n');
      // A word and a command line to copy stay whole.
      const tooLong = lines.filter(
        (line) => [...line].length > columns && /\S\s+\S/.test(line.trim()) && !/^ *npx /.test(line),
      );
      expect(tooLong, args.join(' ')).toEqual([]);
      const words = new Set(printed.split(/\s+/));
      for (const word of long.split(' ')) {
        if (printed.includes('Servlet')) expect(words, `${word} is whole`).toContain(word);
      }
    }
  });

  test('of an unknown width as one of 80 columns', async ({ api }) => {
    storeFailure(api);
    let printed = '';
    const output = { write: (text: string) => (printed += text) };
    await main.call(['--since', '1h'], { env: api.env, stdout: output, stderr: output });
    expect(Math.max(...printed.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(printed).toContain('\n1  origin answered 503  shop.example/checkout\n');
  });
});
