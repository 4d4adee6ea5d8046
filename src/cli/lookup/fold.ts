/** Failures that differ in a number, a token or a tenant only, as one group. */
import type { FailureGroup, Tally, TallyOf } from './log-store.ts';

/** The facts that the failures of a group have in common. */
export const GROUPED_BY = ['error.type', 'error.source', 'server.address', 'url.path'] as const;

// So many hosts with the same failure are one thing: tenants, say.
const MANY = 5;
// A character that is no digit, or one that is percent-encoded: the digits of its code do not count.
const OTHER = '(?:[^/0-9%]|%[^/]{2})';
// A segment that names one thing of many: it has two digits or more, is one digit, or had a secret, which the
// record writes as …. `/v1` and `/oauth2` name the same thing each time. JavaScript and RE2 (Cloudflare's query
// API) read it alike.
const VARIABLE = `(?:[^/]*…[^/]*|${OTHER}*[0-9]${OTHER}*[0-9][^/]*|[0-9])`;
const IS_VARIABLE = new RegExp(`^${VARIABLE}$`, 'u');

/**
 * Joins the tallies of single hosts and paths.
 * @param tallies by the paths of `GROUPED_BY`
 * @returns the most frequent group first, then the most recent
 */
export function foldGroups(tallies: readonly TallyOf[]): FailureGroup[] {
  const groups = tallies.map(({ values, ...tally }): FailureGroup => {
    const [type = '', source = '', host = '', path = ''] = values;
    return { type, source, host, path: foldPath(path), example: { host, path }, ...tally };
  });
  return withFoldedHosts(joined(groups)).toSorted(byCount);
}

/** The most frequent first, then the most recent. */
export function byCount(a: Tally, b: Tally): number {
  return b.count - a.count || (b.last ?? 0) - (a.last ?? 0);
}

/** The path with `…` for each segment that names one thing of many: `/order/17/items` is `/order/…/items`. */
export function foldPath(path: string): string {
  return path
    .split('/')
    .map((segment) => (IS_VARIABLE.test(segment) ? '…' : segment))
    .join('/');
}

/** Each host with the name of the group that it belongs to: itself, `….shop.example`, or `…` for any host. */
export function foldHosts(hosts: readonly string[]): ReadonlyMap<string, string> {
  const folded = new Map<string, string>();
  for (const [, tenants] of grouped(hosts, siteOf)) {
    const name = `….${commonEnd(tenants)}`;
    for (const host of tenants) folded.set(host, tenants.length < MANY ? host : name);
  }
  const isOneThing = new Set(folded.values()).size < MANY;
  return isOneThing ? folded : new Map(hosts.map((host) => [host, '…']));
}

/**
 * Matches exactly the paths that `foldPath` makes this of; undefined if that is one path.
 * @returns the source of a regular expression, in the syntax of RE2
 */
export function pathPattern(folded: string): string | undefined {
  if (!folded.includes('…')) return undefined;
  return `^${folded
    .split('/')
    .map((segment) => (segment === '…' ? VARIABLE : escaped(segment)))
    .join('/')}$`;
}

/** The same for a host of `foldHosts`. */
export function hostPattern(folded: string): string | undefined {
  if (!folded.startsWith('…')) return undefined;
  return folded === '…' ? '.*' : `^(?:.+\\.)?${escaped(folded.slice(2))}$`;
}

function withFoldedHosts(groups: readonly FailureGroup[]): FailureGroup[] {
  const causes = grouped(groups, ({ type, source, path }) => JSON.stringify([type, source, path]));
  return joined(
    [...causes.values()].flatMap((alike) => {
      const folded = foldHosts([...new Set(alike.map(({ host }) => host))]);
      return alike.map((group) => ({ ...group, host: folded.get(group.host) ?? group.host }));
    }),
  );
}

/** Groups of the same kind, host and path as one. */
function joined(groups: readonly FailureGroup[]): FailureGroup[] {
  const same = grouped(groups, ({ type, source, host, path }) => JSON.stringify([type, source, host, path]));
  return [...same.values()].map((all) =>
    all.reduce((a, b) => {
      const first = Math.min(a.first ?? Infinity, b.first ?? Infinity);
      const last = Math.max(a.last ?? -Infinity, b.last ?? -Infinity);
      return {
        ...a,
        example: (b.last ?? 0) > (a.last ?? 0) ? b.example : a.example,
        count: a.count + b.count,
        sampleInterval: Math.max(a.sampleInterval, b.sampleInterval),
        ...(Number.isFinite(first) && { first }),
        ...(Number.isFinite(last) && { last }),
      };
    }),
  );
}

/** The last two labels of a host name; an IP address has none that is shared. */
function siteOf(host: string): string {
  return /^[\d.]+$|:/.test(host) ? host : host.split('.').slice(-2).join('.');
}

/** The labels that all of these host names end with. */
function commonEnd(hosts: readonly string[]): string {
  const [first = [], ...others] = hosts.map((host) => host.split('.').toReversed());
  const length = first.findIndex((label, index) => others.some((labels) => labels[index] !== label));
  return first
    .slice(0, length < 0 ? first.length : length)
    .toReversed()
    .join('.');
}

function grouped<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
