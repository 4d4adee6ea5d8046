/** `check` and `deploy` over real files: what is wrong is named, and nothing wrong is uploaded. */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { repository, runCommand } from './run-command.ts';

const shipped = await readFile(join(repository, 'wrangler.toml'), 'utf8');

/** A copy of the repository in which files can be changed. */
async function copyOfRepository(changes: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'repository-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const name of ['src', 'package.json', 'tsconfig.json', 'wrangler.toml']) {
    await cp(join(repository, name), join(root, name), { recursive: true });
  }
  await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
  for (const [name, text] of Object.entries(changes)) await writeFile(join(root, name), text);
  return root;
}

/** Runs a command with another wrangler.toml. */
async function withToml(
  script: string,
  toml: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) {
  return runCommand(script, args, { root: await copyOfRepository({ 'wrangler.toml': toml }), env });
}

function changed(from: string | RegExp, to: string): string {
  const toml = shipped.replace(from, to);
  expect(toml).not.toBe(shipped);
  return toml;
}

/** The template with its staging environment, and routes for both. */
function withStaging(): string {
  const [head = '', staging] = shipped.split(/^(?=# \[env\.staging\]$)/m);
  expect(staging).toBeDefined();
  return `${head.replace(/^# routes = /m, 'routes = ')}${(staging ?? '').replace(/^# ?/gm, '')}`;
}

describe('check', () => {
  it('passes the wrangler.toml and the page as they are shipped, and says that a route is missing', async () => {
    const { exitCode, stdout, stderr } = await runCommand('src/cli/check.ts', []);
    expect(stdout).toBe('✓ Settings and page are valid (top level).\n');
    expect(stderr).toMatch(/^! top level: routes is not set .*\n$/);
    expect(exitCode).toBe(0);
  });

  it('passes the staging environment of the template, and so does wrangler', async () => {
    const { exitCode, stdout, stderr } = await withToml('src/cli/check.ts', withStaging());
    expect(stderr).toBe('');
    expect(stdout).toBe('✓ Settings and page are valid (top level, env.staging).\n');
    expect(exitCode).toBe(0);
  });

  it('fails with the whole list: environment, name, what is wrong, what is allowed', async () => {
    const toml = withStaging()
      .replace('head_sampling_rate = 1 ', 'head_sampling_rate = 0.5 ')
      .replace('ORIGIN_TIMEOUT_MS = 0  ', 'ORIGIN_TIMEOUT_MS = "10s"  ')
      .replace(/^SUPPORT_URL = ""$/m, 'SUPORT_URL = ""')
      .replace('"staging.shop.example/*"', '"*shop.example/*"')
      .replace('"no_nodejs_compat",', '"no_nodejs_compat", "global_fetch_strictly_public",');
    const { exitCode, stdout, stderr } = await withToml('src/cli/check.ts', toml);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    const list = stderr.split('\n').filter((line) => line.startsWith('✗'));
    expect(list).toEqual([
      expect.stringMatching(/^✗ top level: ORIGIN_TIMEOUT_MS is "10s", .* Allowed: a whole number .*\.$/),
      expect.stringMatching(/^✗ top level: observability\.head_sampling_rate is 0\.5: .* Allowed: 1\.$/),
      expect.stringMatching(/^✗ top level: compatibility_flags has global_fetch_strictly_public: /),
      expect.stringMatching(/^✗ env\.staging: SUPORT_URL is not a setting; did you mean SUPPORT_URL\?/),
      expect.stringMatching(/^✗ env\.staging: vars lacks SUPPORT_URL, /),
      expect.stringMatching(/^✗ env\.staging: routes has the pattern \*shop\.example\/\*, /),
      expect.stringMatching(/^✗ env\.staging: observability\.head_sampling_rate is 0\.5: /),
      expect.stringMatching(/^✗ env\.staging: compatibility_flags has /),
    ]);
    expect(stderr).toMatch(/\n8 problems in .*wrangler\.toml\.\n$/);
  });

  it.each([
    [
      'a table of wrangler',
      /^\[dev\]$/m,
      '[dev]\nSUPPORT_URL = "mailto:a@shop.example"',
      'SUPPORT_URL',
      'dev',
    ],
    ['a mistyped table', /^\[vars\]$/m, '[vras]', 'ORIGIN_URL', 'vras'],
    [
      'the top level',
      /^send_metrics/m,
      'ERROR_STATUS = "origin"\nsend_metrics',
      'ERROR_STATUS',
      'the top level',
    ],
  ])('finds a setting in %s, where it has no effect', async (_, from, to, name, place) => {
    const { exitCode, stderr } = await withToml('src/cli/check.ts', changed(from, to));
    expect(stderr).toContain(
      `✗ top level: ${name} stands in ${place}, where it has no effect. Allowed: under [vars].`,
    );
    expect(exitCode).toBe(1);
  });

  it('names what an environment does not inherit, and the route that it does', async () => {
    const toml = changed(/^# routes = /m, 'routes = ') + '\n[env.staging]\n';
    const { exitCode, stderr } = await withToml('src/cli/check.ts', toml);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /✗ env\.staging: vars lacks ORIGIN_URL, .*LOG_ORIGIN_BODY_BYTES, which the top level/,
    );
    expect(stderr).toMatch(/✗ env\.staging: version_metadata is missing/);
    expect(stderr).toMatch(
      /✗ env\.staging: routes has the pattern shop\.example\/\*, which is a route of the top/,
    );
  });

  it.each([
    ['no TOML', '[vars\n', /✗ .*wrangler\.toml: Invalid TOML document: .* \(line 1\)/],
    ['no config', 'name = "x"\nvars = 3\n', /The field "vars" should be an object but got 3/],
  ])('says what is wrong with a file that is %s', async (_, toml, expected) => {
    const { exitCode, stderr } = await withToml('src/cli/check.ts', toml);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(exitCode).toBe(1);
  });

  it('says what is wrong with the page, with the name of its file', async () => {
    const root = await copyOfRepository({ 'src/page/page.html': '<p>{{request_id}} {{reqest}}</p>' });
    const { exitCode, stderr } = await runCommand('src/cli/check.ts', [], { root });
    expect(stderr).toMatch(/^✗ src\/page\/page\.html: has the unknown token \{\{reqest\}\}/m);
    expect(exitCode).toBe(1);
  });

  it('takes another file with --config', async () => {
    const { exitCode, stderr } = await runCommand('src/cli/check.ts', ['--config', '/nowhere/wrangler.toml']);
    expect(stderr).toContain('Could not read file: /nowhere/wrangler.toml');
    expect(exitCode).toBe(1);
  });

  it.each([
    [['--config', 'src'], '✗ src: is not a .toml, .json or .jsonc file', 1],
    [['--confg', 'x'], "Unknown option '--confg'", 2],
    [['x.toml'], 'Allowed: --config wrangler.toml', 2],
  ])('says what is wrong with %j', async (args, expected, code) => {
    const { exitCode, stderr } = await runCommand('src/cli/check.ts', args);
    expect(stderr).toContain(expected);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(exitCode).toBe(code);
  });
});

describe('deploy', () => {
  const uploaded = '--dry-run: exiting now.';

  it('without an account, --dry-run shows what would be uploaded', async () => {
    const { exitCode, stdout, stderr } = await runCommand('src/cli/deploy.ts', ['--dry-run']);
    expect(stdout).toContain('✓ Settings and page are valid (top level).');
    expect(stdout).toContain('Total Upload:');
    expect(stdout).toContain(uploaded);
    expect(stderr).not.toContain('WARNING');
    expect(exitCode).toBe(0);
  });

  it('with a problem uploads nothing', async () => {
    const toml = changed('SITE_NAME = "" ', `SITE_NAME = "${'x'.repeat(101)}" `);
    const { exitCode, stdout, stderr } = await withToml('src/cli/deploy.ts', toml, ['--dry-run']);
    expect(stderr).toMatch(/✗ top level: SITE_NAME is "x{60,}…", which has 101 characters/);
    expect(stderr).toMatch(/Nothing was uploaded\.\n$/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
  });

  it.each([
    ['the top level', [], {}, 'the top level'],
    ['staging, with --env', ['--env', 'staging'], {}, 'staging'],
    ['staging, with -e', ['-e', 'staging'], {}, 'staging'],
    ['staging, with CLOUDFLARE_ENV', [], { CLOUDFLARE_ENV: 'staging' }, 'staging'],
  ])('uploads, without a warning, %s', async (_, args, env, expected) => {
    const toml = withStaging().replace(/^SITE_NAME = ""$/m, 'SITE_NAME = "staging"');
    const top = toml.replace(/^SITE_NAME = "" /m, 'SITE_NAME = "the top level" ');
    const { exitCode, stdout, stderr } = await withToml(
      'src/cli/deploy.ts',
      top,
      ['--dry-run', ...args],
      env,
    );
    expect(stdout).toContain(`env.SITE_NAME ("${expected}")`);
    expect(stdout).toContain(uploaded);
    expect(stdout + stderr).not.toContain('WARNING');
    expect(exitCode).toBe(0);
  });

  it('refuses an environment that is not there, which wrangler would make from the top level', async () => {
    const { exitCode, stdout, stderr } = await runCommand('src/cli/deploy.ts', [
      '--dry-run',
      '--env',
      'stagin',
    ]);
    expect(stderr).toMatch(/has no environment stagin; it has: none\. Nothing was uploaded\.\n$/);
    expect(stdout).not.toContain(uploaded);
    expect(exitCode).toBe(1);
  });

  it('takes the environment from .env too, as wrangler does', async () => {
    const toml = withStaging().replace(/^SITE_NAME = ""$/m, 'SITE_NAME = "staging"');
    const root = await copyOfRepository({ 'wrangler.toml': toml, '.env': 'CLOUDFLARE_ENV=staging\n' });
    const { exitCode, stdout } = await runCommand('src/cli/deploy.ts', ['--dry-run'], { root });
    expect(stdout).toContain('env.SITE_NAME ("staging")');
    expect(exitCode).toBe(0);
  });

  it.each([
    [['--var', 'ORIGIN_TIMEOUT_MS:10s'], '--var would be deployed without a check'],
    [['--route=*shop.example/*'], '--route would be deployed without a check'],
    [['--domain', 'shop.example'], '--domain would be deployed without a check'],
    [['--compatibilityFlags', 'x'], '--compatibilityFlags would be deployed without a check'],
    [['--', '--dry-run'], 'leave the second -- out'],
  ])('refuses %j, of which it would not know what it does', async (args, expected) => {
    const { exitCode, stdout, stderr } = await runCommand('src/cli/deploy.ts', ['--dry-run', ...args]);
    expect(stderr).toContain(expected);
    expect(stderr).toMatch(/Nothing was uploaded\.\n$/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
  });

  it('ends as wrangler ends', async () => {
    const { exitCode, stdout } = await runCommand('src/cli/deploy.ts', ['--dry-run', '--no-such-option']);
    expect(exitCode).toBe(1);
    expect(stdout).not.toContain(uploaded);
  });
});
