import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { startPlainWorkerd } from '../support/plain-workerd.ts';
import { atEnd, temporaryFolder } from './support/at-end.ts';
import { recordOfSeen } from './support/behind.ts';
import { startChromium, textOn } from './support/chromium.ts';
import type { Daemon } from './support/daemon.ts';
import { startNginx } from './support/nginx.ts';
import { run, versionOf } from './support/run.ts';
import { startServer } from './support/server.ts';
import { textOf } from './support/visit.ts';
import { witness } from './support/witness.ts';

/** An answer as curl shows it. */
interface Seen {
  readonly version: string;
  readonly status: number;
  /** In lower case and in order, without those that each connection and each server has for itself. */
  readonly headers: readonly string[];
  readonly body: string;
}

const OF_THE_CONNECTION = /^(?:date|connection|keep-alive|transfer-encoding|server):/;

/** The ways to the Worker. On Cloudflare, the edge ends the visitor's HTTP/2; here nginx does. */
const ways = ['HTTP/1.1', 'HTTP/2'] as const;
type Way = (typeof ways)[number];

describe('HTTPS', () => {
  let certificate: string;
  let site: Daemon;
  let worker: RunningWorker;
  let onRoute: RunningWorker;
  const bases = new Map<Way, string>();
  const base = (way: Way) => bases.get(way) ?? '';

  beforeAll(async () => {
    const folder = await temporaryFolder('https');
    certificate = join(folder, 'certificate.pem');
    const key = join(folder, 'key.pem');
    const made = await run(
      [
        'openssl',
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
      ].concat(
        ['-days', '2', '-subj', '/CN=shop.example', '-addext', 'subjectAltName=IP:127.0.0.1'],
        ['-keyout', key, '-out', certificate],
      ) as [string, ...string[]],
    );
    if (made.code !== 0) throw new Error(made.seen);
    const tls = {
      privateKey: await readFile(key, 'utf8'),
      certificateChain: await readFile(certificate, 'utf8'),
    };
    site = await startServer('express');
    worker = await startPlainWorkerd({ bundle: inject('bundle'), vars: { ORIGIN_URL: site.url }, tls });
    onRoute = await startPlainWorkerd({ bundle: inject('bundle'), route: site.host, tls });
    for (const started of [worker, onRoute]) atEnd(() => started.stop());
    const front = await startNginx(
      `ssl_certificate ${certificate};
      ssl_certificate_key ${key};
      location / {
        proxy_pass ${worker.url};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
      }`,
      'ssl http2',
    );
    bases.set('HTTP/1.1', worker.url).set('HTTP/2', front.url.replace('http:', 'https:'));
  });

  async function curl(url: string, ...options: readonly string[]): Promise<Seen> {
    const told = ['--cacert', certificate, '--http2', '-D', '-', '-w', '\n%{http_version}'];
    const { stdout, code, seen } = await run(['curl', '-sS', ...told, ...options, url]);
    expect(code, seen).toBe(0);
    const [head = '', ...rest] = stdout.split('\r\n\r\n');
    const [first = '', ...headers] = head.split('\r\n');
    const body = rest.join('\r\n\r\n');
    const end = body.lastIndexOf('\n');
    return {
      version: body.slice(end + 1),
      status: Number(first.split(' ')[1]),
      headers: headers
        .map((header) => header.replace(/^[^:]*/, (name) => name.toLowerCase()))
        .filter((header) => !OF_THE_CONNECTION.test(header)),
      body: body.slice(0, end),
    };
  }

  const page = ['-H', 'Accept: text/html'];

  it.for(ways)('%s: a good answer has the status, headers and body of the origin’s own', async (way) => {
    for (const [path, ...options] of [
      ['/'],
      ['/lines'],
      ['/nothing-here'],
      ['/order', '--data', 'tea=Assam'],
      // curl would print the headers twice.
      ['/', '--head', '--output', '/dev/null'],
    ] as const) {
      const { version, ...through } = await curl(base(way) + path, ...options);
      const { version: _, ...without } = await curl(site.url + path, ...options);
      expect(version).toBe(way === 'HTTP/2' ? '2' : '1.1');
      expect({ ...through, headers: through.headers.toSorted() }).toEqual({
        ...without,
        headers: without.headers.toSorted(),
      });
    }
  });

  it.for(ways)(
    '%s: with ORIGIN_URL the application knows the scheme and the host of its visitor',
    async (way) => {
      const { host } = new URL(base(way));
      const { body } = await curl(`${base(way)}/where`);
      expect(JSON.parse(body)).toEqual({ protocol: 'https', host, secure: true });
      const moved = await curl(`${base(way)}/moved`);
      expect(moved.headers).toContain(`location: https://${host}/where`);
    },
  );

  it.for(ways)(
    '%s: the application throws: the page has the ID of the record, which says https',
    async (way) => {
      const seen = await curl(`${base(way)}/throws`, ...page);
      expect(seen.status).toBe(500);
      const record = await recordOfSeen(worker, textOf(seen.body));
      expect(seen.headers).toContain(`x-request-id: ${record['request_id']}`);
      expect(record).toMatchObject({
        message: 'Origin answered 500',
        url: { scheme: 'https', path: '/throws' },
      });
      expect(seen.headers.find((header) => header.startsWith('strict-transport-security'))).toMatch(
        /max-age=/,
      );
    },
  );

  it('on a route: good answers pass, and what throws is the page', async () => {
    expect((await curl(`${onRoute.url}/`)).body).toBe((await curl(`${site.url}/`)).body);
    const seen = await curl(`${onRoute.url}/throws`, ...page);
    expect(await recordOfSeen(onRoute, textOf(seen.body))).toMatchObject({ url: { scheme: 'https' } });
  });

  it('Chromium: “Go back” after a failed form stays on https', async () => {
    const browser = await startChromium();
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const tab = await context.newPage();
    await tab.goto(`${base('HTTP/2')}/`);
    await tab.evaluate(`document.forms[0].action = '/throws/form'; document.forms[0].submit()`);
    await expect.poll(() => textOn(tab)).toContain('Something went wrong');
    const protocol = 'performance.getEntriesByType("navigation")[0].nextHopProtocol';
    expect(await tab.evaluate(protocol)).toBe('h2');
    await tab.click('text=Go back');
    await expect.poll(() => textOn(tab)).toContain('Welcome');
    expect(tab.url()).toBe(`${base('HTTP/2')}/`);
  });

  it('the application killed', async (context) => {
    const without = await curl(`${site.url}/`);
    const through = await curl(`${base('HTTP/2')}/`);
    await site.kill();
    for (const way of ways) {
      const dead = await curl(`${base(way)}/`, ...page);
      const record = await recordOfSeen(worker, textOf(dead.body));
      expect(record).toMatchObject({ message: 'Origin did not answer', url: { scheme: 'https' } });
      if (way !== 'HTTP/2') continue;
      const words = ({ status, body }: Seen) => `${status}: ${textOf(body)}`;
      witness(context, {
        software: 'curl',
        version: `${await versionOf('curl')}, nginx ${await versionOf('/usr/sbin/nginx', '-v')}`,
        done: 'pages and forms over HTTPS, by HTTP/1.1 and by HTTP/2',
        without: words(without),
        through: words(through),
        dead: words(dead),
      });
    }
  });
});
