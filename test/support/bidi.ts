/**
 * Drives Debian's Firefox by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/). Playwright needs its own build.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

/** A tab that is driven by commands of WebDriver BiDi. */
export interface BidiTab {
  resize(width: number, height: number): Promise<void>;
  /** Opens a URL; resolves once the page has loaded. */
  navigate(url: string): Promise<void>;
  /**
   * The value of an expression, or of the promise that it returns.
   * @throws Error with the exception that the expression threw
   */
  evaluate(expression: string): Promise<unknown>;
  press(key: string): Promise<void>;
  click(selector: string): Promise<void>;
  close(): Promise<void>;
}

type Send = (method: string, params: object) => Promise<Readonly<Record<string, unknown>>>;

/** Starts Firefox without a window, in a new profile. */
export async function startBidi(executable: string): Promise<BidiTab> {
  const profile = await mkdtemp(join(tmpdir(), 'firefox-'));
  const args = [
    '--headless',
    '--no-remote',
    '--profile',
    profile,
    '--remote-debugging-port=0',
    'about:blank',
  ];
  const browser = spawn(executable, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(browser, 'exit');
  const send = await connect(`${await addressIn(browser.stderr)}/session`);
  await send('session.new', { capabilities: {} });
  const { context } = await send('browsingContext.create', { type: 'tab' });
  const act = (type: 'key' | 'pointer', actions: readonly object[]) =>
    send('input.performActions', { context, actions: [{ type, id: type, actions }] });

  async function evaluate(expression: string): Promise<unknown> {
    const inJson = `Promise.resolve(${expression}).then((value) => JSON.stringify(value ?? null))`;
    const { type, result, exceptionDetails } = await send('script.evaluate', {
      expression: inJson,
      target: { context },
      awaitPromise: true,
    });
    if (type !== 'success') throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return JSON.parse(textIn(result));
  }

  return {
    evaluate,
    async resize(width, height) {
      await send('browsingContext.setViewport', { context, viewport: { width, height } });
    },
    async navigate(url) {
      await send('browsingContext.navigate', { context, url, wait: 'complete' });
    },
    async press(key) {
      await act('key', [
        { type: 'keyDown', value: key },
        { type: 'keyUp', value: key },
      ]);
    },
    async click(selector) {
      const middle = await evaluate(`(() => {
        const element = document.querySelector('${selector}');
        element.scrollIntoView({ block: 'center' });
        const { x, y, width, height } = element.getBoundingClientRect();
        return [x + width / 2, y + height / 2].map(Math.round);
      })()`);
      const [x, y] = Array.isArray(middle) ? middle : [];
      await act('pointer', [
        { type: 'pointerMove', x, y },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ]);
    },
    async close() {
      await send('browser.close', {});
      await exited;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Reads the browser's address from its error output. */
async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input: output });
  for await (const line of lines) {
    const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
    if (address === undefined) continue;
    // Reading goes on, or the browser would block when the pipe is full.
    output.resume();
    return address;
  }
  throw new Error('Firefox ended before it listened');
}

async function connect(url: string): Promise<Send> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const waiting = new Map<number, (answer: Readonly<Record<string, unknown>>) => void>();
  socket.on('message', (data) => {
    const answer: Readonly<Record<string, unknown>> = JSON.parse(String(data));
    waiting.get(Number(answer['id']))?.(answer);
    waiting.delete(Number(answer['id']));
  });
  let id = 0;
  return async (method, params) => {
    id++;
    const answered = new Promise<Readonly<Record<string, unknown>>>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    const { type, result, message } = await answered;
    if (type !== 'success') throw new Error(`${method}: ${String(message)}`);
    return isRecord(result) ? result : {};
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The text in a result: https://w3c.github.io/webdriver-bidi/#type-script-RemoteValue */
function textIn(result: unknown): string {
  return isRecord(result) ? String(result['value']) : '';
}
