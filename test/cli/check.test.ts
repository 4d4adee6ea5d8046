/** `check` over real files: it names each error, and passes what is allowed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/check/main.ts';
import { callCommand, type CommandRun, inFolder, repository, runCommand } from './run-command.ts';
import { changed, folderWith, shipped, tomlFile, withStaging } from './wrangler-toml.ts';

async function check(toml: string): Promise<CommandRun> {
  return callCommand(main, ['--config', await tomlFile(toml)]);
}

describe('check', () => {
  it('passes the wrangler.toml and the page of this repository', async () => {
    const { exitCode, stdout } = await runCommand('src/cli/main.ts', ['check']);
    expect(stdout).toMatch(/^✓ Settings and page are valid \(top level.*\)\.\n$/);
    expect(exitCode).toBe(0);
  });

  it('passes the staging environment of this repository', async () => {
    const own = await readFile(join(repository, 'wrangler.toml'), 'utf8');
    const { exitCode, stdout } = await check(withStaging(own));
    expect(stdout).toBe('✓ Settings and page are valid (top level, env.staging).\n');
    expect(exitCode).toBe(0);
  });

  it('says that a route is missing', async () => {
    const { exitCode, stderr } = await check(shipped);
    expect(stderr).toMatch(/^! top level: routes is not set .*\n$/);
    expect(exitCode).toBe(0);
  });

  it('fails with the whole list: environment, name, what is wrong, what is allowed', async () => {
    const toml = withStaging()
      .replace('head_sampling_rate = 1 ', 'head_sampling_rate = 0.5 ')
      .replace('ORIGIN_TIMEOUT_MS = 0  ', 'ORIGIN_TIMEOUT_MS = "10s"  ')
      .replace(/^SUPPORT_URL = ""$/m, 'SUPORT_URL = ""')
      .replace('"staging.shop.example/*"', '"*shop.example/*"')
      .replace('"no_nodejs_compat",', '"no_nodejs_compat", "global_fetch_strictly_public",');
    const { exitCode, stdout, stderr } = await check(toml);
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
    ['SUPPORT_URL', '[dev]', /^\[dev\]$/m, '[dev]\nSUPPORT_URL = "mailto:a@shop.example"'],
    ['ORIGIN_URL', '[vras]', /^\[vars\]$/m, '[vras]'],
    ['ERROR_STATUS', 'the top level', /^send_metrics/m, 'ERROR_STATUS = "origin"\nsend_metrics'],
    ['SITE_NAME', '[observability.logs]', /^invocation_logs/m, 'SITE_NAME = "x"\ninvocation_logs'],
    [
      'SITE_NAME',
      '[[r2_buckets]]',
      /$/,
      '\n[[r2_buckets]]\nbinding = "B"\nbucket_name = "bucket"\nSITE_NAME = "x"\n',
    ],
  ])('finds the setting %s in %s, where it has no effect', async (name, place, from, to) => {
    const { exitCode, stderr } = await check(changed(from, to));
    expect(stderr).toContain(
      `✗ top level: ${name} stands in ${place}, where it has no effect. Allowed: under [vars].`,
    );
    expect(exitCode).toBe(1);
  });

  it.each([
    ['routes', '[vars]', '\nroutes = ["shop.example/*"]\n'],
    [
      'compatibility_flags',
      '[observability]',
      '\n[observability]\nenabled = true\ncompatibility_flags = []\n',
    ],
    [
      'services',
      '[[env.live.kv_namespaces]]',
      '\n[[env.live.kv_namespaces]]\nbinding = "K"\nid = "1"\nservices = []\n',
    ],
  ])('finds %s of wrangler in %s, where it has no effect', async (name, place, text) => {
    const { exitCode, stderr } = await check(`name = "x"\ncompatibility_date = "2026-11-17"\n[vars]${text}`);
    expect(stderr).toContain(`${name} stands in ${place}, where it has no effect. Allowed: in `);
    expect(exitCode).toBe(1);
  });

  it('as the build of wrangler it checks before an upload, and before nothing else', async () => {
    const config = ['--config', await tomlFile(changed('ERROR_STATUS = "500"', 'ERROR_STATUS = "503"'))];
    for (const command of ['deploy', 'versions upload']) {
      const { exitCode, stderr } = await callCommand(main, config, { WRANGLER_COMMAND: command });
      expect(stderr).toMatch(/ERROR_STATUS[^]*Nothing is uploaded/);
      expect(exitCode).toBe(1);
    }
    for (const command of ['dev', 'types', '']) {
      const ended = await callCommand(main, config, { WRANGLER_COMMAND: command });
      expect(ended).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    }
  });

  it.each(['cloudflare.config.ts', 'cloudflare.config.mjs'])('says that it cannot read %s', async (name) => {
    const alone = await folderWith({ [name]: '' });
    const nothing = await inFolder(alone, () => callCommand(main, []));
    expect(nothing.stderr).toContain(`${name} is a program, which cannot be read here`);
    expect(nothing.exitCode).toBe(2);
    const both = await folderWith({ [name]: '', 'wrangler.toml': shipped });
    const { exitCode, stderr } = await inFolder(both, () => callCommand(main, []));
    expect(stderr).toContain(`! ${name} is a program, which cannot be read here`);
    expect(exitCode).toBe(0);
  });

  it('names what an environment does not inherit, and the route that it does', async () => {
    const toml = changed(/^# routes = /m, 'routes = ') + '\n[env.staging]\n';
    const { exitCode, stderr } = await check(toml);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /✗ env\.staging: vars lacks ORIGIN_URL, .*LOG_ORIGIN_BODY_BYTES.*, which the top level/,
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
    const { exitCode, stderr } = await check(toml);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(exitCode).toBe(1);
  });

  it('says what is wrong with the page, with the name of its file', async () => {
    const folder = await folderWith({ 'page.html': '<p>{{request_id}} {{reqest}}</p>' });
    const { exitCode, stderr } = await callCommand(main, ['--page', join(folder, 'page.html')]);
    expect(stderr).toMatch(/^✗ \S+page\.html:\d+: .*unknown token \{\{reqest\}\}/m);
    expect(stderr).toMatch(/^1 problem in .*wrangler\.toml and .*page\.html\.$/m);
    expect(exitCode).toBe(1);
  });

  it('checks the page of this repository, and says where it lies', async () => {
    const { exitCode, stdout, stderr } = await callCommand(main, ['--page', 'src/page/nowhere.html']);
    expect(stderr).toMatch(/^✗ src\/page\/nowhere\.html:1: cannot be read: ENOENT/m);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  });

  it('takes another file with --config', async () => {
    const { exitCode, stderr } = await callCommand(main, ['--config', '/nowhere/wrangler.toml']);
    expect(stderr).toContain('Could not read file: /nowhere/wrangler.toml');
    expect(exitCode).toBe(1);
  });

  it('does not choose between two files, of which wrangler would take another', async () => {
    const root = await folderWith({ 'wrangler.toml': '', 'wrangler.json': '{}' });
    const { exitCode, stderr } = await inFolder(root, () => callCommand(main, []));
    expect(stderr).toContain('has wrangler.toml and wrangler.json: remove what is not used');
    expect(exitCode).toBe(2);
  });

  it.each([
    [['--config', 'src'], '✗ src: is not a .toml, .json or .jsonc file', 1],
    [['--confg', 'x'], "Unknown option '--confg'", 2],
    [['x.toml'], 'All options:\n  npx edge-error-interceptor check --help', 2],
  ])('says what is wrong with %j', async (args, expected, code) => {
    const { exitCode, stderr } = await callCommand(main, args);
    expect(stderr).toContain(expected);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(exitCode).toBe(code);
  });
});
