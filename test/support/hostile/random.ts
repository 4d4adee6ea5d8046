/** Repeatable randomness: the same seed gives the same numbers. */

/** A source of random choices. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 to below 1, made by mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0];
  }

  /** A list of up to `most` results of `make`. */
  some<Item>(most: number, make: () => Item): Item[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }

  /** A text of up to this many of these pieces. */
  text(pieces: readonly [string, ...string[]], most: number): string {
    return this.some(most, () => this.pick(pieces)).join('');
  }

  /** One of these values. The numbers are their weights. */
  weighted<Item>(items: readonly (readonly [weight: number, item: Item])[], otherwise: Item): Item {
    let rest = this.next() * items.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, item] of items) {
      rest -= weight;
      if (rest < 0) return item;
    }
    return otherwise;
  }
}

/** The random choices of one case. They do not depend on the other cases of the run. */
export function randomFor(seed: number, ...numbers: readonly number[]): Random {
  return new Random(numbers.reduce((mixed, number) => Math.imul(mixed ^ number, 0x9e3779b1) + 1, seed));
}
