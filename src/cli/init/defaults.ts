/** Fills in what a Worker's configuration lacks: its logs, its version and its settings. */
import { settingsTable } from '../../settings.ts';
import { property } from '../../untrusted.ts';
import type { Table } from '../check/wrangler-config.ts';

/** True for a table. A list or a date is none. */
export function isTable(value: unknown): value is Table {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** Environments inherit it: https://developers.cloudflare.com/workers/wrangler/configuration/#inheritable-keys */
const observability: Table = {
  enabled: true,
  head_sampling_rate: 1,
  redact_query_string: true,
  logs: { enabled: true, invocation_logs: false },
  // Tells of failures that recur: https://developers.cloudflare.com/workers/observability/issues/
  issues: { enabled: true },
};

/** The settings of a wrapped application, which asks no origin. An unset default is an empty text. */
const vars: Table = Object.fromEntries(
  Object.entries(settingsTable)
    .filter(([, { about, isSecret }]) => about !== 'origin' && isSecret !== true)
    .map(([name, { fallback }]) => [
      name,
      /^(?:string|number|boolean)$/.test(typeof fallback) ? fallback : '',
    ]),
);

/**
 * The configuration with all that request IDs and settings need. Present values stay as they are, even bad ones.
 * Environments inherit neither variables nor bindings, so they get those of the top level.
 */
export function withDefaults(config: Table): Table {
  const topLevel = filled(config, {
    observability,
    vars,
    version_metadata: { binding: 'CF_VERSION_METADATA' },
  });
  const { env } = config;
  if (!isTable(env)) return topLevel;
  const values = Object.keys(vars).map((name) => [name, property(topLevel['vars'], name)]);
  const inherited = { vars: Object.fromEntries(values), version_metadata: topLevel['version_metadata'] };
  const environments = Object.entries(env).map(([name, own]) => {
    // An environment with its own table inherits nothing from the table of the top level.
    const logs = property(own, 'observability') === undefined ? {} : { observability };
    return [name, isTable(own) ? filled(own, { ...inherited, ...logs }) : own];
  });
  return { ...topLevel, env: Object.fromEntries(environments) };
}

/** The table with the defaults that it lacks. */
function filled(own: Table, defaults: Table): Table {
  const values = Object.entries(defaults).map(([name, value]) => {
    const inner = own[name];
    return [
      name,
      isTable(inner) && isTable(value) ? filled(inner, value) : inner === undefined ? value : inner,
    ];
  });
  return { ...own, ...Object.fromEntries(values) };
}
