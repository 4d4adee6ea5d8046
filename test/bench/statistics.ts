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
  const sorted = values.toSorted((a, b) => a - b);
  const at = (fraction: number): number => {
    const place = fraction * (sorted.length - 1);
    const [below = NaN, above = below] = sorted.slice(Math.floor(place));
    return below + (above - below) * (place % 1);
  };
  return { median: at(0.5), from: at(0.25), to: at(0.75) };
}

/** The median of some values. */
export function median(values: readonly number[]): number {
  return spread(values).median;
}
