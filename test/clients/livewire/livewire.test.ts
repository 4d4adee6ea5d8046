/**
 * Tests Livewire's script, which is on no registry that `npm ci` uses: `LIVEWIRE_CHECKOUT=FOLDER npx vitest run
 * --config test/clients/livewire/vitest.config.ts`, with a checkout of https://github.com/livewire/livewire whose
 * dependencies are installed (`npm install --omit=dev`). Nothing of the checkout is kept here.
 */
import { execFileSync } from 'node:child_process';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { recordOfSeen, startBehind } from '../support/behind.ts';
import { startChromium, textOn } from '../support/chromium.ts';
import { startServer } from '../support/server.ts';
import { witness } from '../support/witness.ts';

const checkout = process.env['LIVEWIRE_CHECKOUT'] ?? '';

describe('Livewire', () => {
  it('a call is as without the Worker; with the server killed, its overlay shows the page with the ID', async (test) => {
    const site = await startServer('../livewire/server', [checkout]);
    const worker = await startBehind(site);
    const context = await (await startChromium()).newContext();

    const more = (tab: Page) => tab.click('#more');
    const open = async (base: string): Promise<Page> => {
      const tab = await context.newPage();
      await tab.goto(base);
      await tab.waitForFunction('window.Livewire?.first() !== undefined');
      return tab;
    };
    const use = async (base: string): Promise<string> => {
      const tab = await open(base);
      const first = await textOn(tab);
      await more(tab);
      await expect.poll(() => textOn(tab), { timeout: 10_000 }).toContain('2 cups');
      return `${first} | ${await textOn(tab)}`;
    };
    const [without, through] = [await use(site.url), await use(worker.url)];
    expect(through).toBe(without);

    const tab = await open(worker.url);
    await site.kill();
    const answered = tab.waitForResponse((response) => response.status() === 500);
    await more(tab);
    const id = (await (await answered).headerValue('x-request-id')) ?? '';
    await expect.poll(() => textOn(tab), { timeout: 10_000 }).toContain(id);
    const dead = await textOn(tab);
    expect(dead).not.toMatch(/[{}<>]/);
    expect(await recordOfSeen(worker, id)).toMatchObject({
      message: 'Origin did not answer',
      answer: { format: 'html' },
    });
    const version = execFileSync('git', ['-C', checkout, 'log', '-1', '--format=of %cs (%h)'])
      .toString()
      .trim();
    witness(test, { software: 'Livewire’s script', version, done: 'wire:click', without, through, dead });
  });
});
