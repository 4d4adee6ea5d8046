import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { unusedPort } from '../support/origin.ts';
import type { RunningWorker } from '../support/workerd.ts';
import { recordOfSeen, startBehind } from './support/behind.ts';
import { startChromium, textOn } from './support/chromium.ts';
import { type Daemon, startDaemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { run } from './support/run.ts';
import { witness } from './support/witness.ts';

const cwd = join(import.meta.dirname, 'apps/next');
const next = join(import.meta.dirname, 'node_modules/next/dist/bin/next');
const env = { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' };

describe('Next', () => {
  let site: Daemon;
  let worker: RunningWorker;
  let context: BrowserContext;

  beforeAll(async () => {
    const built = await run([process.execPath, next, 'build'], { cwd, env });
    if (built.code !== 0) throw new Error(built.seen);
    const port = await unusedPort();
    const command = [
      process.execPath,
      next,
      'start',
      '--hostname',
      '127.0.0.1',
      '--port',
      String(port),
    ] as const;
    site = await startDaemon(command, { port, cwd, env });
    worker = await startBehind(site);
    context = await (await startChromium()).newContext();
  }, 240_000);

  async function open(base: string): Promise<Page> {
    const tab = await context.newPage();
    await tab.goto(base);
    await tab.waitForSelector('#hydrated');
    return tab;
  }

  const order = (tab: Page) => tab.click('text=Order');
  const follow = (tab: Page) => tab.click('text=Next');

  /** Does all actions of a user on the site, and returns the texts that the user sees. */
  async function use(base: string): Promise<string> {
    const tab = await open(base);
    await expect.poll(() => textOn(tab), { timeout: 10_000 }).toContain('and tea is ready');
    const seen = [await textOn(tab)];
    await tab.fill('input[name=tea]', 'Earl Grey');
    await order(tab);
    await expect.poll(() => tab.innerText('#message'), { timeout: 10_000 }).toBe('Ordered Earl Grey');
    seen.push(await tab.innerText('#message'));
    await follow(tab);
    await expect.poll(() => tab.innerText('h1'), { timeout: 10_000 }).toBe('Next page');
    seen.push(await tab.innerText('h1'));
    await tab.close();
    return seen.join(' | ');
  }

  it('pages, streamed parts, server actions and client navigation are as without the Worker', async () => {
    expect(await use(worker.url)).toBe(await use(site.url));
  });

  it('the server killed: a link leads to our page, a server action to the error page of the site', async (test) => {
    const [without, through] = [await use(site.url), await use(worker.url)];
    const [following, acting] = [await open(worker.url), await open(worker.url)];
    await site.kill();

    // The router cannot read the answer, and lets the browser load the page.
    await follow(following);
    await expect.poll(() => textOn(following), { timeout: 10_000 }).toContain('Something went wrong');
    const followed = await textOn(following);
    expect(await recordOfSeen(worker, followed)).toMatchObject({
      message: 'Origin did not answer',
      answer: { format: 'html' },
    });

    const answer = acting.waitForResponse((response) => response.status() === 500);
    await order(acting);
    const id = (await (await answer).headerValue('x-request-id')) ?? '';
    expect(await recordOfSeen(worker, id)).toMatchObject({ answer: { format: 'json' } });
    await expect.poll(() => textOn(acting), { timeout: 10_000 }).toContain('The shop’s own error page');
    witness(test, {
      software: 'Next',
      version: installedVersion('next'),
      done: 'pages, streamed parts, server actions, client navigation',
      without,
      through,
      dead: `server action: ${await textOn(acting)}; link: ${followed}`,
    });
  });
});
