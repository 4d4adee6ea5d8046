import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { settingNames } from '../../src/settings.ts';
import { ask } from '../support/ask.ts';
import { expectLastResort, expectPage } from '../support/expect-page.ts';
import { type Origin, startOrigin } from '../support/origin.ts';
import { type RunningWorker, type WorkerdOptions, startWorkerd } from '../support/workerd.ts';

const bundle = inject('bundle');
let origin: Origin;
let worker: RunningWorker | undefined;

beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.stop());
afterEach(() => worker?.stop());

/** Starts the Worker on a route, where no setting decides about the origin. */
async function start(options: Omit<WorkerdOptions, 'bundle' | 'route'>): Promise<RunningWorker> {
  return (worker = await startWorkerd({ bundle, route: origin.host, ...options }));
}

/** An entry module that runs some code before the first request. */
function after(code: string): string {
  return `${code}\nexport { default } from './index.js';`;
}

/** An entry module that passes other arguments on than it got from the runtime. */
function given(env: string, ctx = 'ctx'): string {
  return `
    import worker from './index.js';
    const thrower = () => { throw new Error('broken'); };
    const broken = new Proxy({}, new Proxy({}, { get: () => thrower }));
    export default { fetch: (request, env, ctx) => worker.fetch(request, ${env}, ${ctx}) };
  `;
}

const THROW = `() => { throw new Error('broken'); }`;

const everySetting = (value: string) =>
  `Object.fromEntries(${JSON.stringify([...settingNames, 'ORIGIN', 'CF_VERSION_METADATA'])}.map((name) => [name, ${value}]))`;

/** The broken part, a word that says if a failure can still be logged, and the options of the Worker. */
const harmless: readonly [
  what: string,
  logged: 'logged' | 'not logged',
  options: Omit<WorkerdOptions, 'bundle'>,
][] = [
  ['console.error throws', 'not logged', { entry: after(`console.error = ${THROW};`) }],
  [
    'every console method throws, and there is a setting to warn of',
    'not logged',
    {
      vars: { ORIGIN_TIMEOUT_MS: 'soon', LOG_ORIGIN_BODY_BYTES: '100' },
      entry: after(`for (const name of Object.keys(console)) console[name] = ${THROW};`),
    },
  ],
  ['console is gone', 'not logged', { entry: after('globalThis.console = undefined;') }],
  ['crypto.randomUUID throws', 'logged', { entry: after(`crypto.randomUUID = ${THROW};`) }],
  ['env is undefined', 'logged', { entry: given('undefined') }],
  ['env is null', 'logged', { entry: given('null') }],
  ['env is a text', 'logged', { entry: given('"env"') }],
  ['env throws on everything', 'logged', { entry: given('broken') }],
  ['every setting is an object', 'logged', { entry: given(everySetting('{}')) }],
  ['every setting is a function', 'logged', { entry: given(everySetting('thrower')) }],
  ['every setting is null', 'logged', { entry: given(everySetting('null')) }],
  ['every setting is infinite', 'logged', { entry: given(everySetting('Infinity')) }],
  ['every setting is -1', 'logged', { entry: given(everySetting('-1')) }],
  ['every setting is a symbol', 'logged', { entry: given(everySetting('Symbol("setting")')) }],
  ['every setting is a BigInt', 'logged', { entry: given(everySetting('10n')) }],
  ['every setting is markup', 'logged', { entry: given(everySetting(`'"><script>alert(1)</script>'`)) }],
  ['every setting has 100 kB', 'logged', { entry: given(everySetting(`'x'.repeat(100_000)`)) }],
  ['every setting has lone surrogates', 'logged', { entry: given(everySetting(`'\\ud800'`)) }],
  ['every setting throws on everything', 'logged', { entry: given(everySetting('broken')) }],
  [
    'the settings are read from throwing getters',
    'logged',
    { entry: given(`new Proxy({}, { get: thrower })`) },
  ],
  ['ctx is undefined', 'logged', { entry: given('env', 'undefined') }],
  ['ctx.waitUntil throws', 'logged', { entry: given('env', '{ waitUntil: thrower }') }],
  [
    'Headers throws',
    'logged',
    { entry: after(`globalThis.Headers = ${THROW.replace('() =>', 'function ()')};`) },
  ],
];

/** Faults in parts that the page itself needs. */
const crippling: readonly [what: string, options: Omit<WorkerdOptions, 'bundle'>][] = [
  ['the template does not end a section', { texts: { 'page.html': '<!doctype html>{{#open' } }],
  ['the template opens a section twice', { texts: { 'page.html': '{{#support}}{{#support}}{{/support}}' } }],
  ['crypto.subtle throws', { entry: after(`crypto.subtle.digest = ${THROW};`) }],
  [
    'crypto.subtle rejects',
    { entry: after(`crypto.subtle.digest = async () => { throw new Error('broken'); };`) },
  ],
  ['crypto is gone', { entry: after(`Object.defineProperty(globalThis, 'crypto', { value: undefined });`) }],
];

describe('a part that the page does not need breaks, and the visitor notices nothing', () => {
  test.each(harmless)('%s', async (_, logged, options) => {
    const broken = await start(options);

    const good = await ask(broken, { path: '/page' });
    expect([good.status, good.body.length]).toEqual([200, 1024]);

    for (const path of ['/status/503', '/closed', '/cloudflare/522']) {
      for (const method of ['GET', 'POST']) {
        const id = expectPage(await ask(broken, { path, method, headers: { Accept: 'text/html' } }));
        if (logged === 'logged') {
          expect(await broken.recordsOf(id)).toMatchObject([{ request_id: id, url: { path } }]);
        }
      }
    }
    expect(broken.uncaught).toBe(0);
  });

  test('crypto.randomUUID throws: the IDs are still different', async () => {
    const broken = await start({ entry: after(`crypto.randomUUID = ${THROW};`) });
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(broken, { path: '/closed' })));
    expect(new Set(answers.map((answer) => answer.header('x-request-id'))).size).toBe(100);
  });

  test('ctx.waitUntil throws, and LOG_ORIGIN_BODY_BYTES needs it', async () => {
    const vars = { LOG_ORIGIN_BODY_BYTES: '100' };
    const broken = await start({ vars, entry: given('env', '{ waitUntil: thrower }') });
    const id = expectPage(await ask(broken, { path: '/status/503' }));
    const [record] = await broken.recordsOf(id);
    expect(record).toMatchObject({ message: 'Origin answered 503' });
    expect(broken.uncaught).toBe(0);
  });
});

describe('the page cannot be made, and the visitor gets a bare one with an ID that is in the log', () => {
  test.each(crippling)('%s', async (_, options) => {
    const broken = await start(options);

    const good = await ask(broken, { path: '/page' });
    expect([good.status, good.body.length]).toEqual([200, 1024]);

    for (const path of ['/status/503', '/closed']) {
      for (const method of ['GET', 'POST']) {
        const id = expectLastResort(await ask(broken, { path, method }));
        const records = await broken.recordsOf(id, 2);
        expect(records).toHaveLength(2);
        expect(records[0]).toMatchObject({ error: { source: path === '/closed' ? 'network' : 'origin' } });
        expect(records[1]).toMatchObject({
          message: 'Interceptor failed',
          error: {
            source: 'interceptor',
            previous: path === '/closed' ? 'Origin did not answer' : 'Origin answered 503',
          },
          exception: { type: expect.any(String) },
        });
      }
      const head = await ask(broken, { path, method: 'HEAD' });
      expect([head.status, head.body.length]).toEqual([500, 0]);
    }
    expect(broken.uncaught).toBe(0);
  });

  test('crypto.subtle fails once: the next visitor gets the whole page again', async () => {
    const entry = after(`
      const digest = crypto.subtle.digest.bind(crypto.subtle);
      let calls = 0;
      crypto.subtle.digest = async (...args) => {
        calls += 1;
        if (calls === 1) throw new Error('broken');
        return digest(...args);
      };
    `);
    const broken = await start({ entry });
    expectLastResort(await ask(broken, { path: '/closed' }));
    expectPage(await ask(broken, { path: '/closed' }));
  });
});
