/** Medians and quartiles. Means are not used: a noisy machine distorts them. */

/** The range of the middle half of some values. */
export interface Spread {
  readonly median: number;
  /** The lower and the upper quartile. */
  readonly from: number;
  readonly to: number;
}

/** The median and the quartiles, interpolated between neighbours. All are NaN if there are no values. */
export function spread(values: readonly number[]): Spread {
  return {
    median: percentile(values, 0.5),
    from: percentile(values, 0.25),
    to: percentile(values, 0.75),
  };
}

/** The value below which this fraction of the values lies. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = fraction * (sorted.length - 1);
  const [below = NaN, above = below] = sorted.slice(Math.floor(place));
  return below + (above - below) * (place % 1);
}

export function median(values: readonly number[]): number {
  return spread(values).median;
}
