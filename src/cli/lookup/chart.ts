/** Counts over time, as a line of bars. */

const BARS = '▁▂▃▄▅▆▇█';

/** One character a count; a space where there is none, the highest bar for the highest count. */
export function bars(counts: readonly number[]): string {
  const highest = Math.max(...counts);
  return counts
    .map((count) => (count === 0 ? ' ' : (BARS[Math.ceil((count / highest) * BARS.length) - 1] ?? '')))
    .join('');
}
