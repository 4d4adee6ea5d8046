/**
 * Tests sites that frameworks build. Each has a start page, a form and a link. It is used in Chromium, and then
 * killed.
 */
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { unusedPort } from '../../support/origin.ts';
import type { RunningWorker } from '../../support/workerd.ts';
import { recordOfSeen, startBehind } from './behind.ts';
import { startChromium, textOn } from './chromium.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { installedVersion } from './http-clients.ts';
import { run } from './run.ts';
import { witness } from './witness.ts';

const modules = join(import.meta.dirname, '../node_modules');

/** An action of a user on the start page when the site is dead. */
export interface Deed {
  readonly does: string;
  act(tab: Page): Promise<unknown>;
  /** The form of our answer. */
  readonly form: 'html' | 'json';
  /** The text that the user sees then. Default: the ID. */
  readonly sees?: RegExp;
}

/** A site in `apps/NAME`. Its build is written to the folder `dist` of the site. */
export interface Framework {
  readonly name: string;
  readonly app: string;
  readonly package: string;
  /** The actions while the site was alive, in the words of the table. */
  readonly done: string;
  /** The commands that build and serve the site, each a script with its arguments. */
  readonly build: readonly [script: string, ...args: string[]];
  readonly serve: readonly [script: string, ...args: string[]];
  /** Selectors of two forms: a script sends the first one, and the browser sends the second. */
  readonly scripted: string;
  readonly plain: string;
  /** The text after the browser has sent its form. */
  readonly ordered: RegExp;
  readonly deeds: readonly Deed[];
}

/** Orders with the form that a script sends. */
export async function order(tab: Page, form: string): Promise<void> {
  await tab.fill(`${form} input`, 'Earl Grey');
  await tab.click(`${form} button`);
}

export function testFramework(framework: Framework): void {
  const { name, app, build, serve, scripted, plain, ordered, deeds } = framework;
  const cwd = join(import.meta.dirname, '../apps', app);
  const env = {
    NODE_ENV: 'production',
    ASTRO_TELEMETRY_DISABLED: '1',
    NUXT_TELEMETRY_DISABLED: '1',
    HOST: '127.0.0.1',
  };

  describe(name, () => {
    let site: Daemon;
    let worker: RunningWorker;
    let context: BrowserContext;
    let without = '';
    let through = '';

    beforeAll(async () => {
      const [script, ...args] = build;
      const built = await run([process.execPath, join(modules, script), ...args], { cwd, env });
      if (built.code !== 0) throw new Error(built.seen);
      const [server, ...options] = serve;
      const port = await unusedPort();
      const program = server.startsWith('dist/') ? join(cwd, server) : join(modules, server);
      const command = [process.execPath, program, ...options] as const;
      site = await startDaemon(command, { port, cwd, env: { ...env, PORT: String(port) } });
      worker = await startBehind(site);
      context = await (await startChromium()).newContext();
    }, 240_000);

    async function open(base: string): Promise<Page> {
      const tab = await context.newPage();
      await tab.goto(base);
      await tab.waitForSelector('#hydrated');
      return tab;
    }

    const sees = (tab: Page, what: RegExp) =>
      expect.poll(() => textOn(tab), { timeout: 10_000 }).toMatch(what);

    /** Does all actions of a user on the site, and returns the texts that the user sees. */
    async function use(base: string): Promise<string> {
      const tab = await open(base);
      const seen = [await tab.innerText('h1')];
      await order(tab, scripted);
      await sees(tab, /Ordered Earl Grey/);
      seen.push(await tab.innerText('#message'));
      await tab.click(`${plain} button`);
      await sees(tab, ordered);
      await tab.waitForSelector('#hydrated');
      seen.push(await textOn(tab));
      await tab.click('text=Next');
      await sees(tab, /^Next page/);
      seen.push(await tab.innerText('h1'));
      await tab.close();
      return seen.join(' | ');
    }

    it('pages, forms and client navigation are as without the Worker', async () => {
      without = await use(site.url);
      through = await use(worker.url);
      expect(through).toBe(without);
    });

    it('the server killed: whoever clicks is told', async (test) => {
      const tabs: Page[] = [];
      for (const _ of deeds) tabs.push(await open(worker.url));
      await site.kill();
      const dead: string[] = [];
      for (const [index, deed] of deeds.entries()) {
        const tab = tabs[index];
        if (tab === undefined) continue;
        const answer = tab.waitForResponse((response) => response.status() === 500);
        await deed.act(tab);
        const id = (await (await answer).headerValue('x-request-id')) ?? '';
        await sees(tab, deed.sees ?? new RegExp(id));
        expect(await recordOfSeen(worker, id), deed.does).toMatchObject({
          message: 'Origin did not answer',
          answer: { format: deed.form },
        });
        dead.push(`${deed.does}: ${await textOn(tab)}`);
      }
      witness(test, {
        software: name,
        version: installedVersion(framework.package),
        done: framework.done,
        without,
        through,
        dead: dead.join('; '),
      });
    });
  });
}
