/** Sites that frameworks build, each with a start page, a form and a link: used in Chromium, then killed. */
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

/** What somebody does on the start page when the site is dead. */
export interface Deed {
  readonly does: string;
  act(tab: Page): Promise<unknown>;
  /** The form of our answer. */
  readonly form: 'html' | 'json';
  /** What is to be seen then, where that is not the ID. */
  readonly sees?: RegExp;
}

/** A site in `apps/NAME`, whose build ends up in its folder `dist`. */
export interface Framework {
  readonly name: string;
  readonly app: string;
  readonly package: string;
  /** What was done while it lived, in the words of the table. */
  readonly done: string;
  /** The command that builds it, and the one that serves it, each a script with its arguments. */
  readonly build: readonly [script: string, ...args: string[]];
  readonly serve: readonly [script: string, ...args: string[]];
  /** The form that a script sends, and the one that the browser does. */
  readonly scripted: string;
  readonly plain: string;
  /** What is to be seen after the latter. */
  readonly ordered: RegExp;
  readonly deeds: readonly Deed[];
}

/** Orders with the form that a script sends. */
export async function order(tab: Page, form: string): Promise<void> {
  await tab.fill(`${form} input`, 'Earl Grey');
  await tab.click(`${form} button`);
}

/** The tests of a framework. */
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

    /** Everything that somebody does on the site, and what they see of it. */
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
