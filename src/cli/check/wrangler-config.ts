/** Reads wrangler.toml as wrangler does: the configuration that each environment would be deployed with. */
import { loadWrangler } from '../wrangler.ts';
import { readConfig } from './find-config.ts';

/** A route or, with `custom_domain`, a host that belongs to the Worker alone. */
export interface Route {
  readonly pattern: string;
  readonly zone_name?: string | undefined;
  readonly zone_id?: string | undefined;
  readonly custom_domain?: boolean | undefined;
}

/** A table of a configuration: its values by name. */
export type Table = Readonly<Record<string, unknown>>;

/**
 * The top level of wrangler.toml or one of its environments, with what it inherits: the parts that the rules are about,
 * as wrangler has validated them.
 */
export interface EnvironmentConfig {
  /** The name of the environment. Empty for the top level. */
  readonly environment: string;
  /** The tables as they stand in the file, without those of other environments. */
  readonly written: Table;
  readonly name?: string | undefined;
  readonly vars: Table;
  readonly services?: readonly { readonly binding: string; readonly service: string }[] | undefined;
  readonly version_metadata?: unknown;
  readonly routes: readonly Route[];
  readonly workers_dev: boolean;
  readonly compatibility_flags: readonly string[];
  readonly observability?: unknown;
  readonly cache?: unknown;
  /** The entrypoints. Each may have a `cache`. */
  readonly exports?: Table | undefined;
}

/**
 * Reads every environment of a wrangler.toml (or .json, .jsonc), the top level first.
 * @param hideWarnings false to let wrangler print its own warnings, such as unknown fields, to stderr
 * @throws CommandFailure if the file cannot be read, is malformed, or has values that wrangler does not deploy
 */
export function readWranglerConfig(
  path: string,
  hideWarnings: boolean,
): Promise<readonly EnvironmentConfig[]> {
  return readConfig(path, async () => {
    const { experimental_readRawConfig, unstable_readConfig } = await loadWrangler();
    const raw: Table & { env?: Record<string, Table> } = experimental_readRawConfig({
      config: path,
    }).rawConfig;
    const { env = {}, ...topLevel } = raw;
    return Object.entries({ '': topLevel, ...env }).map(([environment, written]) => {
      const config = unstable_readConfig({ config: path, env: environment }, { hideWarnings });
      const all = [...(config.route === undefined ? [] : [config.route]), ...(config.routes ?? [])];
      const routes = all.map((route) => (typeof route === 'string' ? { pattern: route } : route));
      // https://developers.cloudflare.com/workers/wrangler/configuration/#inheritable-keys
      const { workers_dev = routes.length === 0 } = config;
      return { ...config, environment, routes, workers_dev, written };
    });
  });
}
