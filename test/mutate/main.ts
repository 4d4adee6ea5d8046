/**
 * Changes one small place of the Worker's source after another, and checks if a test notices:
 *
 *   npm run mutate [-- [--sample N] [--minutes N] PLACE…]      such as src/answer, src/origin.ts or src/origin.ts:84
 *
 * Without a place it tries all of src except the commands and the texts, which takes hours. `--sample 100` tries a
 * hundred changes, spread evenly, and `--minutes 30` tries for half an hour. It prints the changes that no test
 * noticed. It works in a copy of the repository.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { findMutants, instrument, type Mutant } from './mutants.ts';
import { CRASH, startTestRuns } from './test-runs.ts';

/** The number of unit tests, and of tests of the Worker, that try each mutant alone. */
const NEAREST = 4;
/** The number of mutants that all tests try at once, after the nearest tests did not notice them. */
const GROUP = 30;
/** The commands, texts and types are not changed. Tests put routes of their own into the text of index.ts. */
const NOT_MUTATED = /^src\/(?:cli\/|index\.ts|page\/languages\.ts)|\.d\.ts$/;

interface Numbered extends Mutant {
  readonly number: number;
  readonly file: string;
  readonly original: string;
}

const { values, positionals } = parseArgs({
  options: { sample: { type: 'string' }, minutes: { type: 'string' } },
  allowPositionals: true,
});
const startedAt = Date.now();
const root = process.cwd();
const copy = copyRepository();
process.chdir(copy);
const mutants = instrumentAll().filter(isAsked);
const sample = spread(mutants, Number(values.sample ?? mutants.length));
console.log(`${mutants.length} mutants, of which ${sample.length} are to be tried`);

const tests = await startTestRuns();
/** How often each test file noticed a mutant of each source file. */
const notices = new Map<string, number>();
/** The test files that were run without a mutant: true if they passed. */
const isSound = new Map<string, boolean>();
const tried: Numbered[] = [];
const suspects: Numbered[] = [];
for (const mutant of scattered(sample)) {
  if (Date.now() - startedAt > Number(values.minutes ?? Infinity) * 60_000) break;
  tried.push(mutant);
  if (!(await isNoticedBy(nearest(mutant.file), mutant))) suspects.push(mutant);
}
console.log(`${suspects.length} mutants are left for all tests together`);
const survivors: Numbered[] = [];
for (const group of grouped(suspects)) survivors.push(...(await survivorsOf(group)));
await tests.close();
rmSync(copy, { recursive: true });
summarize();

function copyRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mutate-'));
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  for (const file of files.trim().split('\n')) cpSync(join(root, file), join(folder, file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Writes all mutants into the copy. */
function instrumentAll(): Numbered[] {
  const all: Numbered[] = [];
  const names = readdirSync('src', { recursive: true, encoding: 'utf8' }).map((name) => `src/${name}`);
  for (const file of names.filter((name) => name.endsWith('.ts') && !NOT_MUTATED.test(name)).toSorted()) {
    const code = readFileSync(file, 'utf8');
    const found = findMutants(code);
    const switchFile = relative(dirname(file), 'src/active-mutants.ts').replace(/^(?!\.)/, './');
    writeFileSync(file, instrument(code, found, all.length + 1, switchFile));
    for (const mutant of found) {
      all.push({ ...mutant, number: all.length + 1, file, original: code.slice(mutant.start, mutant.end) });
    }
  }
  writeFileSync(
    'src/active-mutants.ts',
    'export const activeMutants: Readonly<Record<number, true>> = {};\n',
  );
  return all;
}

function isAsked({ file, line }: Numbered): boolean {
  const isPlace = (place: string) =>
    [file, `${file}:${line}`].includes(place) || file.startsWith(`${place}/`);
  return positionals.length === 0 || positionals.some((place) => isPlace(place.replace(/\/$/, '')));
}

function spread<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, items.length / count);
  return items.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

/** The items in an order in which the first few are spread evenly, too: by multiples of the golden ratio. */
function scattered<Item>(items: readonly Item[]): Item[] {
  const place = new Map(items.map((item, index) => [item, (index * 0.618034) % 1]));
  return items.toSorted((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
}

/** The test files that are most likely to notice a mutant of a file, in three runs: the likeliest, unit tests, others. */
function nearest(source: string): string[][] {
  const name = basename(source, '.ts');
  const rank = new Map<string, number>();
  for (const test of tests.files) {
    const isNamesake = basename(test).includes(name);
    const far = Math.min(tests.distance(test, source), 100);
    rank.set(test, 1000 * (notices.get(`${test} ${source}`) ?? 0) + (isNamesake ? 500 : 0) - far);
  }
  const ranked = tests.files.toSorted((a, b) => (rank.get(b) ?? 0) - (rank.get(a) ?? 0));
  const units = ranked.filter((test) => tests.distance(test, source) < Infinity);
  const others = ranked.filter((test) => test.includes('/worker/'));
  const runs = [ranked.slice(0, 1), units.slice(0, NEAREST), others.slice(0, NEAREST)];
  return runs.map((run, index) => run.filter((test) => index === 0 || test !== ranked[0]));
}

/** Runs the test files up to the first failure. It counts if the same file fails again, and passes without the mutant. */
async function isNoticedBy(runs: readonly string[][], mutant: Numbered): Promise<boolean> {
  for (const run of runs) {
    tests.activate([mutant.number]);
    const [red] = await tests.failures(soundOf(run), true);
    if (red === undefined) continue;
    if (red !== CRASH && !((await passesWithout(red)) && (await noticedIn([red], [mutant])).length > 0))
      continue;
    notices.set(`${red} ${mutant.file}`, (notices.get(`${red} ${mutant.file}`) ?? 0) + 1);
    print(mutant, red);
    return true;
  }
  return false;
}

function soundOf(files: readonly string[]): string[] {
  return files.filter((file) => isSound.get(file) !== false);
}

/** True if a test passes without a mutant. */
async function passesWithout(test: string): Promise<boolean> {
  let sound = isSound.get(test);
  if (sound === undefined) {
    tests.activate([]);
    sound = (await tests.failures([test], true)).length === 0;
    isSound.set(test, sound);
    if (!sound) console.log(`Left out, as it fails without a mutant: ${relative(copy, test)}`);
  }
  return sound;
}

/** Groups of mutants that do not overlap. */
function grouped(all: readonly Numbered[]): Numbered[][] {
  const groups: Numbered[][] = [];
  for (const mutant of all) {
    const overlaps = ({ file, start, end }: Numbered) =>
      file === mutant.file && start < mutant.end && mutant.start < end;
    const group = groups.find((members) => members.length < GROUP && !members.some(overlaps));
    if (group === undefined) groups.push([mutant]);
    else group.push(mutant);
  }
  return groups;
}

/** The mutants that no test notices. All are in force together. If nothing fails, all survive. */
async function survivorsOf(group: readonly Numbered[]): Promise<Numbered[]> {
  let left = group;
  tests.activate(group.map(({ number }) => number));
  for (const red of await tests.failures(soundOf(tests.files), false)) {
    if (red !== CRASH && !(await passesWithout(red))) continue;
    const noticed = await noticedIn(red === CRASH ? soundOf(tests.files) : [red], left);
    for (const mutant of noticed) print(mutant, red);
    left = left.filter((mutant) => !noticed.includes(mutant));
  }
  for (const mutant of left) print(mutant, undefined);
  return [...left];
}

/** The mutants that one of the test files notices. It tries all together, then halves, and in the end one alone. */
async function noticedIn(files: readonly string[], group: readonly Numbered[]): Promise<Numbered[]> {
  if (group.length === 0) return [];
  tests.activate(group.map(({ number }) => number));
  if ((await tests.failures(files, true)).length === 0) return [];
  if (group.length === 1) return [...group];
  const half = group.length >> 1;
  const first = await noticedIn(files, group.slice(0, half));
  return [...first, ...(await noticedIn(files, group.slice(half)))];
}

function print({ file, line, original, replacement }: Numbered, by: string | undefined): void {
  const [from, to] = [original, replacement].map((text) => text.replace(/\s+/g, ' ').slice(0, 80));
  const word = by === undefined ? 'SURVIVED' : `noticed by ${relative(copy, by)}:`;
  console.log(`${word} ${file}:${line}  ${from} → ${to}`);
}

function summarize(): void {
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  for (const file of [...new Set(tried.map((mutant) => mutant.file))].toSorted()) {
    const [of, left] = [tried, survivors].map((list) => list.filter((mutant) => mutant.file === file).length);
    console.log(`${file}: ${(of ?? 0) - (left ?? 0)} of ${of} noticed`);
  }
  const score = percent(tried.length - survivors.length, tried.length);
  const seconds = ((Date.now() - startedAt) / 1000 / tried.length).toFixed(1);
  console.log(`A mutant took ${seconds} s.`);
  console.log(`${tried.length - survivors.length} of ${tried.length} mutants were noticed (${score}).`);
}
