import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { recordOfSeen, startBehind } from './support/behind.ts';
import { startChromium, textOn } from './support/chromium.ts';
import type { Daemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

/** An action of a user on a page, and the text that the page shows then. */
interface Deed {
  readonly software: string;
  readonly package: string;
  readonly page: string;
  readonly done: string;
  readonly act: (page: Page) => Promise<unknown>;
  /** The text on the page when the action succeeded. */
  readonly good: RegExp;
  /** The form of our answer when the site is dead. */
  readonly form: 'html' | 'fragment' | 'json';
  /** The text that the user sees when the site is dead. Default: the text of the answer, with the ID. */
  readonly sees?: RegExp;
}

const click = (selector: string) => (page: Page) => page.click(selector);
const deeds: readonly Deed[] = [
  ...(['htmx2', 'htmx4'] as const).flatMap((name): Deed[] => {
    const htmx = { software: 'htmx', package: name === 'htmx2' ? 'htmx.org' : 'htmx4', page: `/${name}` };
    return [
      { ...htmx, done: 'hx-get', act: click('#get'), good: /fresh/, form: 'fragment' },
      { ...htmx, done: 'hx-post', act: click('#post'), good: /fresh/, form: 'fragment' },
      // By default, htmx 2 shows no error on the page.
      {
        ...htmx,
        done: 'link with hx-boost',
        act: click('#link'),
        good: /Next page/,
        form: 'html',
        ...(name === 'htmx2' && { sees: /^Get Post Next$/ }),
      },
    ];
  }),
  {
    software: 'Unpoly',
    package: 'unpoly',
    page: '/unpoly',
    done: 'link with up-follow',
    act: click('#get'),
    good: /fresh/,
    form: 'fragment',
  },
  {
    software: 'Unpoly',
    package: 'unpoly',
    page: '/unpoly',
    done: 'link that opens a layer',
    act: click('#layer'),
    good: /fresh/,
    form: 'fragment',
  },
  {
    software: 'Turbo Drive',
    package: '@hotwired/turbo',
    page: '/turbo',
    done: 'visit of a link',
    act: click('#link'),
    good: /Next page/,
    form: 'html',
  },
  {
    software: 'Turbo Drive',
    package: '@hotwired/turbo',
    page: '/turbo',
    done: 'form',
    act: click('#form button'),
    good: /Next page/,
    form: 'html',
  },
  {
    software: 'Turbo Frames',
    package: '@hotwired/turbo',
    page: '/turbo',
    done: 'link in a frame',
    act: click('#get'),
    good: /fresh/,
    form: 'html',
    // Turbo looks for its frame in the answer, and does not find it.
    sees: /Content missing/,
  },
  {
    software: 'Inertia',
    package: '@inertiajs/core',
    page: '/inertia/home',
    done: 'visit',
    act: (page) => page.evaluate('visit("/inertia/next")'),
    good: /Component of \/inertia\/next/,
    form: 'html',
  },
  {
    software: 'Symfony UX Live Component',
    package: '@symfony/ux-live-component',
    page: '/live',
    done: 'action',
    act: click('#more'),
    good: /2 cups/,
    form: 'html',
  },
  ...(['get', 'post'] as const).map((name): Deed => ({
    software: 'Alpine AJAX',
    package: '@imacrayon/alpine-ajax',
    page: '/alpine',
    done: name === 'get' ? 'link with x-target' : 'form with x-target',
    act: click(name === 'get' ? '#get' : '#post button'),
    good: /fresh/,
    form: 'json',
    // The library does not find its target in JSON, and lets the browser load the address.
    sees: /Something went wrong.*request ID/,
  })),
];

describe('Libraries in Chromium', () => {
  let context: BrowserContext;
  let site: Daemon;
  let worker: RunningWorker;
  const seen = new Map<Deed, { without: string; through: string; tab: Page }>();

  beforeAll(async () => {
    context = await (await startChromium()).newContext();
    site = await startServer('pages');
    worker = await startBehind(site);
  });

  /** The text on the page after the action. */
  async function after({ page: path, act, good }: Deed, tab: Page, base: string): Promise<string> {
    await tab.goto(base + path);
    await act(tab);
    await expect.poll(() => textOn(tab), { timeout: 10_000 }).toMatch(good);
    return textOn(tab);
  }

  it.for(deeds)('$software, $done: as without the Worker', async (deed) => {
    const tab = await context.newPage();
    const without = await after(deed, tab, site.url);
    const through = await after(deed, tab, worker.url);
    expect(through).toBe(without);
    // The page stays open, so that it is used while the site is alive and after it has died.
    await tab.goto(worker.url + deed.page);
    seen.set(deed, { without, through, tab });
  });

  describe('the site killed', () => {
    beforeAll(() => site.kill());

    it.for(deeds)('$software, $done: whoever clicks is told, with an ID', async (deed, test) => {
      const opened = seen.get(deed);
      if (opened === undefined) throw new Error('No tab');
      const { tab, without, through } = opened;
      const answered = tab.waitForResponse((response) => response.status() === 500);
      await deed.act(tab);
      const id = (await (await answered).headerValue('x-request-id')) ?? '';
      expect(await recordOfSeen(worker, id)).toMatchObject({
        message: 'Origin did not answer',
        answer: { format: deed.form },
      });
      await expect.poll(() => textOn(tab), { timeout: 10_000 }).toMatch(deed.sees ?? new RegExp(id));
      const text = await textOn(tab);
      expect(text).not.toMatch(/[{}<>]/);
      witness(test, {
        software: deed.software,
        version: installedVersion(deed.package),
        done: deed.done,
        without,
        through,
        dead: text,
      });
      await tab.close();
    });
  });
});
