/** Finds problems in a wrangler.toml before you deploy it. Each rule is a function from configuration to problems. */
import { parseSettings } from '../../read-settings.ts';
import { settingNames, settingsTable } from '../../settings.ts';
import { property, textProperty } from '../../untrusted.ts';
import { suggestMailto } from '../mail-address.ts';
import { didYouMean } from './did-you-mean.ts';
import type { ConfigProblem, Finding, Rule } from './finding.ts';
import {
  asksItself,
  foreignHosts,
  hasOrigin,
  homelessRoutes,
  isOrigin,
  looseRoutes,
  narrowRoutes,
  oneOriginForAll,
  sharedRoutes,
  unreachable,
} from './route-problems.ts';
import { entries, type EnvironmentConfig } from './wrangler-config.ts';

/** The settings that are secrets. Their values are never printed. */
const SECRETS: readonly string[] = Object.entries(settingsTable)
  .filter(([, { isSecret }]) => isSecret === true)
  .map(([name]) => name);

function apply(all: readonly EnvironmentConfig[], rules: readonly Rule[]): ConfigProblem[] {
  return all.flatMap((config) =>
    rules
      .flatMap((rule) => rule(config, all))
      .map((finding) => ({ environment: config.environment, ...finding })),
  );
}

const badSettings: Rule = ({ vars }) =>
  parseSettings(vars)
    .problems.filter(({ name }) => !SECRETS.includes(name))
    .map(({ name, problem, allowed }) => ({ name, problem: problem + suggestion(name, vars), allowed }));

/** Suggests a link if a mail address was typed in its place, as most people do for the link to support. */
function suggestion(name: string, vars: EnvironmentConfig['vars']): string {
  return name === 'SUPPORT_URL' ? suggestMailto(textProperty(vars, name).trim()) : '';
}

/** A variable with a name close to that of a setting. Other unknown variables are the operator's own. */
const mistypedVariables: Rule = ({ vars }) => {
  return Object.keys(vars)
    .filter((name) => name !== 'ORIGIN' && !settingNames.includes(name))
    .flatMap((name) => {
      const meant = didYouMean(name, settingNames);
      if (meant === undefined) return [];
      const allowed = `${settingNames.join(', ')}; and names of your own that are less like them`;
      return [{ name, problem: `is not a setting; did you mean ${meant}?`, allowed }];
    });
};

/** A secret in a variable. Everyone can read variables in wrangler.toml and in the dashboard. */
const secretsInVariables: Rule = ({ environment, vars }) =>
  SECRETS.filter((name) => Object.hasOwn(vars, name)).map((name) => ({
    name,
    problem: 'stands in vars, where everyone can read it, but is a secret',
    allowed: secretCommand(name, environment),
  }));

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
const misplaced: Rule = ({ environment, written }) => {
  const section = environment === '' ? '' : `env.${environment}`;
  const top = section === '' ? 'the top level' : `[${section}]`;
  return entries(written).flatMap((entry) => found(entry, '', top));

  function found([name, value]: readonly [string, unknown], table: string, place: string): Finding[] {
    const isSetting = settingNames.includes(name) && table !== 'vars';
    // A variable may have any name. It is wrangler's misplaced key only if that key is missing.
    const isWranglers =
      table !== '' && WRANGLERS_KEYS.includes(name) && property(written, name) === undefined;
    if (isSetting || isWranglers) {
      return [
        {
          name,
          problem: `stands in ${place}, where it has no effect`,
          allowed: isWranglers
            ? `in ${top}, before the tables that follow`
            : SECRETS.includes(name)
              ? secretCommand(name, environment)
              : `under [${section === '' ? '' : `${section}.`}vars]`,
        },
      ];
    }
    const path = table === '' ? name : `${table}.${name}`;
    const full = section === '' ? path : `${section}.${path}`;
    return Array.isArray(value)
      ? value.flatMap((one) => entries(one).flatMap((inner) => found(inner, path, `[[${full}]]`)))
      : entries(value).flatMap((inner) => found(inner, path, `[${full}]`));
  }
};

function secretCommand(name: string, environment: string): string {
  return `npx wrangler secret put ${name}${environment === '' ? '' : ` --env ${environment}`}`;
}

/** https://developers.cloudflare.com/workers/wrangler/environments/#non-inheritable-keys-and-environments */
const notInherited: Rule = (config, [topLevel]) => {
  if (topLevel === undefined || config === topLevel) return [];
  const missing = settingNames.filter(
    (name) =>
      Object.hasOwn(topLevel.vars, name) && !Object.hasOwn(config.vars, name) && !SECRETS.includes(name),
  );
  const section = `env.${config.environment}`;
  const reason = 'which the top level has: environments inherit no variables and no bindings';
  return [
    ...(missing.length > 0
      ? [
          {
            name: 'vars',
            problem: `lacks ${missing.join(', ')}, ${reason}`,
            allowed: `the same names under [${section}.vars]`,
          },
        ]
      : []),
    ...(topLevel.versionMetadata && !config.versionMetadata
      ? [
          {
            name: 'version_metadata',
            problem: `is missing, ${reason}`,
            allowed: `[${section}.version_metadata] with binding = "CF_VERSION_METADATA"`,
          },
        ]
      : []),
    ...(topLevel.services.some(isOrigin) && !hasOrigin(config)
      ? [
          {
            name: 'ORIGIN',
            problem: `is missing, ${reason}`,
            allowed: `a [[${section}.services]] entry with binding = "ORIGIN", or ORIGIN_URL`,
          },
        ]
      : []),
  ];
};

/** https://developers.cloudflare.com/workers/observability/logs/workers-logs/ */
const lostRecords: Rule = ({ observability }) => {
  const logs = property(observability, 'logs');
  return [
    switchedOn('observability.enabled', property(observability, 'enabled'), false),
    switchedOn('observability.logs.enabled', property(logs, 'enabled'), true),
    switchedOn('observability.logs.persist', property(logs, 'persist'), true),
    unsampled('observability.head_sampling_rate', property(observability, 'head_sampling_rate')),
    unsampled('observability.logs.head_sampling_rate', property(logs, 'head_sampling_rate')),
  ].filter((finding) => finding !== undefined);
};

function switchedOn(name: string, value: unknown, byDefault: boolean): Finding | undefined {
  if (value === true || (value === undefined && byDefault)) return undefined;
  const problem = `is ${value === undefined ? 'not set' : String(value)}: no record would be stored, and request IDs would lead nowhere`;
  return { name, problem, allowed: 'true' };
}

function unsampled(name: string, rate: unknown): Finding | undefined {
  if (rate === undefined || rate === 1) return undefined;
  const problem = `is ${String(rate)}: records would be dropped, and their request IDs would lead nowhere`;
  return { name, problem, allowed: '1' };
}

/** https://developers.cloudflare.com/workers/configuration/compatibility-flags/#global-fetch-strictly-public */
const publicFetch: Rule = ({ compatibilityFlags }) =>
  compatibilityFlags.includes('global_fetch_strictly_public')
    ? [
        {
          name: 'compatibility_flags',
          problem: 'has global_fetch_strictly_public: on a route the Worker would ask itself, not the origin',
          allowed: 'the flags without it',
        },
      ]
    : [];

/**
 * Workers Cache stands in front of the Worker and knows an answer by path and query alone, without host and cookies.
 * https://developers.cloudflare.com/workers/cache/
 */
const sharedCache: Rule = ({ cache, entrypoints }) =>
  [
    ['cache.enabled', cache] as const,
    ...entries(entrypoints).map(
      ([name, one]) => [`exports.${name}.cache.enabled`, property(one, 'cache')] as const,
    ),
  ]
    .filter(([, options]) => property(options, 'enabled') === true)
    .map(([name]) => ({
      name,
      problem: "is true: one visitor's page would be shown to others, and one host's on another",
      allowed: 'false, or no [cache]; the site behind the Worker is cached by its own rules as before',
    }));

const SHORTEST_SENSIBLE_MS = 1000;

/** A timeout that was probably written in seconds, not in milliseconds. */
const shortTimeout: Rule = ({ vars }) => {
  const { ORIGIN_TIMEOUT_MS: ms } = parseSettings(vars).settings;
  if (ms === 0 || ms >= SHORTEST_SENSIBLE_MS) return [];
  return [
    {
      name: 'ORIGIN_TIMEOUT_MS',
      problem: `is ${ms} milliseconds: most answers take longer, and would become error pages`,
      allowed: `${ms} if you mean it; ${ms * 1000} for ${ms} seconds, where you meant those`,
    },
  ];
};

/** Statuses that no visitor gets: Cloudflare always replaces a Worker's 502 and 504 by its own page. */
const lostStatuses: Rule = ({ vars }) =>
  parseSettings(vars).settings.ERROR_STATUS === 'origin'
    ? [
        {
          name: 'ERROR_STATUS',
          problem:
            'is origin, which cannot keep every status: 502, 504, 520 to 530, no answer and a timeout become 503, since Cloudflare replaces a 502 or 504 of a Worker by a page of its own',
          allowed: 'origin, if that will do; or 500',
        },
      ]
    : [];

/** The kind of a Worker: in front of a site, or the site itself, with `withErrorPages` around it. */
export type Kind = 'interceptor' | 'application';

/** Problems of any Worker: its error pages would be wrong, or its request IDs would lead nowhere. */
const always: readonly Rule[] = [
  badSettings,
  mistypedVariables,
  secretsInVariables,
  misplaced,
  notInherited,
  looseRoutes,
  homelessRoutes,
  sharedRoutes,
  lostRecords,
];

/** Finds the problems of all environments. Do not deploy a configuration with a problem. */
export function configProblems(all: readonly EnvironmentConfig[], kind: Kind): ConfigProblem[] {
  return apply(all, kind === 'interceptor' ? [...always, asksItself, publicFetch, sharedCache] : always);
}

/** Finds things that an operator should know but may want, such as a Worker that no request reaches. */
export function configWarnings(all: readonly EnvironmentConfig[], kind: Kind): ConfigProblem[] {
  const rules = [narrowRoutes, foreignHosts, lostStatuses];
  return apply(all, kind === 'interceptor' ? [unreachable, ...rules, oneOriginForAll, shortTimeout] : rules);
}
