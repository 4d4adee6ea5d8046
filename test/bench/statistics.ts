/** The few statistics that a noisy machine allows: medians and quartiles, never means. */

/** Where the middle half of some values lies. */
export interface Spread {
  readonly median: number;
  /** The lower and the upper quartile. */
  readonly from: number;
  readonly to: number;
}

/** The median and the quartiles, interpolated between neighbours. Of no values everything is NaN. */
export function spread(values: readonly number[]): Spread {
  return {
    median: percentile(values, 0.5),
    from: percentile(values, 0.25),
    to: percentile(values, 0.75),
  };
}

/** The value below which such a fraction of the values lies. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = fraction * (sorted.length - 1);
  const [below = NaN, above = below] = sorted.slice(Math.floor(place));
  return below + (above - below) * (place % 1);
}

/** The median of some values. */
export function median(values: readonly number[]): number {
  return spread(values).median;
}
