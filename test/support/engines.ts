/** Three browser engines behind one small interface, for promises that hold in each of them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBidi } from './bidi.ts';
import { findBrowser, launchChromium, type BrowserName } from './browser.ts';
import { unusedPort } from './origin.ts';
import { listen, type Listener } from '../../src/cli/dev/origin/listener.ts';

/** A key that a test presses. */
export type Key = 'Tab' | 'Enter';

export interface Tab {
  /** Runs an expression in the page. */
  evaluate<T>(expression: string): Promise<T>;
  press(key: Key): Promise<void>;
  click(selector: string): Promise<void>;
  close(): Promise<void>;
}

export interface Engine {
  /** Opens a page, `width` CSS pixels wide. */
  open(url: string, width: number): Promise<Tab>;
  close(): Promise<void>;
}

/** Functions that start each engine, given the path of its program. */
const engines: Readonly<Record<BrowserName, (executable: string) => Promise<Engine>>> = {
  chromium: startChromium,
  firefox: startFirefox,
  webkit: startWebKit,
};

const HEIGHT = 640;

/** Waits until an expression is true in a page, for a minute at most. */
export async function waitFor(tab: Tab, expression: string): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    // During a navigation there is no page to evaluate the expression in.
    if (await tab.evaluate<boolean>(`Boolean(${expression})`).catch(() => false)) return;
    await sleep(50);
  }
  throw new Error(`Never true: ${expression}`);
}

async function startChromium(executable: string): Promise<Engine> {
  const browser = await launchChromium(executable);
  // All tests share one page: opening a new one takes longer than most tests.
  const page = await browser.newPage();
  return {
    async open(url, width) {
      await page.setViewportSize({ width, height: HEIGHT });
      await page.goto(url);
      return {
        evaluate: <T>(expression: string) => page.evaluate<T>(expression),
        press: (key) => page.keyboard.press(key),
        click: (selector) => page.click(selector),
        close: async () => void (await page.goto('about:blank')),
      };
    },
    close: () => browser.close(),
  };
}

async function startFirefox(executable: string): Promise<Engine> {
  const tab = await startBidi(executable);
  return {
    async open(url, width) {
      await tab.resize(width, HEIGHT);
      await tab.navigate(url);
      return {
        evaluate: <T>(expression: string) => tab.evaluate(expression) as Promise<T>,
        press: (key) => tab.press(keys[key]),
        click: (selector) => tab.click(selector),
        close: () => tab.navigate('about:blank'),
      };
    },
    close: () => tab.close(),
  };
}

/** The value of an expression as JSON, or the value that its promise is fulfilled with. */
function inJson(expression: string): string {
  return `Promise.resolve(${expression}).then((value) => JSON.stringify(value ?? null))`;
}

const keys: Readonly<Record<Key, string>> = { Tab: '\uE004', Enter: '\uE007' };
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** WebKitGTK by WebDriver (https://www.w3.org/TR/webdriver2/), on the current display. */
async function startWebKit(executable: string): Promise<Engine> {
  const port = await unusedPort();
  const driver = await startDriver(executable, port);
  const frames = await startFrames();

  return {
    async open(url, width) {
      const { sessionId } = await driver.post<{ sessionId: string }>('', {
        capabilities: { alwaysMatch: {} },
      });
      const post = <T>(path: string, body: object) => driver.post<T>(`/${sessionId}/${path}`, body);
      if (width < 500) {
        // Its window cannot be as narrow as a telephone, but a frame in the window can.
        await post('url', {
          url: `http://${frames.host}/?${new URLSearchParams({ url, width: String(width) })}`,
        });
        await post('frame', { id: 0 });
      } else {
        await post('window/rect', { width, height: HEIGHT });
        await post('url', { url });
      }
      return {
        evaluate: async <T>(expression: string): Promise<T> =>
          JSON.parse(
            await post<string>('execute/async', {
              script: `const done = arguments[0]; ${inJson(expression)}.then(done)`,
              args: [],
            }),
          ),
        press: async (key) => {
          const actions = ['keyDown', 'keyUp'].map((type) => ({ type, value: keys[key] }));
          await post('actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
        },
        click: async (selector) => {
          const element = await post<Record<string, string>>('element', {
            using: 'css selector',
            value: selector,
          });
          await post(`element/${element[ELEMENT]}/click`, {});
        },
        close: () => driver.delete(`/${sessionId}`),
      };
    },
    close: async () => {
      await driver.stop();
      await frames.stop();
    },
  };
}

/**
 * Serves a page with a frame of this width around a URL. It is served from this machine, which gives the frame a
 * clipboard.
 */
function startFrames(): Promise<Listener> {
  return listen(
    createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const src = searchParams.get('url') ?? '';
      const width = searchParams.get('width') ?? '';
      response.setHeader('Content-Type', 'text/html');
      response.end(
        `<!doctype html><body style="margin:0"><iframe width="${width}" height="${HEIGHT}" src="${src}" style="border:0">`,
      );
    }),
  );
}

async function startDriver(executable: string, port: number) {
  const driver = spawn(executable, [`--port=${port}`], { stdio: 'ignore' });
  const base = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 200 && !(await isUp(base)); i++) await sleep(50);

  async function send<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${base}/session${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const { value }: { value: T & { error?: string; message?: string } } = JSON.parse(await response.text());
    if (!response.ok) throw new Error(`WebDriver ${path}: ${value.error} ${value.message}`);
    return value;
  }

  return {
    post: <T>(path: string, body: object) => send<T>('POST', path, body),
    delete: (path: string) => send<void>('DELETE', path),
    async stop() {
      driver.kill();
      await once(driver, 'exit');
    },
  };
}

function isUp(base: string): Promise<boolean> {
  return fetch(`${base}/status`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** The installed engines to test. WebKit is among them only in `vitest --mode webkit`. */
export const installed = (
  process.env['MODE'] === 'webkit' ? (['webkit'] as const) : (['chromium', 'firefox'] as const)
).flatMap((name) => {
  const executable = findBrowser(name);
  return executable === undefined ? [] : [{ name, start: () => engines[name](executable) }];
});
