/** Failures of the same kind, host and folded path, as one group. */
import { foldPath } from './path-pattern.ts';
import type { RecordPath } from './facts.ts';
import type { FailureGroup, Tally, TallyOf } from './log-store.ts';

/** What the failures of a group have in common. */
export const GROUPED_BY = [
  'error.type',
  'error.source',
  'server.address',
  'url.path',
] as const satisfies readonly RecordPath[];

/**
 * Joins the tallies of single paths.
 * @param tallies by the paths of `GROUPED_BY`
 * @returns the most frequent group first, then the most recent
 */
export function foldGroups(tallies: readonly TallyOf[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const tally of tallies) {
    const [type = '', source = '', host = '', examplePath = ''] = tally.values;
    const path = foldPath(examplePath);
    const key = JSON.stringify([type, source, host, path]);
    const { count, first, last, sampleInterval } = tally;
    const times = { ...(first !== undefined && { first }), ...(last !== undefined && { last }) };
    const group = { type, source, host, path, examplePath, count, sampleInterval, ...times };
    const known = groups.get(key);
    groups.set(key, known ? joined(known, group) : group);
  }
  return [...groups.values()].toSorted(byCount);
}

/** The most frequent first, then the most recent. */
export function byCount(a: Tally, b: Tally): number {
  return b.count - a.count || (b.last ?? 0) - (a.last ?? 0);
}

function joined(a: FailureGroup, b: FailureGroup): FailureGroup {
  const first = Math.min(a.first ?? Infinity, b.first ?? Infinity);
  const last = Math.max(a.last ?? -Infinity, b.last ?? -Infinity);
  const { examplePath } = (b.last ?? 0) > (a.last ?? 0) ? b : a;
  return {
    ...a,
    examplePath,
    count: a.count + b.count,
    sampleInterval: Math.max(a.sampleInterval, b.sampleInterval),
    ...(Number.isFinite(first) && { first }),
    ...(Number.isFinite(last) && { last }),
  };
}
