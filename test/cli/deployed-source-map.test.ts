/** From a deploy to the line of the source that failed, with nothing typed but the ID. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ulid } from 'ulid';
import type { Command } from '../../src/cli/command.ts';
import { main as deployCommand } from '../../src/cli/deploy/main.ts';
import { main as lookupCommand } from '../../src/cli/lookup/main.ts';
import { startCloudflareApi, type CloudflareApi } from '../support/cloudflare-api.ts';
import { startTelemetryApi, type TelemetryApi } from '../support/telemetry-api.ts';
import { startWorkerd } from '../support/workerd.ts';
import { logEvent } from './records.ts';
import { callCommand, type CommandRun, inFolder, repository } from './run-command.ts';
import { folderWith, shipped } from './wrangler-toml.ts';

// Types are gone from a bundle, so that its lines are others than these.
const APPLICATION = `import { withErrorPages } from ${JSON.stringify(`${repository}/src/with-error-pages.ts`)};

interface Item {
  readonly price: number;
}

function total(cart: readonly Item[]): number {
  return cart.map((item) => item.price).reduce((a, b) => a + b, 0);
}

export default withErrorPages({
  fetch: (): Response => new Response(String(total(JSON.parse('null')))),
});
`;

let api: CloudflareApi;
let logs: TelemetryApi;

beforeAll(async () => {
  [api, logs] = await Promise.all([startCloudflareApi(), startTelemetryApi()]);
});

afterAll(() => Promise.all([api.close(), logs.close()]));

it('lookup names file and line for the version that deploy left in dist, and says why for another', async () => {
  const folder = await folderWith({
    'wrangler.toml': shipped.replace('"src/index.ts"', '"index.ts"'),
    'index.ts': APPLICATION,
  });
  const env = { ...api.env, ...logs.env };
  const command = (main: Command, ...args: string[]): Promise<CommandRun> =>
    inFolder(folder, () => callCommand(main, args, env));
  const lookup = (id: string): Promise<CommandRun> => command(lookupCommand, id);
  const deploy = async (...args: string[]): Promise<string> => {
    const { stdout, stderr, exitCode } = await command(deployCommand, '--env=', ...args);
    expect(exitCode, stdout + stderr).toBe(0);
    return api.workers.get('edge-error-interceptor')?.deployed.at(-1) ?? '';
  };

  const first = await deploy();
  const worker = await startWorkerd({
    bundle: `${folder}/dist`,
    vars: { CF_VERSION_METADATA: { id: first, tag: '', timestamp: '' } },
  });
  const answer = await fetch(worker.url);
  const id = answer.headers.get('X-Request-Id') ?? '';
  const [record = {}] = await worker.recordsOf(id);
  await worker.stop();
  expect(record).toMatchObject({
    message: 'Application threw',
    cloudflare: { script_version: { id: first } },
  });
  // Miniflare puts a folder before the name of a module, Cloudflare does not.
  const text = JSON.stringify(record).replaceAll(/file:[^\s()"]*\/index\.js/g, 'index.js');
  const stored = JSON.parse(text);
  logs.add([logEvent(stored, { invocation: id })]);

  const { stdout } = await lookup(id);
  expect(stdout).toMatch(/^Stack\n {2}TypeError: .*\n {6}at total \(index\.ts:8:15\)\n/m);

  await deploy('--dry-run');
  expect((await lookup(id)).stdout).toContain('at total (index.ts:8:15)');

  await deploy('--dry-run', '--outdir', 'dist');
  expect((await lookup(id)).stdout).toContain(
    `Stack (positions in the bundle: dist/index.js.map is of a build after version ${first} was deployed; ` +
      '--source-map FILE names the source)\n',
  );

  const second = await deploy();
  expect(second).not.toBe(first);
  expect((await lookup(id)).stdout).toContain(
    `dist/index.js.map is of version ${second}, this failure of ${first};`,
  );
  const later = ulid();
  const script_version = { id: second };
  logs.add([
    logEvent({ ...stored, request_id: later, cloudflare: { script_version } }, { invocation: later }),
  ]);
  expect((await lookup(later)).stdout).toContain('at total (index.ts:8:15)');
}, 300_000);
