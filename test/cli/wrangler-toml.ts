/** The shipped wrangler.toml in a form that the owner's changes do not affect, changed for a test. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { repository } from './run-command.ts';

/** The shipped file. */
export const shipped = await readFile(join(repository, 'test/fixtures/wrangler.toml'), 'utf8');

/** The shipped file with one change. Fails if the change changes nothing. */
export function changed(from: string | RegExp, to: string): string {
  const toml = shipped.replace(from, to);
  expect(toml).not.toBe(shipped);
  return toml;
}

/** The file with its route and its staging environment uncommented, if they are comments. */
export function withStaging(toml = shipped): string {
  if (/^\[env\.staging\]$/m.test(toml)) return toml;
  const [head = '', staging] = toml.split(/^(?=# \[env\.staging\]$)/m);
  expect(staging).toBeDefined();
  return `${head.replace(/^# routes = /m, 'routes = ')}${(staging ?? '').replace(/^# ?/gm, '')}`;
}

/**
 * Writes files into a new folder, which is removed after the test. A wrangler.toml gets the
 * repository's entry module.
 * @returns the folder
 */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const entry = JSON.stringify(join(repository, 'src/index.ts'));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text.replace('"src/index.ts"', entry));
  }
  return folder;
}

/** Writes a wrangler.toml into a new folder, and returns its path. */
export async function tomlFile(toml: string): Promise<string> {
  return join(await folderWith({ 'wrangler.toml': toml }), 'wrangler.toml');
}
