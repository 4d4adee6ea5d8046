/**
 * The promises that hold in every browser engine: Chromium and Firefox, and WebKit by `npm run test:webkit`.
 * page.test.ts has the promises that only Chromium can be tested for.
 */
import axe from 'axe-core';
import { createServer, request as ask } from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { installed, waitFor, type Engine, type Tab } from '../support/engines.ts';
import { listen, type Listener } from '../../src/cli/dev/origin/listener.ts';
import { startWorkerd, type RunningWorker } from '../support/workerd.ts';

/** A page with a form. */
const formTo = (action: string) =>
  `<!doctype html><title>Order</title><form method="post" action="${action}"><input id="name" name="name"><button>Buy</button></form>`;

describe.each(installed)('in $name', ({ name, start }) => {
  let origin: Listener;
  let worker: RunningWorker;
  let front: Listener;
  let engine: Engine;
  let tab: Tab;

  beforeAll(async () => {
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://origin');
      const isForm = request.method === 'GET' && pathname === '/order';
      response.setHeader('Referrer-Policy', searchParams.get('policy') ?? '');
      response.writeHead(isForm ? 200 : 503, { 'Content-Type': 'text/html', 'Retry-After': '600' });
      response.end(isForm ? formTo(searchParams.get('action') ?? '/en/pay') : 'down');
    });
    origin = await listen(server);
    worker = await startWorkerd({
      bundle: inject('bundle'),
      vars: {
        ORIGIN_URL: `http://${origin.host}`,
        SUPPORT_URL: 'mailto:support@shop.example',
        STATUS_PAGE_URL: 'https://status.shop.example',
      },
    });
    front = await startFront(worker);
    engine = await start();
  });

  afterAll(async () => {
    await engine.close();
    await front.stop();
    await worker.stop();
    await origin.stop();
  });

  /** Opens a page for a test. The page is closed when the test ends. */
  async function inTab(path: string, width: number, language: string, test: () => Promise<void>) {
    tab = await engine.open(`http://${front.host}/${language}${path}`, width);
    try {
      await test();
    } finally {
      await tab.close();
    }
  }

  const textOf = (selector: string) =>
    tab.evaluate<string>(`document.querySelector('${selector}').textContent.trim()`);

  it.each([
    ['en', 320],
    ['ar', 320],
    ['ja', 1280],
    ['ur', 1280],
  ] as const)('the page in %s, %i px wide, is as it should be', (language, width) =>
    inTab('/', width, language, async () => {
      expect(await tab.evaluate<string>('document.documentElement.lang')).toBe(language);
      expect(await textOf('#id')).toMatch(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
      expect(await tab.evaluate<number>(overflow)).toBe(0);
      // Its Content-Security-Policy allows its style and its script.
      expect(
        await tab.evaluate<string>('getComputedStyle(document.querySelector(".box")).borderTopStyle'),
      ).toBe('solid');
      expect(await tab.evaluate<number>('document.querySelectorAll("#id span").length')).toBe(5);
      expect(await accessibilityProblems(tab)).toEqual([]);
    }),
  );

  it('with more space between lines, words and letters (WCAG 1.4.12), at 400 % of 1280 px, nothing is cut off', () =>
    inTab('/', 320, 'de', async () => {
      await tab.evaluate(
        `document.styleSheets[0].insertRule('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; ' +
          'word-spacing: 0.16em !important }', 0),
         document.styleSheets[0].insertRule('p { margin-bottom: 2em !important }', 0)`,
      );
      expect(await tab.evaluate<number>(overflow)).toBe(0);
      expect(await tab.evaluate<number>(cutOff)).toBe(0);
    }));

  it('the keyboard goes through it in the order of reading, and one sees where it is', () =>
    inTab('/', 1280, 'en', async () => {
      const names: string[] = [];
      await tab.evaluate('document.querySelector("h1").focus()');
      for (let i = 0; i < 5; i++) {
        await tab.press('Tab');
        names.push(await tab.evaluate<string>('document.activeElement.textContent.trim()'));
        expect(await tab.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')).toBe(
          'solid',
        );
      }
      expect(names).toEqual([front.host, 'Try again', 'Service status', 'contact support', 'Copy ID']);
    }));

  it('every link and button is large enough for a finger', () =>
    inTab('/', 320, 'en', async () => {
      const sizes = `[...document.querySelectorAll('a, button')].map((element) => {
        const { height, width } = element.getBoundingClientRect();
        return [element.textContent.trim(), height >= 44 && width >= 44];
      })`;
      const names = [front.host, 'Try again', 'Service status', 'contact support', 'Copy ID'];
      expect(await tab.evaluate<unknown>(sizes)).toEqual(names.map((name) => [name, true]));
    }));

  it.each([320, 390, 1280])(
    'at %i px the ID breaks only between its groups, and is whole where it is selected',
    (width) =>
      inTab('/', width, 'en', async () => {
        const groups = '[...document.querySelectorAll("#id span")]';
        expect(await tab.evaluate<number>(`${groups}.length`)).toBe(5);
        expect(
          await tab.evaluate<number>(`${groups}.filter((group) => group.getClientRects().length !== 1 ||
        group.scrollHeight >= 2 * parseFloat(getComputedStyle(group).lineHeight)).length`),
        ).toBe(0);
        await tab.evaluate('getSelection().selectAllChildren(document.querySelector("#id"))');
        expect(await tab.evaluate<string>('getSelection().toString()')).toBe(await textOf('#id'));
      }),
  );

  it.each([
    [320, 'below it, as wide as the box'],
    [1280, 'beside it'],
  ])('at %i px the button that copies the ID has its place %s', (width) =>
    inTab('/', width, 'en', async () => {
      const rects = await tab.evaluate<
        readonly { top: number; bottom: number; left: number; right: number }[]
      >(`['.box', '#id', '#copy'].map((name) => document.querySelector(name).getBoundingClientRect())`);
      const [box, id, copy] = rects;
      if (box === undefined || id === undefined || copy === undefined) throw new Error('no box');
      expect(box.right - copy.right).toBeLessThan(20);
      if (width > 1000) expect(copy.left).toBeGreaterThanOrEqual(id.right);
      else expect(copy.top).toBeGreaterThanOrEqual(id.bottom);
      if (width < 1000) expect(copy.left - box.left).toBeLessThan(20);
    }),
  );

  it('a copy is said to whom it may concern, also by the keyboard, and where the browser refuses the first way', () =>
    inTab('/', 1280, 'en', async () => {
      const id = await textOf('#id');
      const selected = '(document.oncopy = () => { document.title = getSelection().toString(); }) && 0';
      expect(await textOf('[role=status]')).toBe('');
      await tab.evaluate('(navigator.clipboard.writeText = async (text) => { document.title = text; }) && 0');
      await tab.click('#copy');
      await waitFor(tab, 'document.querySelector("[role=status]").textContent === "Copied"');
      expect(await tab.evaluate<string>('document.title')).toBe(id);

      await tab.evaluate('(navigator.clipboard.writeText = () => Promise.reject(new Error("refused"))) && 0');
      await tab.evaluate(`(getSelection().removeAllRanges(), document.title = '', ${selected})`);
      await tab.press('Enter');
      await waitFor(tab, `document.title === '${id}'`);
      await waitFor(tab, 'document.querySelector("[role=status]").textContent === "Copied"');

      await tab.evaluate('(document.execCommand = () => false) && 0');
      await tab.press('Enter');
      await waitFor(tab, 'document.querySelector("[role=status]").textContent === ""');
      expect(await tab.evaluate<string>('getSelection().toString()')).toBe(id);
    }));

  it('the script may run twice in one document', () =>
    inTab('/', 1280, 'en', async () => {
      const id = await textOf('#id');
      await tab.evaluate(
        `window.addEventListener('error', ({ message }) => { document.title = message; }),
         document.body.append(Object.assign(document.createElement('script'), {
           textContent: document.querySelector('script').textContent,
         }))`,
      );
      expect(await tab.evaluate<string>('document.title')).toContain('Something went wrong');
      expect(await textOf('#id')).toBe(id);
      expect(await tab.evaluate<number>('document.querySelectorAll("#id span").length')).toBe(5);
    }));

  it('"Try again" asks again, keeps the fragment, and says that it did', () =>
    inTab('/cart?a=1#total', 1280, 'en', async () => {
      const id = await textOf('#id');
      expect(await textOf('#again')).toBe('');
      await tab.click('#retry');
      await waitFor(tab, `document.querySelector('#id').textContent !== '${id}'`);
      expect(await tab.evaluate<string>('location.search + location.hash')).toBe('?a=1#total');
      expect(await textOf('#again')).toMatch(/^Tried again at \d{1,2}:\d\d(?:\s[AP]M)?\.$/);
    }));

  describe('after a failed order', () => {
    /** Types a name, and sends it to an address that fails. */
    async function order() {
      await tab.evaluate('(document.querySelector("#name").value = "Ada") && 0');
      await tab.click('button');
      await waitFor(tab, 'document.querySelector("#back")');
      expect(await textOf('main')).toContain('It may or may not have gone through.');
    }

    it.each([
      ['another address', ''],
      ['its own', '?action=/en/order'],
    ])('the way leads back to what was typed in a form that sends to %s', (_to, query) =>
      inTab(`/order${query}`, 1280, 'en', async () => {
        await order();
        await tab.click('#back');
        await waitFor(tab, 'document.querySelector("#name")?.value === "Ada"');
      }),
    );

    it('so it does where the site sends no-referrer, by the Navigation API; without that, to the start page', () =>
      inTab('/order?policy=no-referrer', 1280, 'en', async () => {
        await order();
        const isKnown = await tab.evaluate<boolean>('"navigation" in window');
        expect(isKnown || name === 'webkit').toBe(true);
        await tab.click('#back');
        await waitFor(
          tab,
          isKnown ? 'document.querySelector("#name")?.value === "Ada"' : 'location.pathname === "/"',
        );
      }));

    it('the way never leads to another origin', async () => {
      const other = await listen(
        createServer((_request, response) => {
          response.setHeader('Content-Type', 'text/html');
          response.end(formTo(`http://${front.host}/en/pay`));
        }),
      );
      tab = await engine.open(`http://${other.host}/`, 1280);
      try {
        await order();
        await tab.click('#back');
        await waitFor(tab, `location.href === 'http://${front.host}/'`);
      } finally {
        await tab.close();
        await other.stop();
      }
    });

    it('in a document that was not loaded for it, as with Turbo, the way leads to the form by its address', () =>
      inTab('/order', 1280, 'en', async () => {
        await order();
        await tab.evaluate(`(window.copy = document.body.cloneNode(true), document.body.replaceWith(window.copy)),
          window.copy.append(Object.assign(document.createElement('script'), {
            textContent: window.copy.querySelector('script').textContent }))`);
        expect(await tab.evaluate<boolean>('document.querySelector("#back").onclick === null')).toBe(true);
        expect(await tab.evaluate<boolean>('document.querySelector("#copy").onclick !== null')).toBe(true);
      }));
  });
});

/** Asks a Worker in the language that the path begins with, since not every engine can be told to ask in one. */
function startFront({ host, port }: RunningWorker): Promise<Listener> {
  return listen(
    createServer((request, response) => {
      const { method = '', url = '', headers } = request;
      const [, language = '', path = ''] = /^\/(\w+)(\/.*)$/.exec(url) ?? [];
      const hostname = host.replace(/:\d+$/, '');
      const options = { hostname, port, method, path, headers: { ...headers, 'accept-language': language } };
      const onward = ask(options, (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      });
      // The browser drops its open requests when it is closed.
      onward.on('error', () => response.destroy());
      request.pipe(onward);
    }),
  );
}

/** The number of pixels by which the page is wider than the window. */
const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** The number of elements whose content does not fit into them. */
const cutOff = `[...document.querySelectorAll('main *')].filter((element) =>
  getComputedStyle(element).overflow !== 'visible' && element.scrollHeight > element.clientHeight + 1).length +
  [...document.querySelectorAll('.button')].filter((element) => element.scrollWidth > element.clientWidth + 1).length`;

/** The violations that axe finds, by all its rules for WCAG 2.2 AA and its best practices. */
async function accessibilityProblems(tab: Tab): Promise<readonly string[]> {
  await tab.evaluate(`(() => { ${axe.source}; return 0; })()`);
  const { passes, problems } = await tab.evaluate<Readonly<Record<'passes' | 'problems', readonly string[]>>>(
    `axe.run({ rules: { 'target-size': { enabled: true } } }).then(({ passes, violations, incomplete }) => ({
      passes: passes.map(({ id }) => id),
      problems: [...violations, ...incomplete].map(
        ({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' '),
      ),
    }))`,
  );
  expect(passes).toEqual(
    expect.arrayContaining(['color-contrast', 'target-size', 'html-has-lang', 'link-name', 'button-name']),
  );
  return problems;
}
