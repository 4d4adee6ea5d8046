/** Rules about the routes of a Worker and about its origin. */
import { domainToASCII } from 'node:url';
import { parseSettings } from '../../read-settings.ts';
import { readPattern, takesHost } from '../route-pattern.ts';
import type { Rule } from './finding.ts';
import type { EnvironmentConfig, Route } from './wrangler-config.ts';

/** An origin whose requests would come back to the Worker without end. */
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

/** Patterns that match foreign hosts: https://developers.cloudflare.com/workers/configuration/routing/routes/#matching-behavior */
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

/** A pattern for every host of a zone, with its customers' hosts (Cloudflare for SaaS). It does not name the zone. */
export const homelessRoutes: Rule = ({ routes }) =>
  routes
    .filter((route) => hostOf(route) === '*' && zoneOf(route) === undefined)
    .map(({ pattern }) => ({
      name: 'routes',
      problem: `has the pattern ${pattern} without its zone`,
      allowed: `{ pattern = "${pattern}", zone_name = "shop.example" }`,
    }));

/** The same route in two environments. A route leads to one Worker, so deploying one would take the other's route. */
export const sharedRoutes: Rule = (config, all) =>
  config.routes.flatMap((route) => {
    const earlier = all.slice(0, all.indexOf(config));
    const holder = earlier.find(({ routes }) => routes.some((other) => isSameRoute(other, route)));
    if (holder === undefined) return [];
    const where = holder.environment === '' ? 'the top level' : holder.environment;
    return [
      {
        name: 'routes',
        problem: `has the pattern ${route.pattern}, which is a route of ${where} too (routes are inherited)`,
        allowed: 'routes of its own in each environment, or routes = []',
      },
    ];
  });

/** A host outside of the zone of its route. That is right only for a customer's host (Cloudflare for SaaS). */
export const foreignHosts: Rule = ({ routes }) =>
  routes.flatMap((route) => {
    const { pattern, zoneName } = route;
    const host = hostOf(route).replace(/^\*\.?/, '');
    if (zoneName === undefined || host === '' || isWithin(host, zoneName)) return [];
    return [
      {
        name: 'routes',
        problem: `has the pattern ${pattern}, which is no host of its zone ${zoneName}`,
        allowed: 'the zone of that host; or as it is, where the host is a customer of that zone',
      },
    ];
  });

/** One origin for several sites, which is seldom meant. */
export const oneOriginForAll: Rule = (config) => {
  const zones = new Set(config.routes.map(zoneOf).filter((zone) => zone !== undefined));
  if (zones.size < 2 || originUrlOf(config) === undefined || config.services.some(isOrigin)) return [];
  return [
    {
      name: 'ORIGIN_URL',
      problem: `gets the requests of ${zones.size} zones, whichever site they are for`,
      allowed: 'empty: then the site behind each route is asked',
    },
  ];
};

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

/** A pattern without a `*` at its end. It matches only one URL. */
export const narrowRoutes: Rule = ({ routes }) =>
  routes
    .filter(({ pattern, customDomain }) => !customDomain && !pattern.endsWith('*'))
    .map(({ pattern }) => ({
      name: 'routes',
      problem: `has the pattern ${pattern}, which matches that one URL only`,
      allowed: `${pattern.replace(/\/$/, '')}/* for all below it`,
    }));

/** True if a service binding is that of the origin. */
export function isOrigin({ binding }: { readonly binding: string }): boolean {
  return binding === 'ORIGIN';
}

/** True if there is an origin other than the site behind the route. */
export function hasOrigin(config: EnvironmentConfig): boolean {
  return config.services.some(isOrigin) || originUrlOf(config) !== undefined;
}

function originUrlOf({ vars }: EnvironmentConfig): string | undefined {
  return parseSettings(vars).settings.ORIGIN_URL;
}

/** True if this route takes requests to an origin. */
function covers({ pattern, zoneName }: Route, url: URL): boolean {
  // A pattern for all hosts takes the hosts of its zone.
  const isInZone =
    readPattern(pattern).host !== '*' || (zoneName !== undefined && isWithin(url.hostname, zoneName));
  return isInZone && takesHost(pattern, url);
}

function hostOf({ pattern }: Route): string {
  return readPattern(pattern).host;
}

function zoneOf({ zoneName, zoneId }: Route): string | undefined {
  return zoneName ?? zoneId;
}

/** True for the same pattern in the same zone. In another zone it is another route. */
function isSameRoute(one: Route, other: Route): boolean {
  const zones = [zoneOf(one), zoneOf(other)].filter((zone) => zone !== undefined);
  return one.pattern === other.pattern && (hostOf(one) !== '*' || new Set(zones).size < 2);
}

function isWithin(host: string, zone: string): boolean {
  return `.${host}`.endsWith(`.${(domainToASCII(zone) || zone).toLowerCase()}`);
}
