/** What a Worker's configuration lacks for request IDs to lead somewhere, and for its settings to be seen. */
import { settingsTable } from '../../settings.ts';
import { property } from '../../untrusted.ts';

/** A value, and the names of the tables that lead to it. */
export interface Addition {
  readonly path: readonly string[];
  readonly value: unknown;
}

// The application answers for itself, so these have no effect; see with-error-pages.ts.
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
 * What to add to a configuration; what is there is left as it is, whatever its value. Environments get the values
 * of the top level, where it has some.
 * @param config a configuration as wrangler's file holds it
 */
export function missingFrom(config: unknown): Addition[] {
  const environments = property(config, 'env');
  const names = typeof environments === 'object' && environments !== null ? Object.keys(environments) : [];
  const inEnvironments = names.flatMap((name) => [
    // An environment with a table of its own inherits nothing of the other.
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

/** Whether there is a value; or on the way to it something that is no table, which only its owner can change. */
function has(config: unknown, [name = '', ...rest]: readonly string[]): boolean {
  if (typeof config !== 'object' || config === null) return true;
  if (!Object.hasOwn(config, name)) return false;
  return rest.length === 0 || has(property(config, name), rest);
}

/** A default as a variable: unset is an empty text. */
function written(fallback: unknown): string | number | boolean {
  return typeof fallback === 'string' || typeof fallback === 'number' || typeof fallback === 'boolean'
    ? fallback
    : '';
}
