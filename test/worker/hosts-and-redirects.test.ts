/** The origin gets the request for the host that the visitor asked for, and its redirects lead the visitor on. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ask, askRaw } from '../support/ask.ts';
import { bounded } from '../support/canary.ts';
import { type Listener, startListener } from '../support/origin.ts';
import { placements } from '../support/placements.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

/** Invalid hosts, each with its fault. */
const noHosts = {
  'a pattern': ['*', '*admin', '*.shop.example', '?', 'x?y'],
  'a fragment': ['#', 'x#y'],
  'a path': ['x/y', '/admin', '//evil.example', 'x\\y', 'http://evil.example'],
  'a user': ['@', 'a@b', 'user:password@shop.example'],
  several: ['x y', 'x,y', 'a.example, b.example', 'a.example\r\nHost: b.example'],
  'not ASCII': ['b\xc3\xbccher.example', '\xef\xbc\x91.example', 'a\x00', 'a\x01'],
  encoded: ['%61dmin', 'x%2Fy', 'x%00', '[fe80::1%25eth0]'],
  'no name': ['', ':80', '[::1', '::1', '[::1]x', '[x]'],
  'no port': ['shop.example:8a', 'shop.example:-1', 'shop.example:80:80', 'shop.example:100000'],
  'no letter': ['a!b', 'a;b', "a'b", 'a"b', 'a<b>', 'a|b'],
};

/** Valid hosts. */
const hosts = {
  'a name': [
    'shop.example',
    'SHOP.example',
    'shop.example.',
    'a_b.example',
    'localhost',
    'xn--bcher-kva.example',
  ],
  'a name with a port': ['shop.example:8443', 'shop.example:'],
  'an address': ['127.0.0.1', '127.0.0.1:80', '[::1]', '[::1]:8080', '[::ffff:127.0.0.1]'],
};

/** Characters that are allowed in a host, and some that are not. */
const pieces = [
  ...'shop admin .example xn-- 127.0.0.1 [::1] :80 http:// .. %2F %2e \xc3\xbc'.split(' '),
  ...'*?#/\\@:;,.-_~!$&()+=[]{}<>|^`"\'%\t \x7f\xa0\xff',
];

function flat(kinds: Readonly<Record<string, readonly string[]>>): [kind: string, host: string][] {
  return Object.entries(kinds).flatMap(([kind, all]) => all.map((host): [string, string] => [kind, host]));
}

describe.each(placements)('a Host that is no host, $placement', ({ inFrontOf }) => {
  let origin: Listener;
  let worker: RunningWorker;
  const heads: string[] = [];

  beforeAll(async () => {
    origin = await startListener((socket) => {
      socket.setEncoding('latin1').once('data', (head: string) => {
        heads.push(head);
        socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok');
      });
    });
    worker = await startWorkerd({ bundle: inject('bundle'), ...inFrontOf(origin.host) });
  });

  afterAll(async () => {
    await worker.stop();
    await origin.stop();
  });

  /** Sends a request for `/public?a=b` with these bytes as its host. */
  async function askHost(host: string): Promise<string> {
    heads.length = 0;
    const request = `GET /public?a=b HTTP/1.1\r\nHost: ${host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n`;
    return (await askRaw(worker, Buffer.from(request, 'latin1'))).toString();
  }

  it.each(flat(noHosts))(
    '%s, %j, asks the origin for nothing, and ends in the page or in the refusal of HTTP',
    async (_, host) => {
      const answer = await askHost(host);
      expect(answer).toMatch(/^HTTP\/1\.1 (?:400 |500 [^]*<code [^>]*id="id")/);
      expect(heads).toEqual([]);
    },
  );

  it.each(['evil.example/', '//evil.example', 'evil.example?', 'me@evil.example', '/'])(
    '%s puts no other host, and no part of the path in its place, into page and log',
    async (host) => {
      const answer = await askHost(host);
      expect(answer).not.toMatch(/evil|public/);
      const [, id = ''] = /^x-request-id: (.*)\r$/im.exec(answer) ?? [];
      expect(await worker.recordsOf(id)).toMatchObject([{ server: { address: '' }, url: { path: '' } }]);
    },
  );

  it.each(flat(hosts))('%s, %s, is one: what was asked for is asked for', async (_, host) => {
    expect(await askHost(host)).toMatch(/^HTTP\/1\.1 200 /);
    expect(heads.map(askedFor)).toEqual([{ target: '/public?a=b', host: host.toLowerCase() }]);
  });

  it('of any characters: the origin is asked for that path at that host, or for nothing', async () => {
    const piece = fc.constantFrom(...pieces);
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 5 }), async (pieces) => {
        const host = pieces.join('');
        const answer = await askHost(host);
        if (heads.length === 0) {
          expect(answer).toMatch(/^HTTP\/1\.1 [45]00 /);
          return;
        }
        asked += 1;
        expect(heads.map(askedFor)).toEqual([{ target: '/public?a=b', host: host.trim().toLowerCase() }]);
      }),
      { ...bounded, numRuns: 400 },
    );
    expect(asked).toBeGreaterThan(10);
  });
});

/** The target of a request to the origin, and the host that the visitor asked for. */
function askedFor(head: string): { target: string | undefined; host: string | undefined } {
  const [, target] = /^GET (\S+) HTTP/.exec(head) ?? [];
  const [, forwarded] = /^x-forwarded-host: (.*)\r$/im.exec(head) ?? [];
  const [, host] = /^host: (.*)\r$/im.exec(head) ?? [];
  return { target, host: (forwarded ?? host)?.toLowerCase() };
}

describe('a redirect of the origin behind ORIGIN_URL', () => {
  let origin: Listener;
  let worker: RunningWorker;
  let location = '';
  let status = 302;

  beforeAll(async () => {
    origin = await startListener((socket) => {
      socket.once('data', () => {
        socket.end(
          `HTTP/1.1 ${status} Said\r\nLocation: ${location}\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n` +
            'Connection: close\r\nContent-Length: 2\r\n\r\nok',
          'latin1',
        );
      });
    });
    worker = await startWorkerd({ bundle: inject('bundle'), vars: { ORIGIN_URL: `http://${origin.host}` } });
  });

  afterAll(async () => {
    await worker.stop();
    await origin.stop();
  });

  async function redirect(to: string, host = 'shop.example'): Promise<string | undefined> {
    location = to;
    const answer = await ask(worker, { path: '/login', headers: { Host: host } });
    expect([answer.status, answer.text]).toEqual([status, 'ok']);
    expect(answer.rawHeaders.filter((_, i, all) => /^set-cookie$/i.test(all[i - 1] ?? ''))).toEqual([
      'a=1',
      'b=2',
    ]);
    return answer.header('Location');
  }

  it('to its own address leads to the host that the visitor asked', async () => {
    expect(await redirect(`http://${origin.host}/account?x=1#y`)).toBe('http://shop.example/account?x=1#y');
    expect(await redirect(`http://${origin.host}`, 'shop.example:8080')).toBe('http://shop.example:8080');
  });

  it.each([200, 201, 202, 299, 301, 307, 308, 399])('of %i, too', async (other) => {
    status = other;
    expect(await redirect(`http://${origin.host}/jobs/1`)).toBe('http://shop.example/jobs/1');
    status = 302;
  });

  it.each([400, 404, 410])('of %i is left as it is', async (other) => {
    status = other;
    expect(await redirect(`http://${origin.host}/jobs/1`)).toBe(`http://${origin.host}/jobs/1`);
    status = 302;
  });

  it('in other words for the same origin leads there, too', async () => {
    expect(await redirect(`HTTP://${origin.host}/a`)).toBe('http://shop.example/a');
    expect(await redirect(`http:\\\\${origin.host}\\a`)).toBe('http://shop.example\\a');
    expect(await redirect(`http://user:word@${origin.host}/a`)).toBe('http://shop.example/a');
  });

  it('to a host that only begins like it, or by another scheme, is left as it is', async () => {
    for (const to of [
      `http://${origin.host}.evil.test/x`,
      `http://${origin.host}@evil.test/x`,
      `http://${origin.host}1/x`,
      `https://${origin.host}/x`,
    ]) {
      expect(await redirect(to)).toBe(to);
    }
  });

  it('outside of ASCII leads there percent-encoded, and the runtime warns of nothing', async () => {
    const utf8 = Buffer.from('/größe?q=ü#日').toString('latin1');
    expect(await redirect(`http://${origin.host}${utf8}`)).toBe(
      'http://shop.example/gr%C3%B6%C3%9Fe?q=%C3%BC#%E6%97%A5',
    );
    expect(await redirect(`http://${origin.host}/a%20b?%zz`)).toBe('http://shop.example/a%20b?%zz');
    await redirect(`http://${origin.host}/gr\xf6\xdfe`);
    expect(worker.logs).toEqual([]);
  });

  it.each(['/account', 'https://other.example/', 'account', '//other.example/x', '', 'http://[bad'])(
    'to %s is left as it is',
    async (to) => {
      expect((await redirect(to)) ?? '').toBe(to);
    },
  );

  it('is left as it is for a visitor whose host has the form of an address and is none', async () => {
    const to = `http://${origin.host}/account`;
    expect(await redirect(to, '256.256.256.256')).toBe(to);
  });

  it('to another port of the same host is left as it is', async () => {
    expect(await redirect('http://127.0.0.1:1/x')).toBe('http://127.0.0.1:1/x');
  });
});

describe('a small upload that comes slowly', () => {
  it('is not counted against the origin', async () => {
    const origin = await startListener((socket) => {
      socket.on('data', (bytes) => {
        if (bytes.includes('12345678'))
          socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok');
      });
    });
    const worker = await startWorkerd({
      bundle: inject('bundle'),
      route: origin.host,
      vars: { ORIGIN_TIMEOUT_MS: 1500 },
    });
    const { connect } = await import('node:net');
    const { setTimeout: sleep } = await import('node:timers/promises');
    const socket = connect(worker.port, '127.0.0.1');
    socket.write(
      'POST /upload HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 8\r\nConnection: close\r\n\r\n',
    );
    for (const byte of '12345678') {
      await sleep(250);
      socket.write(byte);
    }
    let answer = '';
    for await (const bytes of socket) answer += String(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    await worker.stop();
    await origin.stop();
  });
});
