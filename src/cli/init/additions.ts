/** Finds the missing parts of a Worker's configuration: its logs, its version and its settings. */
import { settingsTable } from '../../settings.ts';
import { property } from '../../untrusted.ts';

/** A value, and the names of the tables that lead to it. */
export interface Addition {
  readonly path: readonly string[];
  readonly value: unknown;
}

// A wrapped application asks no origin, so these have no effect; see with-error-pages.ts.
const ABOUT_THE_ORIGIN = ['ORIGIN_URL', 'ORIGIN_TIMEOUT_MS'];

/** Environments inherit these: https://developers.cloudflare.com/workers/wrangler/configuration/#inheritable-keys */
const observability: readonly Addition[] = [
  { path: ['observability', 'enabled'], value: true },
  { path: ['observability', 'head_sampling_rate'], value: 1 },
  { path: ['observability', 'redact_query_string'], value: true },
  { path: ['observability', 'logs', 'enabled'], value: true },
  { path: ['observability', 'logs', 'invocation_logs'], value: false },
];

/** Environments do not inherit these. */
const variables: readonly Addition[] = [
  ...Object.entries(settingsTable).flatMap(([name, { fallback, isSecret }]) =>
    isSecret || ABOUT_THE_ORIGIN.includes(name) ? [] : [{ path: ['vars', name], value: written(fallback) }],
  ),
  { path: ['version_metadata', 'binding'], value: 'CF_VERSION_METADATA' },
];

/**
 * The values to add to a configuration. Present values stay unchanged. Environments get the values of the top level
 * if it has some.
 * @param config the parsed configuration file
 */
export function missingFrom(config: unknown): Addition[] {
  const environments = property(config, 'env');
  const names = typeof environments === 'object' && environments !== null ? Object.keys(environments) : [];
  const inEnvironments = names.flatMap((name) => [
    // An environment with its own table inherits nothing from the table of the top level.
    ...(has(config, ['env', name, 'observability']) ? inEnvironment(name, observability) : []),
    ...inEnvironment(
      name,
      variables.map(({ path, value }) => ({ path, value: path.reduce(property, config) ?? value })),
    ),
  ]);
  return [...observability, ...variables, ...inEnvironments].filter(({ path }) => !has(config, path));
}

function inEnvironment(name: string, additions: readonly Addition[]): Addition[] {
  return additions.map(({ path, value }) => ({ path: ['env', name, ...path], value }));
}

/** True if there is a value. Also true if a part of its path is no table: only the operator can change that. */
function has(config: unknown, [name = '', ...rest]: readonly string[]): boolean {
  if (typeof config !== 'object' || config === null) return true;
  if (!Object.hasOwn(config, name)) return false;
  return rest.length === 0 || has(property(config, name), rest);
}

/** The value of a variable for a default. An unset default is an empty text. */
function written(fallback: unknown): string | number | boolean {
  return typeof fallback === 'string' || typeof fallback === 'number' || typeof fallback === 'boolean'
    ? fallback
    : '';
}
