import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { exchange } from '../support/exchange.ts';
import { placements } from '../support/placements.ts';
import { type Listener, startListener } from '../support/origin.ts';
import { otherLogs } from '../support/other-logs.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

/** UTF-8 that is not percent-encoded. */
const rawUtf8 = Buffer.from('/gr\u00fc\u00dfe/\u4f60\u597d?q=\u{1f44b}').toString('latin1');

const keptInBothForms = [
  ['nothing but /', '/'],
  ['a ? alone', '/?'],
  ['two ?', '/a??'],
  ['%2F in a segment', '/a%2Fb%2fc'],
  ['//', '/a//b///c//'],
  ['// at the start', '//a/b'],
  ['only slashes', '///'],
  ['a URL as a path', '/https://other.example/'],
  [';', '/a;b=1;c/d;e?f;g;h'],
  ['percent-encoded UTF-8', '/gr%C3%BC%C3%9Fe/%E4%BD%A0?q=%F0%9F%91%8B'],
  ['percent-encoded Latin-1', '/gr%FC%DFe?q=%E4'],
  ['lower and upper case hexadecimals', '/%c3%A4%e4'],
  ['% that encodes nothing', '/100%/%zz?%'],
  ['encoded letters, NUL, space and line end', '/%41%62c%00%20%0D%0A?%41+%20'],
  ['all signs that a path may hold', "/-._~!$&'()*+,;=:@"],
  ['all signs that a query may hold', '/?-._~!$&()*+,;=:@/?'],
  ['brackets and bars', '/[a]|b?c[]=1|2'],
  ['dots that are no segment', '/.../a..b/.c/d.?../e/./f'],
  ['an @ and a port', '/@user:80/'],
  ['a query that looks like a fragment or a host', '/?%23a@b.example:80//c'],
  ['a path of 16 kB', `/${'p'.repeat(16_000)}`],
  ['a query of 16 kB', `/?${'q'.repeat(16_000)}`],
] as const;

/**
 * Targets that workerd itself changes, for any Worker. A Worker without our code has to change them in the same way.
 */
const keptByNobody = [
  ['. and .. segments', '/a/./b/../c'],
  ['.. at the end', '/a/..'],
  ['a fragment', '/a?b#c'],
  ['a whole URL', 'http://other.example/a?b'],
] as const;

/** `new Request(url)` changes these targets as the URL standard says. Only ORIGIN_URL needs a new URL. */
const keptOnARoute = [
  ['UTF-8 that is not percent-encoded', rawUtf8],
  ['encoded . and .. segments', '/a/%2e/b/%2E%2e/c'],
  ['a backslash', '/a\\b'],
  ['quotes and braces in a path', '/"a"/{b}/^'],
  ["' in a query", "/?name=o'hara"],
] as const;

describe.each(placements)(
  'the request target at the origin, $placement',
  ({ placement, inFrontOf, bareWorker }) => {
    let origin: Listener;
    let worker: RunningWorker;
    let bare: RunningWorker;
    let targets: string[] = [];

    beforeAll(async () => {
      // Node's HTTP server cannot be used here: it refuses bytes that are not ASCII.
      origin = await startListener((socket) => {
        socket.setEncoding('latin1').once('data', (head: string) => {
          targets.push(head.split(' ')[1] ?? '');
          const status = targets.at(-1) === '/fail' ? 503 : 200;
          socket.end(`HTTP/1.1 ${status} Yes\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok`);
        });
      });
      const options = { bundle: inject('bundle'), ...inFrontOf(origin.host) };
      worker = await startWorkerd(options);
      bare = await startWorkerd({ ...options, entry: bareWorker });
    });

    afterAll(async () => {
      await Promise.all([worker.stop(), bare.stop()]);
      await origin.stop();
    });

    async function targetThrough({ port }: { port: number }, target: string): Promise<string | undefined> {
      targets = [];
      expect((await exchange(port, { target })).status).toBe(200);
      expect(targets).toHaveLength(1);
      return targets[0];
    }

    test.each(keptInBothForms)('is the one that was sent: %s', async (_, target) => {
      expect(await targetThrough(worker, target)).toBe(target);
    });

    if (placement === 'on a route') {
      test.each(keptOnARoute)('is the one that was sent: %s', async (_, target) => {
        expect(await targetThrough(worker, target)).toBe(target);
      });
    } else {
      test.each(keptOnARoute)(
        'is as workerd writes it, whoever asks for another URL: %s',
        async (_, target) => {
          const seen = await targetThrough(worker, target);
          expect(seen).not.toBe(target);
          expect(seen).toBe(await targetThrough(bare, target));
        },
      );
      test('of OPTIONS * is /, as a URL cannot hold a *', async () => {
        targets = [];
        expect((await exchange(worker.port, { method: 'OPTIONS', target: '*' })).status).toBe(200);
        expect(targets).toEqual(['/']);
      });
    }

    test.each(keptByNobody)('is as workerd resolves it, before any Worker sees it: %s', async (_, target) => {
      const seen = await targetThrough(worker, target);
      expect(seen).not.toBe(target);
      expect(seen).toBe(await targetThrough(bare, target));
    });

    test('and none of it is logged', async () => {
      expect(await otherLogs(worker, '/fail')).toEqual([]);
      expect(worker.uncaught).toBe(0);
    });
  },
);
