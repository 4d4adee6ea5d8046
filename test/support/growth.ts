/** Measures how the running time of a function grows with the length of its input. */

/**
 * A function to measure. Its inputs are built from the alphabet: each text alone; each text beside, before and behind
 * one of the first dozen; and every three of the first few.
 */
export interface Reader {
  readonly alphabet: readonly string[];
  /** Reads any text that is made of this alphabet. */
  read(text: string): unknown;
}

/** Lengths below and above the limits of all readers: text beyond a limit would hide the growth below it. */
const LENGTHS = [500, 1000, 2000, 4000, 8000];
/** The limit for growth per doubling. A linear function has 2, and a quadratic one has 4. */
const MOST_PER_DOUBLING = 3;
/** Shorter times in milliseconds, two ordinary failures, do not matter, whatever their growth. */
const NO_TIME = 1;
const FEW = 4;
const MANY = 12;
const FEWEST_ATTEMPTS = 5;
const MOST_ATTEMPTS = 60;
/** A slow result that took this many milliseconds over all attempts is not chance. */
const ENOUGH = 300;

/** A worst case: a text at the start, a text that is repeated, and a text at the end. */
export interface Shape {
  readonly first: string;
  readonly unit: string;
  readonly last: string;
}

/** The first input for which time grows too fast, described in words; undefined if there is none. */
export function growingInput({ alphabet, read }: Reader): string | undefined {
  const found = shapes(alphabet).find((shape) => isGrowing(read, shape));
  if (found === undefined) return undefined;
  return [found.first, found.unit, found.last].map((part) => JSON.stringify(part)).join(' … ');
}

function shapes(alphabet: readonly string[]): Shape[] {
  const few = alphabet.slice(0, FEW);
  const many = alphabet.slice(0, MANY);
  const units = [
    ...alphabet,
    // The order of a pair hardly matters: repeated, `ba` is `ab` except at its ends.
    ...alphabet.flatMap((a) => many.map((b) => a + b)),
    ...few.flatMap((a) => few.flatMap((b) => few.map((c) => a + b + c))),
  ];
  return [
    ...units.map((unit) => ({ first: '', unit, last: '' })),
    // The first list opens something that nothing closes. In the second, the end comes too late.
    ...alphabet.flatMap((first) => many.map((unit) => ({ first, unit, last: '' }))),
    ...many.flatMap((unit) => alphabet.map((last) => ({ first: '', unit, last }))),
  ];
}

/** True if the time for inputs of this shape more than triples when the length doubles. */
export function isGrowing(read: Reader['read'], shape: Shape): boolean {
  const inputs = LENGTHS.map((length) => inputOf(shape, length));
  return inputs.some((long, index) => {
    const short = inputs[index - 1];
    if (short === undefined || timeOf(read, long) < NO_TIME) return false;
    // A busy machine may distort the first measurement, and hardly the second one in the same way.
    return moreThanTriples(read, short, long) && moreThanTriples(read, short, long);
  });
}

function moreThanTriples(read: Reader['read'], short: string, long: string): boolean {
  // Other processes can only make a run slower, so the fastest of several runs is the function's own time.
  const best = { short: Infinity, long: Infinity };
  let spent = 0;
  for (let attempt = 0; attempt < MOST_ATTEMPTS && (attempt < FEWEST_ATTEMPTS || spent < ENOUGH); attempt++) {
    const time = timeOf(read, long);
    spent += time;
    best.long = Math.min(best.long, time);
    if (best.long < NO_TIME) return false;
    best.short = Math.min(best.short, timeOf(read, short));
    if (attempt >= FEWEST_ATTEMPTS && best.long / best.short < MOST_PER_DOUBLING) return false;
  }
  return best.long / best.short >= MOST_PER_DOUBLING;
}

function inputOf({ first, unit, last }: Shape, length: number): string {
  const most = length - last.length;
  return (first + unit.repeat(Math.ceil(most / unit.length))).slice(0, most) + last;
}

/** CPU time of this process in milliseconds. The load of other processes does not count. */
function timeOf(read: Reader['read'], text: string): number {
  const start = process.cpuUsage();
  read(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
