/** Rules for where a Worker sits and whom it asks. */
import { domainToASCII } from 'node:url';
import { parseSettings } from '../../settings.ts';
import type { Rule } from './finding.ts';
import type { EnvironmentConfig, Route } from './wrangler-config.ts';

/** Requests that would come back to the Worker, again and again. */
export const asksItself: Rule = (config) => {
  const { name, routes, services, vars, workersDev } = config;
  const url = originUrlOf(config);
  const own = routes.find((route) => url !== undefined && covers(route, new URL(url)));
  const itself = services.find((service) => isOrigin(service) && service.service === name);
  return [
    ...(own !== undefined && !services.some(isOrigin)
      ? [
          {
            name: 'ORIGIN_URL',
            problem: `is ${JSON.stringify(vars['ORIGIN_URL'])}, which is the Worker's own route ${own.pattern}: it would ask itself`,
            allowed: 'another host; or, on a route, empty: then the site behind the route is asked',
          },
        ]
      : []),
    ...(itself === undefined
      ? []
      : [{ name: 'ORIGIN', problem: 'is this Worker: it would ask itself', allowed: 'another Worker' }]),
    ...(hasOrigin(config) ? [] : routes.filter((route) => route.customDomain)).map(({ pattern }) => ({
      name: 'routes',
      problem: `has the custom domain ${pattern}, which has no site behind it: the Worker would ask itself`,
      allowed: `a route, { pattern = "${pattern}/*", zone_name = "…" }; or ORIGIN_URL or ORIGIN with the custom domain`,
    })),
    ...(workersDev && !hasOrigin(config)
      ? [
          {
            name: 'workers_dev',
            problem:
              'is true, but there is no site behind a workers.dev address: the Worker would ask itself',
            allowed: 'workers_dev = false; or ORIGIN_URL or ORIGIN',
          },
        ]
      : []),
  ];
};

/** Patterns that take in strangers: https://developers.cloudflare.com/workers/configuration/routing/routes/#matching-behavior */
export const looseRoutes: Rule = ({ routes }) =>
  routes.flatMap(({ pattern }) => {
    const [, scheme = '', domain, path = ''] = /^(https?:\/\/)?\*([^*./-][^/]*)(\/.*)?$/i.exec(pattern) ?? [];
    if (domain === undefined) return [];
    return [
      {
        name: 'routes',
        problem: `has the pattern ${pattern}, which matches not${domain} too`,
        allowed: `two routes, ${scheme}*.${domain}${path} and ${scheme}${domain}${path}`,
      },
    ];
  });

/** A route leads to one Worker. Environments inherit routes, and deploying one would take the other's. */
export const sharedRoutes: Rule = (config, all) =>
  config.routes.flatMap(({ pattern }) => {
    const earlier = all.slice(0, all.indexOf(config));
    const holder = earlier.find(({ routes }) => routes.some((route) => route.pattern === pattern));
    if (holder === undefined) return [];
    const where = holder.environment === '' ? 'the top level' : holder.environment;
    return [
      {
        name: 'routes',
        problem: `has the pattern ${pattern}, which is a route of ${where} too (routes are inherited)`,
        allowed: 'routes of its own in each environment, or routes = []',
      },
    ];
  });

/** A Worker that no request reaches. */
export const unreachable: Rule = ({ routes, workersDev }) =>
  routes.length === 0 && !workersDev
    ? [
        {
          name: 'routes',
          problem: 'is not set and workers_dev is false: no request would reach the Worker',
          allowed: 'routes = [{ pattern = "shop.example/*", zone_name = "shop.example" }]',
        },
      ]
    : [];

/** A pattern without a `*` at its end matches one URL only. */
export const narrowRoutes: Rule = ({ routes }) =>
  routes
    .filter(({ pattern, customDomain }) => !customDomain && !pattern.endsWith('*'))
    .map(({ pattern }) => ({
      name: 'routes',
      problem: `has the pattern ${pattern}, which matches that one URL only`,
      allowed: `${pattern.replace(/\/$/, '')}/* for all below it`,
    }));

/** Whether a service binding is that of the origin. */
export function isOrigin({ binding }: { readonly binding: string }): boolean {
  return binding === 'ORIGIN';
}

/** Whether there is an origin other than the site behind the route. */
export function hasOrigin(config: EnvironmentConfig): boolean {
  return config.services.some(isOrigin) || originUrlOf(config) !== undefined;
}

function originUrlOf({ vars }: EnvironmentConfig): string | undefined {
  return parseSettings(vars).settings.ORIGIN_URL;
}

/** Whether requests to an origin come to this route. */
function covers({ pattern, zoneName }: Route, { protocol, hostname: host }: URL): boolean {
  const [, scheme, text = ''] = /^(?:(https?:)\/\/)?([^/]*)/i.exec(pattern) ?? [];
  if (scheme !== undefined && scheme.toLowerCase() !== protocol) return false;
  const routed = domainToASCII(text) || text;
  if (routed === '*') return zoneName !== undefined && `.${host}`.endsWith(`.${zoneName.toLowerCase()}`);
  const parts = routed.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(host);
}
