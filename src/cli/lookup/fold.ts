/** Groups failures that differ only in a number, a token or a tenant. */
import type { FailureGroup, Tally, TallyOf } from './log-store.ts';

/** The facts that the failures of a group have in common. */
export const GROUPED_BY = ['error.type', 'error.source', 'server.address', 'url.path'] as const;

// This many hosts with the same failure are shown as one, such as the tenants of a site.
const MANY = 5;
// A character that is no digit, or a percent-encoded one, whose code may hold digits.
const OTHER = '(?:[^/0-9%]|%[^/]{2})';
// A path segment that varies: it has two digits or more, is a single digit, or held a secret, which the record
// writes as …. `/v1` and `/oauth2` do not vary. The pattern means the same in JavaScript and in RE2, which
// Cloudflare's query API uses.
const VARIABLE = `(?:[^/]*…[^/]*|${OTHER}*[0-9]${OTHER}*[0-9][^/]*|[0-9])`;
const IS_VARIABLE = new RegExp(`^${VARIABLE}$`, 'u');

/**
 * Joins the tallies of single hosts and paths into groups.
 * @param tallies counted by the paths of `GROUPED_BY`
 * @returns the most frequent group first, then the most recent
 */
export function foldGroups(tallies: readonly TallyOf[]): FailureGroup[] {
  const groups = tallies.map(({ values, ...tally }): FailureGroup => {
    const [type = '', source = '', host = '', path = ''] = values;
    return { type, source, host, path: foldPath(path), example: { host, path }, ...tally };
  });
  return withFoldedHosts(joined(groups)).toSorted(byCount);
}

/** Sorts the most frequent first, then the most recent. */
export function byCount(a: Tally, b: Tally): number {
  return b.count - a.count || (b.last ?? 0) - (a.last ?? 0);
}

/** The path with `…` for each segment that varies: `/order/17/items` becomes `/order/…/items`. */
export function foldPath(path: string): string {
  return path
    .split('/')
    .map((segment) => (IS_VARIABLE.test(segment) ? '…' : segment))
    .join('/');
}

/** Maps each host to the name of its group: the host itself, `….shop.example`, or `…` for any host. */
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
 * The pattern of all paths that `foldPath` turns into this one.
 * @returns the source of a regular expression in the syntax of RE2; undefined if there is only one such path
 */
export function pathPattern(folded: string): string | undefined {
  if (!folded.includes('…')) return undefined;
  return `^${folded
    .split('/')
    .map((segment) => (segment === '…' ? VARIABLE : escaped(segment)))
    .join('/')}$`;
}

/** The pattern of all hosts that `foldHosts` gives this name; undefined for a single host. */
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

/** Joins groups of the same kind, host and path. */
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

/** The last two labels of a host name, or the whole of an IP address. */
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
