/** Reads wrangler.toml as wrangler does: the configuration that each environment would be deployed with. */
import { property, textProperty } from '../../untrusted.ts';
import { installWrangler } from '../terminal.ts';

/** The top level of wrangler.toml or one of its environments, with what it inherits. */
export interface EnvironmentConfig {
  /** The name of the environment. Empty for the top level. */
  readonly environment: string;
  readonly name: string;
  readonly vars: Readonly<Record<string, unknown>>;
  /** The Worker that is bound as ORIGIN. */
  readonly origin: string | undefined;
  /** True if there is a `version_metadata` binding. */
  readonly versionMetadata: boolean;
  readonly routes: readonly Route[];
  readonly workersDev: boolean;
  readonly compatibilityFlags: readonly unknown[];
  readonly observability: unknown;
  /** The table `cache`. Each of the `exports` may have one too. */
  readonly cache: unknown;
  readonly entrypoints: unknown;
  /** The tables as they stand in the file, without those of other environments. */
  readonly written: unknown;
}

/** A route or, with `customDomain`, a host that belongs to the Worker alone. */
export interface Route {
  readonly pattern: string;
  readonly zoneName: string | undefined;
  readonly zoneId: string | undefined;
  readonly customDomain: boolean;
}

/**
 * Reads every environment of a wrangler.toml (or .json, .jsonc), the top level first.
 * @param hideWarnings false to let wrangler print its own warnings, such as unknown fields, to stderr
 * @throws Error if the file cannot be read, is malformed, or has values that wrangler does not deploy
 */
export async function readWranglerConfig(
  path: string,
  hideWarnings: boolean,
): Promise<readonly EnvironmentConfig[]> {
  // wrangler reads a folder or an unknown kind of file as an empty configuration.
  if (!/\.(?:toml|jsonc?)$/i.test(path)) throw new Error('is not a .toml, .json or .jsonc file');
  const { experimental_readRawConfig, unstable_readConfig } = await loadWrangler();
  const read = (environment: string): unknown =>
    unstable_readConfig({ config: path, env: environment }, { hideWarnings });
  const topLevel = read('');
  const names = list(property(topLevel, 'definedEnvironments')).map(String);
  const { env, ...written } = Object.fromEntries(
    entries(experimental_readRawConfig({ config: path }).rawConfig),
  );
  return [
    environmentConfig('', topLevel, written),
    ...names.map((name) => environmentConfig(name, read(name), property(env, name))),
  ];
}

/** Loads wrangler when it is needed: it is large. For the installed package, the application brings it. */
async function loadWrangler(): Promise<typeof import('wrangler')> {
  try {
    return await import('wrangler');
  } catch (error) {
    if (property(error, 'code') !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(`cannot be read without wrangler. To add it:\n  ${installWrangler()}`, { cause: error });
  }
}

function environmentConfig(environment: string, config: unknown, written: unknown): EnvironmentConfig {
  const routes = [property(config, 'route'), ...list(property(config, 'routes'))]
    .filter((route) => route !== undefined)
    .map(routeOf);
  const workersDev = property(config, 'workers_dev');
  const isOrigin = (service: unknown): boolean => property(service, 'binding') === 'ORIGIN';
  const origin = list(property(config, 'services')).find(isOrigin);
  return {
    environment,
    name: textProperty(config, 'name'),
    vars: Object.fromEntries(entries(property(config, 'vars'))),
    origin: origin === undefined ? undefined : textProperty(origin, 'service'),
    versionMetadata: property(config, 'version_metadata') !== undefined,
    routes,
    // https://developers.cloudflare.com/workers/wrangler/configuration/#inheritable-keys
    workersDev: typeof workersDev === 'boolean' ? workersDev : routes.length === 0,
    compatibilityFlags: list(property(config, 'compatibility_flags')),
    observability: property(config, 'observability'),
    cache: property(config, 'cache'),
    entrypoints: property(config, 'exports'),
    written,
  };
}

function routeOf(route: unknown): Route {
  return {
    pattern: typeof route === 'string' ? route : textProperty(route, 'pattern'),
    zoneName: textProperty(route, 'zone_name') || undefined,
    zoneId: textProperty(route, 'zone_id') || undefined,
    customDomain: property(route, 'custom_domain') === true,
  };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The keys and values of a table, or none for any other value. */
export function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
