/** How the time that a function takes grows with the length of its input. */

/** Input made of these is tried: every one alone, every one beside the first dozen, before and behind them, and three of the first few. */
export interface Reader {
  readonly alphabet: readonly string[];
  /** Reads a text of this alphabet, whatever it is. */
  read(text: string): unknown;
}

/** Below and above what anything reads: what comes behind a limit would hide how a function grows before it. */
const LENGTHS = [500, 1000, 2000, 4000, 8000];
/** Growth per doubling: a function that looks at everything once has 2, at everything for everything 4. */
const MOST_PER_DOUBLING = 3;
/** Less time than this, in milliseconds, is too little to matter, however it grew: two ordinary failures. */
const NO_TIME = 1;
const FEW = 4;
const MANY = 12;
const FEWEST_ATTEMPTS = 5;
const MOST_ATTEMPTS = 60;
/** What took that long, in milliseconds of several attempts, was not slow by chance. */
const ENOUGH = 300;

/** A worst case: what stands first, what is repeated, and what stands last. */
export interface Shape {
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
    // Repeated, `ba` is `ab` but for its ends.
    ...alphabet.flatMap((a) => many.map((b) => a + b)),
    ...few.flatMap((a) => few.flatMap((b) => few.map((c) => a + b + c))),
  ];
  return [
    ...units.map((unit) => ({ first: '', unit, last: '' })),
    // Something opened that nothing closes, and something that comes too late.
    ...alphabet.flatMap((first) => many.map((unit) => ({ first, unit, last: '' }))),
    ...many.flatMap((unit) => alphabet.map((last) => ({ first: '', unit, last }))),
  ];
}

/** Whether the time that a function takes for inputs of this shape more than triples where the length doubles. */
export function isGrowing(read: Reader['read'], shape: Shape): boolean {
  const inputs = LENGTHS.map((length) => inputOf(shape, length));
  return inputs.some((long, index) => {
    const short = inputs[index - 1];
    if (short === undefined || timeOf(read, long) < NO_TIME) return false;
    // What a busy machine did to the first look it hardly does to the second.
    return moreThanTriples(read, short, long) && moreThanTriples(read, short, long);
  });
}

function moreThanTriples(read: Reader['read'], short: string, long: string): boolean {
  // Another process can only make a run slower: the fastest of several says what the function itself takes.
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

/** CPU time of this process, in milliseconds: what others run on the machine does not count. */
function timeOf(read: Reader['read'], text: string): number {
  const start = process.cpuUsage();
  read(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
