import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { unusedPort } from '../support/origin.ts';
import type { RunningWorker } from '../support/workerd.ts';
import { temporaryFolder } from './support/at-end.ts';
import { recordOfSeen, startBehind } from './support/behind.ts';
import { startChromium, textOn } from './support/chromium.ts';
import { type Daemon, startDaemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { run } from './support/run.ts';
import { witness } from './support/witness.ts';

describe('SvelteKit', () => {
  let site: Daemon;
  let worker: RunningWorker;
  let context: BrowserContext;

  beforeAll(async () => {
    const SITE_OUT = join(await temporaryFolder('sveltekit'), 'build');
    const vite = join(import.meta.dirname, 'node_modules/vite/bin/vite.js');
    const cwd = join(import.meta.dirname, 'apps/sveltekit');
    const built = await run([process.execPath, vite, 'build'], {
      cwd,
      env: { SITE_OUT, NODE_ENV: 'production' },
    });
    if (built.code !== 0) throw new Error(built.seen);
    const port = await unusedPort();
    const env = { HOST: '127.0.0.1', PORT: String(port) };
    site = await startDaemon([process.execPath, join(SITE_OUT, 'index.js')], { port, env });
    worker = await startBehind(site);
    context = await (await startChromium()).newContext();
  });

  async function open(base: string): Promise<Page> {
    const tab = await context.newPage();
    await tab.goto(base);
    await tab.waitForSelector('#hydrated');
    return tab;
  }

  const message = (tab: Page) => tab.locator('#message').innerText();

  /** Does all actions of a user on the site, and returns the texts that the user sees. */
  async function use(base: string): Promise<string> {
    const tab = await open(base);
    const seen: string[] = [];
    await expect.poll(() => textOn(tab)).toContain('and tea is ready');
    seen.push(await textOn(tab));
    await tab.click('form >> text=Order');
    await expect.poll(() => message(tab)).toBe('Which tea?');
    await tab.fill('input[name=tea]', 'Earl Grey');
    await tab.click('form >> text=Order');
    await expect.poll(() => message(tab)).toBe('Ordered Earl Grey');
    await tab.click('#plain button');
    await expect.poll(() => message(tab)).toBe('Ordered Assam');
    seen.push(await message(tab));
    await tab.waitForSelector('#hydrated');
    await tab.click('text=Next');
    await expect.poll(() => textOn(tab)).toMatch(/^Next page/);
    seen.push(await tab.innerText('h1'));
    await tab.close();
    return seen.join(' | ');
  }

  it('pages, streamed data, form actions and client navigation are as without the Worker', async () => {
    expect(await use(worker.url)).toBe(await use(site.url));
  });

  it('the server killed: whoever reloads, follows a link or sends a form is told', async (test) => {
    const [without, through] = [await use(site.url), await use(worker.url)];
    const [following, enhanced, plain] = [
      await open(worker.url),
      await open(worker.url),
      await open(worker.url),
    ];
    await site.kill();
    const row = { software: 'SvelteKit', version: installedVersion('@sveltejs/kit'), without, through };

    /** The text that the user sees after the failure, and its record. */
    async function fail(tab: Page, act: () => Promise<unknown>, sees: (id: string) => RegExp) {
      const answer = tab.waitForResponse((response) => response.status() === 500);
      await act();
      const id = (await (await answer).headerValue('x-request-id')) ?? '';
      await expect.poll(() => textOn(tab), { timeout: 10_000 }).toMatch(sees(id));
      return { record: await recordOfSeen(worker, id), dead: await textOn(tab) };
    }

    const sentPlainly = await fail(
      plain,
      () => plain.click('#plain button'),
      (id) => new RegExp(id),
    );
    expect(sentPlainly.record).toMatchObject({
      message: 'Origin did not answer',
      answer: { format: 'html' },
    });

    // The site has its own error page. Its router shows the facts that it knows there, and the ID is not among them.
    const followed = await fail(
      following,
      () => following.click('text=Next'),
      () => /own error page: 500/,
    );
    expect(followed.record).toMatchObject({ answer: { format: 'json' } });

    await enhanced.fill('input[name=tea]', 'Darjeeling');
    const sent = await fail(
      enhanced,
      () => enhanced.click('form >> text=Order'),
      (id) => new RegExp(`own error page: 500.*${id}`),
    );
    expect(sent.record).toMatchObject({ answer: { format: 'json' } });
    witness(test, {
      ...row,
      done: 'pages, streamed data, form actions, client navigation',
      dead: `link: ${followed.dead}; form with use:enhance: ${sent.dead}; form without: ${sentPlainly.dead}`,
    });
  });
});
