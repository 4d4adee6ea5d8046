/** `deploy` says what it will do, uploads what was checked, and refuses whatever would make it something else. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/deploy/main.ts';
import { type CloudflareApi, startCloudflareApi } from '../support/cloudflare-api.ts';
import { callCommand, type CommandRun, inFolder, runCommand, runProgram } from './run-command.ts';
import { changed, folderWith, shipped, tomlFile, withStaging } from './wrangler-toml.ts';

const NAME = 'edge-error-interceptor';

let api: CloudflareApi;

beforeAll(async () => {
  api = await startCloudflareApi();
});

afterAll(() => api.close());

/** Calls deploy with a wrangler.toml of its own, and sees that no program asked Cloudflare for anything. */
async function refusedDeploy(
  args: readonly string[],
  { toml = shipped, env = {}, answer }: { toml?: string; env?: Record<string, string>; answer?: string } = {},
): Promise<CommandRun> {
  const before = api.requests.length;
  const config = ['--config', await tomlFile(toml)];
  const run = await callCommand(main, [...args, ...config], { ...api.env, ...env }, answer);
  expect(api.requests.length).toBe(before);
  expect(run.stderr).toMatch(/Nothing was uploaded\.\n$/);
  expect(run.exitCode).toBeGreaterThan(0);
  return run;
}

/** The values of a version's variables. */
function variablesOf(worker: string): Record<string, unknown> {
  const bindings = api.workers.get(worker)?.versions.at(-1)?.metadata.bindings ?? [];
  return Object.fromEntries(bindings.map(({ name, text, json }) => [name, text ?? json]));
}

describe('against a server that answers as Cloudflare does', () => {
  it('says where it will go, and uploads the Worker, its settings and its route', async () => {
    const toml = withStaging().replace(
      /^SITE_NAME = "" /m,
      'MY_VAR = "my own"\nSITE_NAME = "the top level" ',
    );
    const args = ['--config', await tomlFile(toml), '--env=', '--tag', 'v1'];
    const { exitCode, stdout, stderr } = await callCommand(main, args, api.env);
    expect(stderr).toBe('');
    expect(stdout).toContain('✓ Settings and page are valid (top level, env.staging).\n');
    expect(stdout).toMatch(
      /^Deploying edge-error-interceptor: top level → shop\.example\/\*, \d+ variables\.$/m,
    );
    expect(stdout.indexOf('Deploying')).toBeLessThan(stdout.indexOf('Uploaded'));
    expect(exitCode).toBe(0);

    const worker = api.workers.get(NAME);
    expect(worker?.routes).toEqual([{ pattern: 'shop.example/*', zone_name: 'shop.example' }]);
    expect(worker?.versions).toEqual([
      expect.objectContaining({
        modules: expect.arrayContaining(['index.js', 'index.js.map', expect.stringMatching(/page\.html$/)]),
        metadata: expect.objectContaining({
          annotations: { 'workers/tag': 'v1' },
          observability: expect.objectContaining({ enabled: true, head_sampling_rate: 1 }),
        }),
      }),
    ]);
    expect(variablesOf(NAME)).toMatchObject({
      SITE_NAME: 'the top level',
      ORIGIN_TIMEOUT_MS: 0,
      MY_VAR: 'my own',
    });
    expect([...api.workers.keys()]).toEqual([NAME]);
  });

  it('uploads staging, and leaves the top level alone', async () => {
    const toml = withStaging().replace(/^SITE_NAME = ""$/m, 'SITE_NAME = "staging"');
    const args = ['--env', 'staging', '--config', await tomlFile(toml)];
    const { exitCode, stdout } = await callCommand(main, args, api.env);
    expect(stdout).toMatch(
      /^Deploying \S+-staging: env\.staging → staging\.shop\.example\/\*, \d+ variables/m,
    );
    expect(exitCode).toBe(0);
    expect(api.workers.get(`${NAME}-staging`)?.routes).toEqual([
      { pattern: 'staging.shop.example/*', zone_name: 'shop.example' },
    ]);
    expect(variablesOf(`${NAME}-staging`)).toMatchObject({ SITE_NAME: 'staging' });
    expect(api.workers.get(NAME)?.versions).toHaveLength(1);
  });

  it('asks on a terminal, and goes on after a yes', async () => {
    const { exitCode, stdout } = await callCommand(
      main,
      ['--config', await tomlFile(withStaging().replace(/^SITE_NAME = "" /m, 'SITE_NAME = "confirmed" '))],
      api.env,
      'yes',
    );
    expect(stdout).toMatch(
      /Without --env this deploys edge-error-interceptor: top level → .*\.\nGo on\? Type yes: Deploying /,
    );
    expect(exitCode).toBe(0);
    expect(variablesOf(NAME)).toMatchObject({ SITE_NAME: 'confirmed' });
    expect(api.workers.get(NAME)?.deployed).toHaveLength(2);
  });

  it('`npx wrangler versions list`, `rollback` and `delete` do what the README says of them', async () => {
    const [first, second] = api.workers.get(NAME)?.versions ?? [];
    const wrangler = async (...args: string[]): Promise<CommandRun> =>
      runCommand('node_modules/wrangler/bin/wrangler.js', args, { env: api.env });
    const list = await wrangler('versions', 'list');
    expect(list.stdout).toMatch(new RegExp(`${first?.id}[^]+Tag: +v1[^]+${second?.id}`));

    expect((await wrangler('rollback', '--yes')).exitCode).toBe(0);
    expect(api.workers.get(NAME)?.deployed.at(-1)).toBe(first?.id);

    expect((await wrangler('delete', '--dry-run')).exitCode).toBe(0);
    expect([...api.workers.keys()]).toEqual([NAME, `${NAME}-staging`]);
    expect((await wrangler('delete', '--force')).exitCode).toBe(0);
    expect([...api.workers.keys()]).toEqual([`${NAME}-staging`]);
  });

  it('with --env staging they do it to staging', async () => {
    const staging = `${NAME}-staging`;
    const config = await tomlFile(withStaging());
    const wrangler = async (...args: string[]): Promise<CommandRun> =>
      runCommand('node_modules/wrangler/bin/wrangler.js', [...args, '--env', 'staging', '-c', config], {
        env: api.env,
      });
    expect((await callCommand(main, ['--env', 'staging', '--config', config], api.env)).exitCode).toBe(0);
    const [first, second] = api.workers.get(staging)?.versions ?? [];
    expect(api.workers.get(staging)?.deployed.at(-1)).toBe(second?.id);
    expect((await wrangler('rollback', '--yes')).exitCode).toBe(0);
    expect(api.workers.get(staging)?.deployed.at(-1)).toBe(first?.id);
    expect((await wrangler('delete', '--force')).exitCode).toBe(0);
    expect([...api.workers.keys()]).toEqual([]);
  });
});

describe('which environment', () => {
  it('has to be said where there are several and no terminal', async () => {
    const { exitCode, stderr } = await refusedDeploy(['--tag', 'v1'], { toml: withStaging() });
    expect(stderr).toContain('\n  npm run deploy -- --env=\n  npm run deploy -- --env=staging\n');
    expect(exitCode).toBe(1);
  });

  it.each(['no', '', 'Y?'])('is not settled by the answer %j', async (answer) => {
    const { stderr } = await refusedDeploy([], { toml: withStaging(), answer });
    expect(stderr).toContain('✗ That was no yes.');
  });

  it('has to be said even where there is one: of `npm run deploy -e staging` there is no trace', async () => {
    const before = api.requests.length;
    const args = ['run', '--silent', 'deploy', '-e', 'staging'];
    const { exitCode, stdout, stderr } = await runProgram('npm', args, { env: api.env });
    expect(api.requests.length).toBe(before);
    expect(stderr).toContain('\n  npm run deploy -- --env=\nNothing was uploaded.\n');
    expect(stdout).toBe('✓ Settings and page are valid (top level).\n');
    expect(exitCode).toBe(1);
  });

  it('is offered from CLOUDFLARE_ENV, and from .env as wrangler reads it', async () => {
    const toml = withStaging().replace(/^SITE_NAME = ""$/m, 'SITE_NAME = "staging"');
    const root = await folderWith({ 'wrangler.toml': toml, '.env': 'CLOUDFLARE_ENV=staging\n' });
    const { stdout } = await inFolder(root, () => callCommand(main, ['--dry-run']));
    expect(stdout).toContain('Would deploy edge-error-interceptor-staging: env.staging → ');
    expect(stdout).toContain('env.SITE_NAME ("staging")');

    const env = { CLOUDFLARE_ENV: 'staging' };
    const asked = await refusedDeploy([], { toml, env, answer: 'no' });
    expect(asked.stdout).toContain('this deploys edge-error-interceptor-staging: env.staging → ');
  });

  it('must be there: wrangler would make one from the top level', async () => {
    const { exitCode, stderr } = await refusedDeploy(['--dry-run', '--env', 'stagin']);
    expect(stderr).toContain('✗ There is no environment stagin; there is: none.');
    expect(exitCode).toBe(1);
  });

  it('is the same Worker for Cloudflare’s own builds', async () => {
    const env = { WRANGLER_CI_OVERRIDE_NAME: 'shop' };
    const { stderr } = await refusedDeploy(['--env='], { env });
    expect(stderr).toContain(`WRANGLER_CI_OVERRIDE_NAME is shop, but what was checked is ${NAME}`);
  });
});

describe('with a problem', () => {
  it('nothing is uploaded', async () => {
    const toml = changed('SITE_NAME = "" ', `SITE_NAME = "${'x'.repeat(101)}" `);
    const { exitCode, stdout, stderr } = await refusedDeploy(['--env='], { toml });
    expect(stderr).toMatch(/✗ top level: SITE_NAME is "x{60,}…", which has 101 characters/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
  });
});

describe('with a second configuration beside the first', () => {
  it('nothing is uploaded: wrangler would take one of them, and check another', async () => {
    const folder = await folderWith({ 'wrangler.toml': shipped, 'wrangler.json': '{ "name": "other" }' });
    const before = api.requests.length;
    const { exitCode, stderr } = await inFolder(folder, () => callCommand(main, ['--env='], api.env));
    expect(stderr).toContain('has wrangler.toml and wrangler.json: remove what is not used');
    expect(stderr).toMatch(/Nothing was uploaded\.\n$/);
    expect({ exitCode, asked: api.requests.length - before }).toEqual({ exitCode: 2, asked: 0 });
  });
});

it('what a build tool left for wrangler to deploy in place of the configuration is not deployed', async () => {
  const folder = await folderWith({
    'wrangler.toml': shipped,
    'other.toml': changed(`name = "${NAME}"`, 'name = "other"'),
  });
  await mkdir(join(folder, '.wrangler/deploy'), { recursive: true });
  await writeFile(join(folder, '.wrangler/deploy/config.json'), '{ "configPath": "../../other.toml" }');
  const { exitCode, stderr } = await inFolder(folder, () => callCommand(main, ['--env='], api.env));
  expect(exitCode, stderr).toBe(0);
  expect([...api.workers.keys()]).toContain(NAME);
  expect([...api.workers.keys()]).not.toContain('other');
});

describe('without an account', () => {
  it('--dry-run shows what would be uploaded', async () => {
    const { exitCode, stdout, stderr } = await runCommand('src/cli/main.ts', ['deploy', '--dry-run']);
    expect(stdout).toContain('✓ Settings and page are valid (top level).');
    expect(stdout).toContain('Would deploy edge-error-interceptor: top level → no route, ');
    expect(stdout).toContain('Total Upload:');
    expect(stdout).toContain('--dry-run: exiting now.');
    expect(stderr).not.toContain('WARNING');
    expect(exitCode).toBe(0);
  });

  it('ends as wrangler ends', async () => {
    const env = { CLOUDFLARE_API_BASE_URL: 'http://127.0.0.1:9/client/v4', CLOUDFLARE_API_TOKEN: 'x' };
    const config = await tomlFile(shipped.replace('"src/index.ts"', '"nowhere.ts"'));
    const { exitCode, stderr } = await callCommand(main, ['--env=', '--config', config], env);
    expect(stderr).toContain('nowhere.ts');
    expect(exitCode).toBe(1);
  });
});

describe('the command line', () => {
  it.each([
    ['--var', 'SITE_NAME:x'],
    ['--route=*shop.example/*'],
    ['--domain', 'shop.example'],
    ['--compatibilityFlags', 'x'],
    ['--name', 'other'],
    ['--keep-vars'],
    ['--no-bundle'],
    ['--assets=public'],
    ['--secrets-file', 'x.json'],
    ['--env-file', 'x'],
    ['--profile=work'],
    ['--latest'],
  ])('%s would not be checked: the line without it is given', async (...option) => {
    const { exitCode, stderr } = await callCommand(main, [...option, '--env', 'staging', '--dry-run']);
    expect(stderr).toMatch(/would be deployed without a check: write it into the configuration\./);
    expect(stderr).toContain('\n  npm run deploy -- --env=staging --dry-run\n');
    expect(exitCode).toBe(2);
  });

  it.each([
    [['--cwd', 'other', '-c', 'wrangler.toml'], '--config=other/wrangler.toml'],
    [['--cwd=/srv/other', '--env='], '--config=/srv/other/wrangler.toml --env='],
    [['staging'], '--env=staging'],
    [['--dry-run', 'true'], '--dry-run'],
    [['src/index.ts', '--tag', 'v1'], '--tag=v1'],
    [['--', '--dry-run'], '--dry-run'],
  ])('%j: the line is given that means it', async (args, meant) => {
    const { exitCode, stderr } = await callCommand(main, args);
    expect(stderr).toContain(`Type:\n  npm run deploy -- ${meant}\nNothing was uploaded.\n`);
    expect(exitCode).toBe(2);
  });

  it.each([
    [['--config', 'a.toml', '-c', 'b.toml'], '-c is given twice.'],
    [['--env=', '--env=staging'], '--env is given twice.'],
    [['--tag', '--dry-run'], '--tag needs a value.'],
    [['--env'], '--env needs a value.'],
    [['--dry-run=false'], '--dry-run takes no value.'],
    [['--dryrun'], '--dryrun is no option. All options: npm run deploy -- --help'],
  ])('%j: nothing is guessed', async (args, expected) => {
    const { exitCode, stdout, stderr } = await callCommand(main, args);
    expect({ stderr, stdout }).toEqual({ stderr: `✗ ${expected}\nNothing was uploaded.\n`, stdout: '' });
    expect(exitCode).toBe(2);
  });

  it.each([
    ['--dry-run', '--dry-run'],
    ['--env=staging', '--env=staging'],
  ])('npm run deploy %s, without the --, uploads nothing', async (typed, meant) => {
    const args = ['run', '--silent', 'deploy', ...typed.split(' ')];
    const before = api.requests.length;
    const { exitCode, stdout, stderr } = await runProgram('npm', args, { env: api.env });
    expect(stderr).toContain(`Type:\n  npm run deploy -- ${meant}\nNothing was uploaded.\n`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(api.requests.length).toBe(before);
  });

  it('what npm kept is refused for its own reason, where there is one', async () => {
    const env = { npm_lifecycle_event: 'deploy', npm_config_name: 'other', npm_config_dry_run: 'true' };
    const { exitCode, stderr } = await callCommand(main, [], env);
    expect(stderr).toMatch(
      /^✗ --name would be deployed without a check: .*\n  npm run deploy -- --dry-run\n/,
    );
    expect(exitCode).toBe(2);
  });
});
