/** What a request asks for is what the origin is asked for, and a redirect of the origin's leads the visitor on. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ask, askRaw } from '../support/ask.ts';
import { type Listener, startListener } from '../support/origin.ts';
import { forms } from '../support/forms.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

describe.each(forms)('a Host that is no host, $form', ({ inFrontOf }) => {
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

  it.each([
    '*admin',
    'x?y',
    'x#y',
    'x/y',
    'a@b',
    'x\\y',
    'x y',
    'x,y',
    'b\xc3\xbccher.example',
    'a.example, b.example',
  ])('%s asks the origin for nothing, and ends in the page', async (host) => {
    heads.length = 0;
    const request = `GET /public HTTP/1.1\r\nHost: ${host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n`;
    const answer = (await askRaw(worker, Buffer.from(request, 'latin1'))).toString();
    expect(answer).toMatch(/^HTTP\/1\.1 (?:400|500) /);
    expect(heads).toEqual([]);
  });

  it.each(['shop.example', 'SHOP.example', 'shop.example:8443', '127.0.0.1', '[::1]:8080'])(
    '%s is one, and the path is the one that was asked for',
    async (host) => {
      heads.length = 0;
      expect((await ask(worker, { path: '/public?a=b', headers: { Host: host } })).status).toBe(200);
      expect(heads[0]).toMatch(/^GET \/public\?a=b HTTP/);
    },
  );
});

describe('a redirect of the origin behind ORIGIN_URL', () => {
  let origin: Listener;
  let worker: RunningWorker;
  let location = '';

  beforeAll(async () => {
    origin = await startListener((socket) => {
      socket.once('data', () => {
        socket.end(
          `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n` +
            'Connection: close\r\nContent-Length: 2\r\n\r\nok',
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
    expect([answer.status, answer.text]).toEqual([302, 'ok']);
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

  it.each(['/account', 'https://other.example/', 'account', '//other.example/x', '', 'http://[bad'])(
    'to %s is left as it is',
    async (to) => {
      expect((await redirect(to)) ?? '').toBe(to);
    },
  );

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
