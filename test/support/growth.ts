/** How the time that a function takes grows with the length of its input. */

/** Input made of these is tried: every one alone, every one beside, before and behind the first dozen, and three of the first few. */
export interface Reader {
  readonly alphabet: readonly string[];
  /** Reads a text of this alphabet, whatever it is. */
  read(text: string): unknown;
}

/** Above everything that any limit lets through, so that growth shows. */
const SHORT = 8192;
const LONG = 4 * SHORT;
/** Growth per doubling: a function that looks at everything once has 2, at everything for everything 4. */
const MOST_PER_DOUBLING = 3;
/** Less time than this, in milliseconds at the greatest length, is too little to matter, however it grew. */
const NO_TIME = 10;
/** What takes less than this for the short input takes less than NO_TIME for the long one, if it grows with the square. */
const NO_TIME_SHORT = NO_TIME / (LONG / SHORT) ** 2;
const FEW = 4;
const MANY = 12;
const ATTEMPTS = 60;
/** What took that long, in milliseconds of at least three attempts, was not slow by chance. */
const ENOUGH = 500;

/** A worst case: what stands first, what is repeated, and what stands last. */
interface Shape {
  readonly first: string;
  readonly unit: string;
  readonly last: string;
}

/** The first input for which time grows too fast, in words; undefined where none was found. */
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
    ...alphabet.flatMap((a) => many.flatMap((b) => [a + b, b + a])),
    ...few.flatMap((a) => few.flatMap((b) => few.map((c) => a + b + c))),
  ];
  return [
    ...units.map((unit) => ({ first: '', unit, last: '' })),
    // Something opened that nothing closes, and something that comes too late.
    ...alphabet.flatMap((first) => many.map((unit) => ({ first, unit, last: '' }))),
    ...many.flatMap((unit) => alphabet.map((last) => ({ first: '', unit, last }))),
  ];
}

function isGrowing(read: Reader['read'], shape: Shape): boolean {
  const short = inputOf(shape, SHORT);
  if (timeOf(read, short) < NO_TIME_SHORT) return false;
  const long = inputOf(shape, LONG);
  // Another process can only make a run slower: the fastest of several says what the function itself takes.
  const best = { short: Infinity, long: Infinity };
  let spent = 0;
  for (let attempt = 0; attempt < ATTEMPTS && (attempt < 3 || spent < ENOUGH); attempt++) {
    const time = timeOf(read, long);
    spent += time;
    best.long = Math.min(best.long, time);
    if (best.long < NO_TIME) return false;
    best.short = Math.min(best.short, timeOf(read, short));
    if (best.long / best.short < MOST_PER_DOUBLING ** 2) return false;
  }
  return true;
}

function inputOf({ first, unit, last }: Shape, length: number): string {
  return first + unit.repeat(Math.ceil(length / unit.length)) + last;
}

/** CPU time of this process, in milliseconds: what others run on the machine does not count. */
function timeOf(read: Reader['read'], text: string): number {
  const start = process.cpuUsage();
  read(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
