/** Matches requests to routes: https://developers.cloudflare.com/workers/configuration/routing/routes/#matching-behavior */
import { domainToASCII } from 'node:url';

/**
 * Takes a pattern such as `*.shop.example/cart*` apart.
 * @returns the scheme, undefined if the pattern takes both; the host as DNS writes it; the path, or the empty text
 */
export function readPattern(pattern: string) {
  const [, scheme, host = '', path = ''] = /^(?:(https?:)\/\/)?([^/]*)(.*)$/is.exec(pattern) ?? [];
  return { scheme: scheme?.toLowerCase(), host: (domainToASCII(host) || host).toLowerCase(), path };
}

/** True if the route may take requests to this host by this scheme. */
export function takesHost(pattern: string, { protocol, hostname }: URL): boolean {
  const { scheme, host } = readPattern(pattern);
  return (scheme === undefined || scheme === protocol) && fits(host, hostname);
}

/** The route that gets a request: the most specific of those that take it. */
export function routeOf<Route extends { readonly pattern: string }>(
  routes: readonly Route[],
  url: URL,
): Route | undefined {
  return routes
    .filter(
      ({ pattern }) => takesHost(pattern, url) && fits(readPattern(pattern).path, url.pathname + url.search),
    )
    .toSorted((a, b) => specificity(b.pattern) - specificity(a.pattern))[0];
}

/** Ranks patterns by host, then path, then scheme. A part without a wildcard is more specific than one with it. */
function specificity(pattern: string): number {
  const { scheme, host, path } = readPattern(pattern);
  const [ofHost, ofPath] = [host, path].map((part) => 2 * part.length + (part.includes('*') ? 0 : 1));
  return (ofHost ?? 0) * 1_000_000 + (ofPath ?? 0) * 2 + (scheme === undefined ? 0 : 1);
}

function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'is').test(text);
}
