/** What npm takes of a command line is noticed, and the line to type instead is the one that was meant. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLine, npmKept, type Options } from '../../src/cli/npm-options.ts';

const options: Options = {
  'dry-run': { type: 'boolean' },
  env: { type: 'string', short: 'e' },
  config: { type: 'string', short: 'c' },
  'no-bundle': { type: 'boolean' },
  json: { type: 'boolean' },
  since: { type: 'string', looks: /^\d+h$/ },
  failing: { type: 'string', looks: /^\// },
  host: { type: 'string', looks: /\./ },
  type: { type: 'string', looks: /^\w+$/ },
  'trust-request-id': { type: 'string', looks: /^(?:true|false)$/ },
  minify: { type: 'boolean' },
};

/** What was typed behind `npm run x`, and the line that is meant. */
const lines = [
  ['--dryRun', '--dry-run'],
  ['--env=staging', '--env=staging'],
  ['--env staging', '--env staging'],
  ['-c other.toml', '--config=other.toml'],
  ['--no-bundle', '--no-bundle'],
  ['--no-minify', '--no-minify'],
  ['--env= --dry-run --since 1h', '--dry-run --env= --since 1h'],
  ['--json ID', '--json ID'],
  ['--failing /broken https://shop.example/', '--failing /broken https://shop.example/'],
  ['https://shop.example/ --failing /broken', '--failing /broken https://shop.example/'],
  ['--host shop.example --since 1h', '--since 1h --host shop.example'],
  ['--since 1h --type 503 --host shop.example', '--since 1h --host shop.example --type 503'],
  ['--host=a.example --host=b.example', '--host=a.example --host=b.example'],
  ['--trust-request-id true', '--trust-request-id=true'],
] as const;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'npm-'));
  const show = 'console.log(JSON.stringify([process.argv.slice(2), process.env]))';
  await writeFile(join(folder, 'show.mjs'), show);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { x: 'node show.mjs' } }));
});

afterAll(() => rm(folder, { recursive: true }));

/** What a script sees that the npm of this machine runs. */
function runByNpm(typed: string): { argv: string[]; env: Record<string, string> } {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const args = ['run', '--silent', 'x', ...typed.split(' ').filter(Boolean)];
  const { stdout, stderr } = spawnSync('npm', args, {
    cwd: folder,
    env: clean,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (!stdout.startsWith('[')) throw new Error(stderr);
  const [argv, env] = JSON.parse(stdout);
  return { argv, env };
}

describe('with the npm of this machine', () => {
  it.each(lines)('npm run x %s → npm run x -- %s', (typed, meant) => {
    const { argv, env } = runByNpm(typed);
    expect(npmKept(env, argv, options)?.split('\n').at(-1)).toBe(`  npm run x -- ${meant}`);
  });

  it.each(['-- --dry-run', 'ID'])('npm run x %s has lost nothing', (typed) => {
    const { argv, env } = runByNpm(typed);
    expect(npmKept(env, argv, options)).toBeUndefined();
  });
});

it('guesses no line where nobody can tell which word belongs to which option', () => {
  const env = { npm_lifecycle_event: 'lookup', npm_config_type: 'true', npm_config_env: 'true' };
  expect(npmKept(env, ['staging', 'TypeError'], options)).toBe(
    'npm kept --env and --type for itself (or an .npmrc holds it). ' +
      'Type all that comes behind the command again, behind a --:\n  npm run lookup -- …',
  );
});

it('names the options alone, and guesses no value that went elsewhere', () => {
  const kept = { npm_lifecycle_event: 'lookup', npm_config_host: 'true', npm_config_since: 'true' };
  expect(npmKept(kept, ['shop.example', '1h'], options)).toContain('npm kept --since and --host for itself');
  const lost = { npm_lifecycle_event: 'check:settings', npm_config_config: 'true' };
  expect(npmKept(lost, [], options)).toContain('\n  npm run check:settings -- …');
});

it('says which options were kept, and that they may come from a file', () => {
  const env = { npm_lifecycle_event: 'deploy', npm_config_dry_run: 'true', npm_config_env: 'staging' };
  expect(npmKept(env, [], options)).toBe(
    'npm kept --dry-run and --env for itself (or an .npmrc holds it). Type:\n' +
      '  npm run deploy -- --dry-run --env=staging',
  );
});

it('what npm did not start has lost nothing', () => {
  expect(npmKept({ npm_config_dry_run: 'true' }, [], options)).toBeUndefined();
});

it('npx keeps nothing, and what npm has been told for itself is none of ours', () => {
  expect(npmKept({ npm_lifecycle_event: 'npx', npm_config_since: '1h' }, [], options)).toBeUndefined();
  const env = { npm_lifecycle_event: 'x', npm_config_json: '', npm_config_dry_run: '' };
  expect(npmKept(env, [], options)).toBeUndefined();
});

it('what a shell would read is quoted', () => {
  const env = { npm_lifecycle_event: 'lookup', npm_config_json: 'true' };
  expect(npmKept(env, ["it's $(here)"], options)).toContain(
    String.raw`npm run lookup -- --json 'it'\''s $(here)'`,
  );
});

it('in a checkout a command is a script of npm', () => {
  expect(commandLine('lookup', ['--since', '1h'])).toBe('npm run lookup -- --since 1h');
  expect(commandLine('deploy', [])).toBe('npm run deploy');
  expect(commandLine('check', [])).toBe('npm run check');
  expect(commandLine('check', ['--help'])).toBe('npm run check:settings -- --help');
});
