/** Writes numbers and times for people. */

/** A time in milliseconds since 1970 as `2026-11-23T12:00:00.000Z`. */
export function isoTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? `time ${time}` : date.toISOString();
}

/** A duration in milliseconds: `42 ms`, `12.3 s`, `5 minutes`, `3 hours`, `12 days`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1000).toFixed(1))} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} minutes`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} hours`;
  return `${Math.round(ms / 86_400_000)} days`;
}

/** `1 failure`, `3,600,000 failures`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
