/** What a deploy will do, in a sentence. */
import { environmentName } from '../check/check.ts';
import type { EnvironmentConfig, Route } from '../check/wrangler-config.ts';
import { plural } from '../format.ts';

const MOST_ROUTES = 5;

/** @example `top level → shop.example/*, 11 variables` */
export function planOf({ environment, routes, workersDev, vars }: EnvironmentConfig): string {
  const places = [...routes.map(placeOf), ...(workersDev ? ['workers.dev'] : [])];
  const shown = places.slice(0, MOST_ROUTES);
  const more = places.length - shown.length;
  const where = shown.length === 0 ? 'no route' : shown.join(', ');
  const variables = plural(Object.keys(vars).length, 'variable');
  return `${environmentName(environment)} → ${where}${more > 0 ? ` and ${more} more` : ''}, ${variables}`;
}

function placeOf({ pattern, zoneName, customDomain }: Route): string {
  if (customDomain) return `${pattern} (custom domain)`;
  // Such a pattern says nothing without its zone.
  return /^(?:https?:\/\/)?\*\//.test(pattern) && zoneName !== undefined
    ? `${pattern} of ${zoneName}`
    : pattern;
}
