import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Application, startApplication } from './support/application.ts';
import { atEnd } from './support/at-end.ts';
import { recordOfSeen } from './support/behind.ts';
import { installedVersion } from './support/http-clients.ts';
import { visit } from './support/visit.ts';
import { witness } from './support/witness.ts';

describe('Workers', () => {
  describe('itty-router', () => {
    let bare: Application;
    let wrapped: Application;
    beforeAll(async () => {
      bare = await startApplication('itty', { bindings: { VARIANT: 'bare' } });
      wrapped = await startApplication('itty', { bindings: { VARIANT: 'wrapped' } });
    });

    it('answers below 500 as without error pages, and has the page where it throws or answers 500', async (context) => {
      for (const path of [
        '/plain/hello/ada',
        '/plain/missing',
        '/auto/hello',
        '/auto/teapot',
        '/auto/nothing',
      ]) {
        expect(await visit(wrapped, path)).toEqual(await visit(bare, path));
      }
      const threw = await visit(wrapped, '/plain/throws');
      expect(await recordOfSeen(wrapped, threw.text)).toMatchObject({
        message: 'Application threw',
        error: { type: 'RangeError', source: 'application' },
        exception: { type: 'RangeError', message: 'shelf 7 does not exist' },
      });
      const answered = await visit(wrapped, '/auto/throws');
      expect(await recordOfSeen(wrapped, answered.text)).toMatchObject({
        message: 'Application answered 500',
      });
      expect(answered.text).not.toContain('shelf');
      witness(context, {
        software: 'itty-router',
        version: installedVersion('itty-router'),
        done: 'Router and AutoRouter in withErrorPages',
        without: (await visit(bare, '/auto/hello')).text,
        through: (await visit(wrapped, '/auto/hello')).text,
        dead: `(a handler throws) ${threw.text}`,
      });
    });
  });

  describe('a WorkerEntrypoint', () => {
    it('answers, has its context and its methods for other Workers, and has the page where it throws', async (context) => {
      const shop = await startApplication('entrypoint', {
        caller: `export default {
          async fetch(request, env) {
            const { pathname } = new URL(request.url);
            if (pathname !== '/sell') return env.APPLICATION.fetch(request);
            return new Response(String(await env.APPLICATION.sell(3)));
          },
        };`,
      });
      const welcome = await visit(shop);
      expect(welcome).toMatchObject({ text: '200: Welcome', headers: { 'x-shop': 'open' } });
      expect((await visit(shop, '/who')).text).toBe('200: the shop');
      expect((await visit(shop, '/sell')).text).toBe('200: 3');
      const threw = await visit(shop, '/throws');
      expect(await recordOfSeen(shop, threw.text)).toMatchObject({
        message: 'Application threw',
        exception: { message: 'The till is jammed' },
      });
      witness(context, {
        software: 'WorkerEntrypoint',
        version: '',
        done: 'fetch and a method, called by another Worker through a service binding',
        without: '200: Welcome',
        through: welcome.text,
        dead: `(it throws) ${threw.text}`,
      });
    });
  });

  describe('@sentry/cloudflare', () => {
    const events: string[] = [];
    let dsn: string;
    beforeAll(async () => {
      const sentry = createServer((request, response) => {
        void text(request).then((body) => {
          events.push(body);
          response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
        });
      });
      await new Promise<void>((resolve) => sentry.listen(0, '127.0.0.1', resolve));
      atEnd(async () => sentry.close());
      const { port } = sentry.address() as AddressInfo;
      dsn = `http://key@127.0.0.1:${port}/1`;
    });

    it.for(['pages outermost', 'Sentry outermost'])(
      '%s: good answers pass, what throws is the page and a record',
      async (VARIANT, context) => {
        const shop = await startApplication('sentry', {
          bindings: { VARIANT, SENTRY_DSN: dsn },
          nodejs: true,
        });
        const welcome = await visit(shop);
        expect(welcome.text).toBe('200: Welcome');
        const before = events.length;
        const threw = await visit(shop, '/throws');
        expect(threw.status).toBe(500);
        expect(await recordOfSeen(shop, threw.text)).toMatchObject({
          message: 'Application threw',
          exception: { type: 'TypeError', message: 'cart is undefined' },
        });
        // Sentry sees only exceptions that reach it. With the error pages inside of it, no exception is left.
        const isSeen = VARIANT === 'pages outermost';
        if (isSeen)
          await expect
            .poll(() => events.slice(before).join(''), { timeout: 10_000 })
            .toContain('cart is undefined');
        witness(context, {
          software: '@sentry/cloudflare',
          version: installedVersion('@sentry/cloudflare'),
          done: VARIANT,
          without: '200: Welcome',
          through: welcome.text,
          dead: `(a handler throws) ${threw.text}${isSeen ? ' — and Sentry has its event' : ''}`,
        });
      },
    );

    it('a Hono app as documented: its exceptions are in Sentry and on the page, a login prompt in neither', async (context) => {
      const documented = await readFile(join(import.meta.dirname, '../../src/answer/README.md'), 'utf8');
      const [, example = ''] = /### Sentry\n[^]*?```ts\n([^]*?)```/.exec(documented) ?? [];
      const source = await readFile(join(import.meta.dirname, 'apps/workers/sentry-hono.ts'), 'utf8');
      expect(example).toContain('withErrorPages');
      expect(source).toContain(example);

      const shop = await startApplication('sentry-hono', { bindings: { SENTRY_DSN: dsn }, nodejs: true });
      const welcome = await visit(shop);
      expect(welcome.text).toBe('200: Welcome');
      const before = events.length;
      expect(await visit(shop, '/private')).toMatchObject({ status: 401, html: 'Who are you?' });
      const threw = await visit(shop, '/throws');
      expect(await recordOfSeen(shop, threw.text)).toMatchObject({
        message: 'Application threw',
        exception: { type: 'TypeError', message: 'cart is undefined' },
      });
      const sent = () => events.slice(before).join('');
      await expect.poll(sent, { timeout: 10_000 }).toContain('cart is undefined');
      expect(sent()).not.toContain('Who are you?');
      witness(context, {
        software: '@sentry/cloudflare',
        version: installedVersion('@sentry/cloudflare'),
        done: 'a Hono app with onError, as in src/answer/README.md',
        without: '200: Welcome',
        through: welcome.text,
        dead: `(a handler throws) ${threw.text} — and Sentry has its event`,
      });
    });
  });
});
