import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ask } from '../support/ask.ts';
import { expectPage } from '../support/expect-page.ts';
import { buildLibraryBundle } from '../support/library-bundle.ts';
import { throwAsAsked, thrownValues } from '../support/thrown-values.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

const bundle = inject('bundle');

const cases = ['throw', 'reject'].flatMap((how) =>
  thrownValues.map((value, index) => [how, value.what, `/${how}/${index}`, value] as const),
);

describe('whatever the fetch to the origin throws, the visitor gets the page and the log says what it was', () => {
  let worker: RunningWorker;

  beforeAll(async () => {
    const entry = `
      ${throwAsAsked}
      globalThis.fetch = ({ url }) => throwAsAsked(url);
      export { default } from './index.js';
    `;
    worker = await startWorkerd({ bundle, entry });
  });
  afterAll(() => worker.stop());

  test.each(cases)('%s %s', async (_, __, path, { type, message }) => {
    const requestId = expectPage(await ask(worker, { path }));
    const records = await worker.recordsOf(requestId);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      message: 'Origin did not answer',
      error: { type: 'destination_unavailable', source: 'network' },
      exception: {
        type,
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      },
    });
    expect(Buffer.byteLength(JSON.stringify(records[0]))).toBeLessThan(32_000);
  });

  test('and none reaches the runtime', () => expect(worker.uncaught).toBe(0));
});

describe('whatever an application inside withErrorPages throws, the same holds', () => {
  let worker: RunningWorker;
  let folder: string;

  beforeAll(async () => {
    folder = await buildLibraryBundle(`
      ${throwAsAsked}
      const returned = [undefined, null, 'text', {}, new Proxy({}, { getPrototypeOf() { throw 1; } })];
      export default withErrorPages({
        fetch({ url }) {
          const [, how, index] = new URL(url).pathname.split('/');
          return how === 'return' ? returned[index] : throwAsAsked(url);
        },
      });
    `);
    worker = await startWorkerd({ bundle: folder });
  });
  afterAll(async () => {
    await worker.stop();
    await rm(folder, { recursive: true });
  });

  // A thrown Response is an answer, not a failure.
  test.each(cases.filter(([, what]) => what !== 'a Response'))(
    '%s %s',
    async (_, __, path, { type, message }) => {
      const requestId = expectPage(await ask(worker, { path }));
      const records = await worker.recordsOf(requestId);
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject({
        message: 'Application threw',
        error: { source: 'application' },
        exception: {
          type,
          message: typeof message === 'string' ? message : expect.stringMatching(message),
        },
      });
      expect(Buffer.byteLength(JSON.stringify(records[0]))).toBeLessThan(32_000);
    },
  );

  const none = { type: 'TypeError', message: 'The handler returned no Response' };
  test.each([
    ['undefined', '/return/0', none],
    ['null', '/return/1', none],
    ['a text', '/return/2', none],
    ['an object', '/return/3', none],
    ['a Proxy that throws', '/return/4', { type: 'number', message: '1' }],
  ])('return %s in place of a Response', async (_, path, exception) => {
    const requestId = expectPage(await ask(worker, { path }));
    expect(await worker.recordsOf(requestId)).toMatchObject([{ message: 'Application threw', exception }]);
  });

  test('and none reaches the runtime', () => expect(worker.uncaught).toBe(0));
});
