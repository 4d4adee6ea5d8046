/** `init` adds the missing settings to a configuration, and leaves everything else as it was. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main as check } from '../../src/cli/check/main.ts';
import { readWranglerConfig } from '../../src/cli/check/wrangler-config.ts';
import { main } from '../../src/cli/init/main.ts';
import { callCommand, type CommandRun } from './run-command.ts';
import { folderWith } from './wrangler-toml.ts';

const toml = `# the shop
name = "shop" # its name
main = "index.ts"
compatibility_date = "2026-11-17"

[vars]
GREETING = "hello"   # a variable of its own
TEXT = """
[observability]
"""
SUPPORT_URL = "mailto:help@shop.example"

[[kv_namespaces]]
binding = "KV"
id = "1"

[env.staging]
routes = [{ pattern = "staging.shop.example/*", zone_name = "shop.example" }]
[env.staging.vars]
GREETING = "hi" # there
`;

const jsonc = `{
	// the shop
	"name": "shop", /* its name */
	"main": "index.ts",
	"compatibility_date": "2026-11-17",
	"observability": { "enabled": true },
	"vars": { "GREETING": "hello", }, // a variable of its own
	"env": { "staging": { "routes": ["staging.shop.example/*"] } },
}
`;

const json = '{\n  "name": "shop",\n  "main": "index.ts",\n  "compatibility_date": "2026-11-17"\n}\n';

const inline = `name = "shop"\r\nvars = { GREETING = "hello" }\r\nobservability.enabled = true\r\n`;

const files = [
  ['wrangler.toml', toml],
  ['wrangler.jsonc', jsonc],
  ['wrangler.json', json],
  ['inline.toml', inline],
  ['empty.toml', ''],
] as const;

/** Calls init in a new folder. `text` is the content of the file afterwards. */
async function init(
  [name, before]: readonly [string, string],
  args: readonly string[] = [],
  answer?: string,
): Promise<CommandRun & { readonly path: string; readonly text: string }> {
  const path = join(await folderWith({ [name]: before }), name);
  const run = await callCommand(main, ['--config', path, ...args], {}, answer);
  return { ...run, path, text: await readFile(path, 'utf8') };
}

describe('init', () => {
  it.each(files)('%s: what check asks for is there afterwards', async (...file) => {
    const { exitCode, stdout, stderr, path, text } = await init(file, ['--yes']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^✓ \S+ is written\. Next:\n  npx edge-error-interceptor check$/m);
    for (const name of [
      'SITE_NAME',
      'SUPPORT_URL',
      'ERROR_STATUS',
      'CORS_ORIGINS',
      'LOG_ORIGIN_BODY_BYTES',
    ]) {
      expect(text).toContain(name);
    }
    for (const name of ['ORIGIN_URL', 'ORIGIN_TIMEOUT_MS', 'DRILL_TOKEN']) expect(text).not.toContain(name);
    const checked = await callCommand(check, ['--config', path, '--application']);
    expect(checked.stderr.split('\n').filter((line) => line.startsWith('✗'))).toEqual([]);
    expect(checked.exitCode).toBe(0);
  });

  it.each(files)('%s: failures become issues, so that an alert can tell of them', async (...file) => {
    const { path } = await init(file, ['--yes']);
    const environments = await readWranglerConfig(path, true);
    const issues = { enabled: true };
    for (const { observability } of environments) expect(observability).toMatchObject({ issues });
  });

  it.each(files)('%s: every line that was there still is, in its order', async (...file) => {
    const { text } = await init(file, ['--yes']);
    const [, before] = file;
    let from = 0;
    for (const part of before.split(/[\s{}[\],]+/).filter(Boolean)) {
      from = text.indexOf(part, from);
      expect(from, part).toBeGreaterThanOrEqual(0);
      from += part.length;
    }
    if (before.includes('\r\n')) expect(text).not.toMatch(/[^\r]\n/);
  });

  it.each(files)('%s: asked again, it lacks nothing', async (...file) => {
    const { text } = await init(file, ['--yes']);
    const again = await init([file[0], text]);
    expect(again.stdout).toBe(`✓ ${file[0]} lacks nothing.\n`);
    expect(again.text).toBe(text);
    expect(again.exitCode).toBe(0);
  });

  it('gives an environment the values of the top level, and its own observability what it lacks', async () => {
    const own = toml.replace(
      '[env.staging.vars]',
      '[env.staging.observability]\nenabled = true\n[env.staging.vars]',
    );
    const { text } = await init(['wrangler.toml', own], ['--yes']);
    const staging = text.slice(text.indexOf('[env.staging]'));
    expect(staging).toContain('SUPPORT_URL = "mailto:help@shop.example"');
    expect(staging).toContain('SITE_NAME = ""');
    expect(staging).toContain('head_sampling_rate = 1');
    expect(text).not.toContain('SUPPORT_URL = ""');
  });

  it('shows the change first, and writes it after a yes', async () => {
    const { exitCode, stdout, text } = await init(['wrangler.toml', toml], [], 'yes');
    expect(stdout).toMatch(/^wrangler\.toml would become:\n/);
    expect(stdout).toMatch(/^\+ERROR_STATUS = "500"$/m);
    expect(stdout).toMatch(/^\+binding = "CF_VERSION_METADATA"$/m);
    expect(stdout).not.toMatch(/^-/m);
    expect(stdout).toContain('Write wrangler.toml? Type yes: ✓');
    expect(text).toContain('ERROR_STATUS = "500"');
    expect(exitCode).toBe(0);
  });

  it.each([['no'], [undefined]])('writes nothing when the answer is %s', async (answer) => {
    const { exitCode, stdout, stderr, text } = await init(['wrangler.toml', toml], [], answer);
    expect(stdout).toContain('+ERROR_STATUS');
    expect(stderr).toMatch(
      /^Nothing was written\. To write it:\n  npx edge-error-interceptor init .*--yes\n$/,
    );
    expect(text).toBe(toml);
    expect(exitCode).toBe(1);
  });

  it('leaves a value that is there, even one that check refuses', async () => {
    const { text } = await init(['wrangler.toml', 'observability = { enabled = false }\n'], ['--yes']);
    expect(text).toContain('enabled = false');
  });

  it.each([
    ['wrangler.toml', '[vars\n'],
    ['wrangler.json', '{ "name": }'],
    ['wrangler.jsonc', '[1'],
    ['wrangler.jsonc', '3'],
    ['wrangler.yaml', 'name: x'],
  ])('%s with %j: says what is wrong, and writes nothing', async (...file) => {
    const { exitCode, stdout, stderr, text } = await init(file, ['--yes']);
    expect(stderr).toMatch(/^✗ \S+: .+\n$/s);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ exitCode, stdout, text }).toEqual({ exitCode: 1, stdout: '', text: file[1] });
  });

  it.each([[['--confg', 'x']], [['x']]])('%j is malformed', async (args) => {
    const { exitCode, stderr } = await callCommand(main, args);
    expect(stderr).toContain('All options:\n  npx edge-error-interceptor init --help');
    expect(exitCode).toBe(2);
  });
});
