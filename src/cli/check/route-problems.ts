/** Rules about the routes of a Worker and about its origin. */
import { domainToASCII } from 'node:url';
import { parseSettings } from '../../read-settings.ts';
import { readPattern, takesHost } from '../route-pattern.ts';
import type { EnvironmentConfig, Route } from './wrangler-config.ts';

/** The fault, which begins with the name of the setting, and the allowed values or the thing to do. */
export type Finding = readonly [problem: string, allowed: string];

/** Finds one kind of problem in an environment. */
export type Rule = (config: EnvironmentConfig, all: readonly EnvironmentConfig[]) => Iterable<Finding>;

/** An origin whose requests would come back to the Worker without end. */
export const asksItself: Rule = function* (config) {
  const { name, routes, vars, workers_dev } = config;
  const origin = originOf(config);
  const url = originUrlOf(config);
  const own = routes.find((route) => url !== undefined && covers(route, new URL(url)));
  if (own !== undefined && origin === undefined)
    yield [
      `ORIGIN_URL is ${JSON.stringify(vars['ORIGIN_URL'])}, which is the Worker's own route ${own.pattern}: it would ask itself`,
      'another host; or, on a route, empty: then the site behind the route is asked',
    ];
  if (origin !== undefined && origin === name)
    yield ['ORIGIN is this Worker: it would ask itself', 'another Worker'];
  if (hasOrigin(config)) return;
  for (const { pattern } of routes.filter(({ custom_domain }) => custom_domain))
    yield [
      `routes has the custom domain ${pattern}, which has no site behind it: the Worker would ask itself`,
      `a route, { pattern = "${pattern}/*", zone_name = "…" }; or ORIGIN_URL or ORIGIN with the custom domain`,
    ];
  if (workers_dev)
    yield [
      'workers_dev is true, but there is no site behind a workers.dev address: the Worker would ask itself',
      'workers_dev = false; or ORIGIN_URL or ORIGIN',
    ];
};

/** Patterns that match foreign hosts: https://developers.cloudflare.com/workers/configuration/routing/routes/#matching-behavior */
export const loose: Rule = function* ({ routes }) {
  for (const { pattern } of routes) {
    const [, scheme = '', domain, path = ''] = /^(https?:\/\/)?\*([^*./-][^/]*)(\/.*)?$/i.exec(pattern) ?? [];
    if (domain !== undefined)
      yield [
        `routes has the pattern ${pattern}, which matches not${domain} too`,
        `two routes, ${scheme}*.${domain}${path} and ${scheme}${domain}${path}`,
      ];
  }
};

/** The same route in two environments. A route leads to one Worker, so deploying one would take the other's route. */
export const shared: Rule = function* (config, all) {
  const earlier = all.slice(0, all.indexOf(config));
  for (const route of config.routes) {
    const key = keyOf(route);
    const holder = earlier.find(({ routes }) => routes.some((other) => keyOf(other) === key));
    if (holder !== undefined)
      yield [
        `routes has the pattern ${route.pattern}, which is a route of ${holder.environment || 'the top level'} too (routes are inherited)`,
        'routes of its own in each environment, or routes = []',
      ];
  }
};

/** One origin for several sites, which is seldom meant. */
export const oneOriginForAll: Rule = function* (config) {
  const zones = new Set(config.routes.flatMap(({ zone_name, zone_id }) => zone_name ?? zone_id ?? []));
  if (zones.size > 1 && originUrlOf(config) !== undefined && originOf(config) === undefined)
    yield [
      `ORIGIN_URL gets the requests of ${zones.size} zones, whichever site they are for`,
      'empty: then the site behind each route is asked',
    ];
};

/** A Worker that no request reaches. */
export const unreachable: Rule = function* ({ routes, workers_dev }) {
  if (routes.length === 0 && !workers_dev)
    yield [
      'routes is not set and workers_dev is false: no request would reach the Worker',
      'routes = [{ pattern = "shop.example/*", zone_name = "shop.example" }]',
    ];
};

/** A pattern without a `*` at its end. It matches only one URL. */
export const narrow: Rule = function* ({ routes }) {
  for (const { pattern, custom_domain } of routes)
    if (!custom_domain && !pattern.endsWith('*'))
      yield [
        `routes has the pattern ${pattern}, which matches that one URL only`,
        `${pattern.replace(/\/$/, '')}/* for all below it`,
      ];
};

/** The Worker that is bound as ORIGIN. */
export function originOf({ services = [] }: EnvironmentConfig): string | undefined {
  return services.find(({ binding }) => binding === 'ORIGIN')?.service;
}

/** True if there is an origin other than the site behind the route. */
export function hasOrigin(config: EnvironmentConfig): boolean {
  return originOf(config) !== undefined || originUrlOf(config) !== undefined;
}

function originUrlOf({ vars }: EnvironmentConfig): string | undefined {
  return parseSettings(vars).settings.ORIGIN_URL;
}

/** True if this route takes requests to an origin. A pattern for all hosts takes the hosts of its zone. */
function covers({ pattern, zone_name = '' }: Route, url: URL): boolean {
  const isInZone = `.${url.hostname}`.endsWith(`.${domainToASCII(zone_name)}`);
  return takesHost(pattern, url) && (isInZone || readPattern(pattern).host !== '*');
}

/** The same text for the same route. A pattern for all hosts is another route in another zone. */
function keyOf({ pattern, zone_name, zone_id }: Route): string {
  return readPattern(pattern).host === '*' ? `${pattern} ${zone_name ?? zone_id}` : pattern;
}
