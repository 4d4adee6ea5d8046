/** Finds the configuration file of a folder. */
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { UsageError } from '../command.ts';

const NAMES = ['wrangler.toml', 'wrangler.jsonc', 'wrangler.json'];

/** True if a folder has a configuration file. */
export function hasConfig(folder: string): boolean {
  return NAMES.some((name) => existsSync(resolve(folder, name)));
}

/** The help of the option that names another configuration file. */
export const CONFIG_OPTION = new Option(
  '-c, --config <FILE>',
  'another wrangler.toml, .json or .jsonc than the one in this folder',
);

/**
 * The configuration file of a folder.
 * @returns its absolute path
 * @throws UsageError if there is none, or several: wrangler's commands would not all take the same
 */
export function findConfig(folder: string = resolve()): string {
  const [path, ...more] = NAMES.map((name) => resolve(folder, name)).filter((file) => existsSync(file));
  if (path === undefined) {
    const [other] = programs(folder);
    throw new UsageError(
      other === undefined
        ? `There is no ${NAMES.join(', ')} in ${folder}: give --config FILE.`
        : `${other} is a program, which cannot be read here: give --config FILE, a wrangler.toml, .json or .jsonc.`,
    );
  }
  if (more.length === 0) return path;
  const names = [path, ...more].map((file) => file.slice(folder.length + 1)).join(' and ');
  throw new UsageError(`${folder} has ${names}: remove what is not used, or give --config FILE.`);
}

/** The configurations of `cf` in a folder, which are programs: `cloudflare.config.ts`. */
export function programs(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => /^(?:cloudflare|wrangler)\.config\.[cm]?[jt]s$/.test(name));
}
