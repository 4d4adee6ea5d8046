/** Groups failures that differ only in a number, a token or a tenant. */
import { sum, where, type Filters, type LogStore, type Tally, type TimeWindow } from './log-store.ts';
import type { KindOfFailure } from './verdict.ts';

/** Failures of the same kind, folded host and folded path. */
export interface Group extends KindOfFailure, Pick<Tally, 'count' | 'first' | 'last'> {
  readonly host: string;
  readonly path: string;
  /** Host and path of the last failure. */
  readonly newest: { readonly host: string; readonly path: string };
}

const GROUPED_BY = ['error.type', 'error.source', 'server.address', 'url.path'] as const;
// This many hosts with the same failure are shown as one, such as the tenants of a site.
const MANY = 5;
// If the store cannot list all hosts and paths, as many groups as a summary shows are counted again.
const RECOUNTED = 15;
// A character that is no digit, or a percent-encoded one, whose code may hold digits.
const OTHER = '(?:[^/0-9%]|%[^/]{2})';
// A path segment that varies: it has two digits or more, is a single digit, or held a secret, which the record
// writes as …. `/v1` and `/oauth2` do not vary. The pattern means the same in JavaScript and in RE2, which
// Cloudflare's query API uses.
const VARIABLE = `(?:[^/]*…[^/]*|${OTHER}*[0-9]${OTHER}*[0-9][^/]*|[0-9])`;
const IS_VARIABLE = new RegExp(`^${VARIABLE}$`, 'u');

/**
 * The failures in groups, the most frequent first, then the most recent. Each count is exact. Groups may be missing
 * if there are more than the store can list.
 * @param total the number of all failures
 */
export async function groupsOf(store: LogStore, filters: Filters, window: TimeWindow, total: number) {
  const most = await store.tally(filters, window, GROUPED_BY);
  if (sum(most) >= total) return fold(most);
  // A million paths that were requested once each are not among the most frequent: list the rarest too.
  const rarest = await store.tally(filters, window, GROUPED_BY, 'asc');
  const listed = new Map([...most, ...rarest].map((tally) => [JSON.stringify(tally.values), tally]));
  const recounted = fold([...listed.values()])
    .slice(0, RECOUNTED)
    .map(async (group) => {
      const [{ count, first, last } = group] = await store.tally([...filters, ...filtersOf(group)], window);
      return { ...group, count, first, last };
    });
  return (await Promise.all(recounted)).toSorted(byCount);
}

function fold(tallies: readonly Tally[]): Group[] {
  const single = tallies.map(({ values, count, first, last }): Group => {
    const [error_type = '', error_source = '', host = '', path = ''] = values;
    const newest = { host, path };
    return { error_type, error_source, host, path: foldPath(path), count, first, last, newest };
  });
  const alike = groupBy(single, (one) => [one.error_type, one.error_source, one.path]);
  return alike.flatMap(withFoldedHosts).toSorted(byCount);
}

/** The filters that the failures of a group pass, and no others. */
export function filtersOf(group: Pick<Group, 'error_type' | 'error_source' | 'host' | 'path'>): Filters {
  const { error_type, error_source, host, path } = group;
  const segments = path.split('/').map((segment) => (segment === '…' ? VARIABLE : escaped(segment)));
  return [
    where('error.type', 'eq', error_type),
    where('error.source', 'eq', error_source),
    host.startsWith('…')
      ? where('server.address', 'regex', host === '…' ? '.*' : `^(?:.+\\.)?${escaped(host.slice(2))}$`)
      : where('server.address', 'eq', host),
    path.includes('…')
      ? where('url.path', 'regex', `^${segments.join('/')}$`)
      : where('url.path', 'eq', path),
  ];
}

/** The path with `…` for each segment that varies: `/order/17/items` becomes `/order/…/items`. */
function foldPath(path: string): string {
  return path
    .split('/')
    .map((segment) => (IS_VARIABLE.test(segment) ? '…' : segment))
    .join('/');
}

/** Joins groups that differ in their hosts. Many hosts are one: `….shop.example`, or `…` for any host. */
function withFoldedHosts(groups: readonly Group[]): Group[] {
  const folded = groupBy(groups, ({ host }) => [siteOf(host)]).flatMap((site) => {
    const hosts = [...new Set(site.map(({ host }) => host))];
    const name = `….${commonEnd(hosts)}`;
    return hosts.length < MANY ? site : site.map((group) => ({ ...group, host: name }));
  });
  const isAnyHost = new Set(folded.map(({ host }) => host)).size >= MANY;
  return groupBy(folded, ({ host }) => [isAnyHost ? '…' : host]).map((same) => {
    const last = same.reduce((a, b) => ((b.last ?? '') > (a.last ?? '') ? b : a));
    const [first] = same.flatMap((group) => group.first ?? []).toSorted();
    return { ...last, ...(isAnyHost && { host: '…' }), count: sum(same), first };
  });
}

/** The last two labels of a host name, or the whole of an IP address. */
function siteOf(host: string): string {
  return /^[\d.]+$|:/.test(host) ? host : host.split('.').slice(-2).join('.');
}

/** The labels that all of these host names end with. */
function commonEnd([host = '', ...others]: readonly string[]): string {
  const ends = host.split('.').map((_, index, labels) => labels.slice(index).join('.'));
  return ends.find((end) => others.every((other) => `.${other}`.endsWith(`.${end}`))) ?? '';
}

/** The values in lists with the same key. `Map.groupBy` is not in Node 20. */
function groupBy<T>(values: readonly T[], keyOf: (value: T) => readonly string[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = JSON.stringify(keyOf(value));
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return [...groups.values()];
}

function byCount(a: Group, b: Group): number {
  return b.count - a.count || (b.last ?? '').localeCompare(a.last ?? '');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
