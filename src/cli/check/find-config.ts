/** Which configuration file is meant. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const NAMES = ['wrangler.toml', 'wrangler.jsonc', 'wrangler.json'];

/** Whether a folder has a configuration file. */
export function hasConfig(folder: string): boolean {
  return NAMES.some((name) => existsSync(resolve(folder, name)));
}

/**
 * The configuration file of a folder.
 * @param folder an absolute path
 * @returns its absolute path
 * @throws Error where there is none, or more than one: wrangler's commands would not all take the same
 */
export function findConfig(folder: string): string {
  const [path, ...more] = NAMES.map((name) => resolve(folder, name)).filter((file) => existsSync(file));
  if (path === undefined)
    throw new Error(`There is no ${NAMES.join(', ')} in ${folder}: give --config FILE.`);
  if (more.length === 0) return path;
  const names = [path, ...more].map((file) => file.slice(folder.length + 1)).join(' and ');
  throw new Error(`${folder} has ${names}: remove what is not used, or give --config FILE.`);
}
