import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli/lookup/main.ts';
import { startTelemetryApi, type TelemetryApi } from '../support/telemetry-api.ts';
import { failureRecord, idOfAge, logEvent, MINUTE } from './records.ts';
import { callCommand } from './run-command.ts';

// The bundle has no types and no comments, so its line numbers differ from those of the source.
const APPLICATION = `/* An application
   that has a bug in it. */
interface Item {
  readonly price: number;
}

type Cart = readonly Item[];

export function total(cart: Cart | undefined): number {
  // @ts-expect-error
  return cart.map((item) => item.price).reduce((a, b) => a + b, 0);
}

function checkout(): number {
  return total(undefined);
}

export default {
  fetch(): Response {
    try {
      return new Response(String(checkout()));
    } catch (error) {
      return new Response((error as Error).stack);
    }
  },
};
`;

let folder: string;
let api: TelemetryApi;
/** The stack of an exception that the application threw in the Workers runtime. */
let stack: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'source-map-'));
  await mkdir(join(folder, 'dist'));
  await writeFile(join(folder, 'application.ts'), APPLICATION);
  await build({
    entryPoints: [join(folder, 'application.ts')],
    bundle: true,
    format: 'esm',
    sourcemap: true,
    outfile: join(folder, 'dist/index.js'),
  });
  const contents = await readFile(join(folder, 'dist/index.js'), 'utf8');
  const worker = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: 'ESModule', path: 'index.js', contents }],
      compatibilityDate: '2026-11-17',
      cf: false,
    }),
  );
  const answer = await worker.dispatchFetch('http://shop.example/');
  // Miniflare puts a folder before the module's name. Cloudflare does not.
  stack = (await answer.text()).replaceAll(/file:[^\s()]*\/index\.js/g, 'index.js');
  await worker.dispose();
  api = await startTelemetryApi();
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

/** The output of the look-up for an exception with this stack. */
async function lookup(...options: string[]) {
  const id = idOfAge(10 * MINUTE);
  const fields = {
    message: 'Application threw',
    error: { type: 'TypeError', source: 'application' },
    exception: { type: 'TypeError', message: 'boom', stacktrace: stack },
  };
  api.add([logEvent(failureRecord(id, fields), { age: 10 * MINUTE, invocation: id })]);
  return callCommand(main, [...options, id], api.env);
}

test('--source-map names file, line and function of an exception in the application', async () => {
  expect(stack).toMatch(/at total \(index\.js:\d+:\d+\)/);
  const { stdout, exitCode } = await lookup('--source-map', join(folder, 'dist/index.js.map'));
  expect(exitCode).toBe(0);
  const file = relative('', join(folder, 'application.ts'));
  expect(stdout).toContain(`at total (${file}:11:15)\n`);
  expect(stdout).toContain(`at checkout (${file}:15:10)\n`);
});

test('without one the positions stay, and it says which file it wants', async () => {
  const { stdout } = await lookup();
  expect(stdout).toContain(
    'Stack (positions in the bundle: --source-map index.js.map of version b8e2c1d0-3f4a-4c5b-9d6e-7f8091a2b3c4 names the source)\n',
  );
  expect(stdout).toMatch(/at total \(index\.js:\d+:\d+\)\n/);
});

test('a file that is none is refused before anything is asked', async () => {
  const asked = api.queries.length;
  await writeFile(join(folder, 'none.json'), '{"version":3}');
  expect(await lookup('--source-map', join(folder, 'none.json'))).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('is no source map'),
  });
  expect(await lookup('--source-map', join(folder, 'missing.map'))).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('cannot be read'),
  });
  expect(api.queries).toHaveLength(asked);
});

test('what is in no map stays as it is', async () => {
  stack +=
    '\n    at elsewhere (other.js:99999:1)\n    at async node:internal/process:1:2\n    at (index.js:0:0)';
  const { stdout } = await lookup('--source-map', join(folder, 'dist/index.js.map'));
  expect(stdout).toContain('at elsewhere (other.js:99999:1)\n');
  expect(stdout).toContain('at async node:internal/process:1:2\n');
  expect(stdout).toContain('at (index.js:0:0)\n');
});
