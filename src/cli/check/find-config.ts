/** Finds the configuration file of a folder. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { CommandFailure, UsageError } from '../command.ts';
import { printableError } from '../printable.ts';

const NAMES = ['wrangler.toml', 'wrangler.jsonc', 'wrangler.json'];

/** The configuration files of a folder, by their absolute paths. */
export function configsIn(folder: string): readonly string[] {
  return NAMES.map((name) => resolve(folder, name)).filter((file) => existsSync(file));
}

/** The help of the option that names another configuration file. */
export const CONFIG_OPTION = new Option(
  '-c, --config <FILE>',
  'another wrangler.toml, .json or .jsonc than the one in this folder',
);

/**
 * The configuration file of this folder.
 * @returns its absolute path
 * @throws UsageError if there is none, or several: wrangler's commands would not all take the same
 */
export function findConfig(): string {
  const folder = resolve();
  const [path, ...more] = configsIn(folder);
  if (path === undefined) {
    const [other] = programs(folder);
    throw new UsageError(
      other === undefined
        ? `There is no ${NAMES.join(', ')} in ${folder}: give --config FILE.`
        : `${other} is a program, which cannot be read here: give --config FILE, a wrangler.toml, .json or .jsonc.`,
    );
  }
  if (more.length === 0) return path;
  const names = [path, ...more].map((file) => basename(file)).join(' and ');
  throw new UsageError(`${folder} has ${names}: remove what is not used, or give --config FILE.`);
}

/**
 * Calls a function that reads a configuration file.
 * @throws CommandFailure that names the file
 */
export async function readConfig<Config>(path: string, read: () => Promise<Config>): Promise<Config> {
  try {
    // wrangler reads a folder or an unknown kind of file as an empty configuration.
    if (!/\.(?:toml|jsonc?)$/i.test(path)) throw new Error('is not a .toml, .json or .jsonc file');
    return await read();
  } catch (error) {
    throw new CommandFailure(`${path}: ${printableError(error)}`, { cause: error });
  }
}

/** The configurations of `cf` in a folder, which are programs: `cloudflare.config.ts`. */
export function programs(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => /^(?:cloudflare|wrangler)\.config\.[cm]?[jt]s$/.test(name));
}
