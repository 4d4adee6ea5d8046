/** Finds problems in a wrangler.toml before you deploy it. Each rule yields the problems of one kind. */
import { parseSettings } from '../../read-settings.ts';
import { settingNames, settingsTable } from '../../settings.ts';
import { property, textProperty } from '../../untrusted.ts';
import { printable } from '../printable.ts';
import { didYouMean, suggestMailto } from './did-you-mean.ts';
import * as routes from './route-problems.ts';
import type { EnvironmentConfig } from './wrangler-config.ts';

/** The kind of a Worker: in front of a site, or the site itself, with `withErrorPages` around it. */
export type Kind = 'interceptor' | 'application';

type Rule = routes.Rule;

/** The settings that are secrets. Their values are never printed. */
const SECRETS: readonly string[] = Object.entries(settingsTable)
  .filter(([, { isSecret }]) => isSecret === true)
  .map(([name]) => name);

/** A bad value, a secret that everyone could read, or a name close to that of a setting. Other names are your own. */
const variables: Rule = function* ({ environment, vars }) {
  for (const { name, problem, allowed } of parseSettings(vars).problems) {
    if (SECRETS.includes(name)) continue;
    // Most people type their mail address for the link to support.
    const suggestion = name === 'SUPPORT_URL' ? suggestMailto(textProperty(vars, name).trim()) : '';
    yield [`${name} ${problem}${suggestion}`, allowed];
  }
  for (const name of Object.keys(vars)) {
    if (SECRETS.includes(name))
      yield [
        `${name} stands in vars, where everyone can read it, but is a secret`,
        secretCommand(name, environment),
      ];
    const meant = ['ORIGIN', ...settingNames].includes(name) ? undefined : didYouMean(name, settingNames);
    if (meant !== undefined)
      yield [
        `${name} is not a setting; did you mean ${meant}?`,
        `${settingNames.join(', ')}; and names of your own that are less like them`,
      ];
  }
};

function secretCommand(name: string, environment: string): string {
  return `npx wrangler secret put ${name}${environment === '' ? '' : ` --env ${environment}`}`;
}

/**
 * The keys of wrangler that a Worker in front of a site needs. wrangler knows them only at the top level of a
 * configuration or an environment. In TOML, each key behind a table's name belongs to that table.
 */
const WRANGLERS_KEYS: readonly string[] = [
  'routes',
  'route',
  'workers_dev',
  'preview_urls',
  'compatibility_date',
  'compatibility_flags',
  'services',
  'version_metadata',
];

/** A setting outside of `vars`, or a key of wrangler inside a table. */
const misplaced: Rule = function* ({ environment, written }) {
  const section = environment === '' ? [] : ['env', environment];
  for (const [name, path, isInList] of keysIn(written)) {
    const table = path.join('.');
    const isSetting = settingNames.includes(name) && table !== 'vars';
    // A variable may have any name. It is wrangler's misplaced key only if that key is missing.
    const isWranglers =
      table !== '' && WRANGLERS_KEYS.includes(name) && property(written, name) === undefined;
    const place = heading([...section, ...path]);
    const fault = `${name} stands in ${isInList ? `[${place}]` : place}, where it has no effect`;
    if (isWranglers) yield [fault, `in ${heading(section)}, before the tables that follow`];
    else if (isSetting && SECRETS.includes(name)) yield [fault, secretCommand(name, environment)];
    else if (isSetting) yield [fault, `under ${heading([...section, 'vars'])}`];
  }
};

/** The heading of a table in TOML. */
function heading(path: readonly string[]): string {
  return path.length === 0 ? 'the top level' : `[${path.join('.')}]`;
}

/** Every key, with the names of the tables that lead to it. */
function* keysIn(
  table: unknown,
  path: readonly string[] = [],
  isInList = false,
): Iterable<readonly [name: string, path: readonly string[], isInList: boolean]> {
  if (typeof table !== 'object' || table === null) return;
  for (const [name, value] of Object.entries(table)) {
    yield [name, path, isInList];
    const isList = Array.isArray(value);
    for (const inner of isList ? value : [value]) yield* keysIn(inner, [...path, name], isList);
  }
}

/** https://developers.cloudflare.com/workers/wrangler/environments/#non-inheritable-keys-and-environments */
const notInherited: Rule = function* (config, [topLevel = config]) {
  if (config === topLevel) return;
  const section = `env.${config.environment}`;
  const reason = 'which the top level has: environments inherit no variables and no bindings';
  const missing = settingNames
    .filter((name) => Object.hasOwn(topLevel.vars, name) && !Object.hasOwn(config.vars, name))
    .filter((name) => !SECRETS.includes(name));
  if (missing.length > 0)
    yield [`vars lacks ${missing.join(', ')}, ${reason}`, `the same names under [${section}.vars]`];
  if (topLevel.version_metadata && !config.version_metadata)
    yield [
      `version_metadata is missing, ${reason}`,
      `[${section}.version_metadata] with binding = "CF_VERSION_METADATA"`,
    ];
  if (routes.originOf(topLevel) !== undefined && !routes.hasOrigin(config))
    yield [
      `ORIGIN is missing, ${reason}`,
      `a [[${section}.services]] entry with binding = "ORIGIN", or ORIGIN_URL`,
    ];
};

/**
 * The values of `observability` that keep every record. Only the first is not the default.
 * https://developers.cloudflare.com/workers/observability/logs/workers-logs/
 */
const KEEPS_RECORDS = {
  enabled: true,
  'logs.enabled': true,
  'logs.persist': true,
  head_sampling_rate: 1,
  'logs.head_sampling_rate': 1,
};

const lostRecords: Rule = function* ({ observability }) {
  for (const [path, wanted] of Object.entries(KEEPS_RECORDS)) {
    const value = path.split('.').reduce(property, observability);
    if (value === wanted || (value === undefined && path !== 'enabled')) continue;
    const fault = `observability.${path} is ${String(value ?? 'not set')}`;
    yield [`${fault}: records would be lost, and request IDs would lead nowhere`, String(wanted)];
  }
};

/** https://developers.cloudflare.com/workers/configuration/compatibility-flags/#global-fetch-strictly-public */
const publicFetch: Rule = function* ({ compatibility_flags }) {
  if (compatibility_flags.includes('global_fetch_strictly_public'))
    yield [
      'compatibility_flags has global_fetch_strictly_public: on a route the Worker would ask itself, not the origin',
      'the flags without it',
    ];
};

/**
 * Workers Cache stands in front of the Worker and knows an answer by path and query alone, without host and cookies.
 * https://developers.cloudflare.com/workers/cache/
 */
const sharedCache: Rule = function* ({ cache, exports = {} }) {
  const all = Object.entries(exports).map(([name, one]) => [`exports.${name}.cache`, property(one, 'cache')]);
  for (const [name, options] of [['cache', cache], ...all]) {
    if (property(options, 'enabled') !== true) continue;
    yield [
      `${String(name)}.enabled is true: one visitor's page would be shown to others, and one host's on another`,
      'false, or no [cache]; the site behind the Worker is cached by its own rules as before',
    ];
  }
};

/** A time limit that was probably written in seconds, not in milliseconds. */
const shortTimeout: Rule = function* ({ vars }) {
  const { ORIGIN_TIMEOUT_MS: ms } = parseSettings(vars).settings;
  if (ms > 0 && ms < 1000)
    yield [
      `ORIGIN_TIMEOUT_MS is ${ms} milliseconds: most answers take longer, and would become error pages`,
      `${ms} if you mean it; ${ms * 1000} for ${ms} seconds, where you meant those`,
    ];
};

/** Statuses that no visitor gets: Cloudflare always replaces a Worker's 502 and 504 by its own page. */
const lostStatuses: Rule = function* ({ vars }) {
  if (parseSettings(vars).settings.ERROR_STATUS === 'origin')
    yield [
      'ERROR_STATUS is origin, which cannot keep every status: 502, 504, 520 to 530, no answer and a timeout become 503, since Cloudflare replaces a 502 or 504 of a Worker by a page of its own',
      'origin, if that will do; or 500',
    ];
};

/**
 * The rules for every Worker, and those for one in front of a site. Problems make error pages wrong, or let request
 * IDs lead nowhere. Warnings are of things that may be meant, but seldom are.
 */
const RULES = {
  all: {
    problems: [variables, misplaced, notInherited, routes.loose, routes.shared, lostRecords],
    warnings: [routes.narrow, lostStatuses],
  },
  interceptor: {
    problems: [routes.asksItself, publicFetch, sharedCache],
    warnings: [routes.unreachable, routes.oneOriginForAll, shortTimeout],
  },
} as const;

/**
 * Examines all environments. Do not deploy a configuration with a problem.
 * @returns sentences for the operator: the environment, the fault, and what is allowed
 */
export function examineConfig(
  all: readonly EnvironmentConfig[],
  kind: Kind,
): Readonly<Record<'problems' | 'warnings', readonly string[]>> {
  const apply = (which: 'problems' | 'warnings'): string[] => {
    const rules = [...RULES.all[which], ...(kind === 'interceptor' ? RULES.interceptor[which] : [])];
    return all.flatMap((config) =>
      rules.flatMap((rule) => [...rule(config, all)]).map((found) => sentence(config, found)),
    );
  };
  return { problems: apply('problems'), warnings: apply('warnings') };
}

function sentence({ environment }: EnvironmentConfig, [problem, allowed]: routes.Finding): string {
  const end = problem.endsWith('?') ? '' : '.';
  return printable(`${environmentName(environment)}: ${problem}${end} Allowed: ${allowed}.`);
}

/** The name of an environment for people. The empty name is the top level. */
export function environmentName(environment: string): string {
  return environment === '' ? 'top level' : `env.${environment}`;
}
