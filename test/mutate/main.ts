/**
 * Changes one small place of the Worker's source after another, and checks if a test notices:
 *
 *   npm run mutate [-- [--sample N] FILE…]      such as src/origin.ts, or src/answer
 *
 * Without a file it tries all of src except the commands and the texts, which takes hours. `--sample 100` tries a
 * hundred changes, spread evenly. It prints the changes that no test noticed. It works in a copy of the repository.
 * The unit tests call the functions of the copy, and the tests of the Worker run its bundle.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { createVitest, type TestSpecification, type Vitest } from 'vitest/node';
import { findMutants, instrument, type Mutant } from './mutants.ts';

/** The time limit of a test. A mutant that makes a test hang counts as noticed. */
const PATIENCE_MS = 30_000;
/** The number of test files that run at a time. The first one that notices ends the run. */
const AT_ONCE = 4;

interface Numbered extends Mutant {
  readonly number: number;
  readonly file: string;
  readonly original: string;
}

const { values, positionals } = parseArgs({
  options: { sample: { type: 'string' } },
  allowPositionals: true,
});
const root = process.cwd();
const copy = copyRepository();
process.chdir(copy);
const mutants = instrumentAll(positionals.length > 0 ? positionals : ['src']);
const tried = spread(mutants, Number(values.sample ?? mutants.length));
console.log(`${mutants.length} mutants, of which ${tried.length} are tried`);

const vitest = await startVitest();
const bundle = join(vitest.getRootProject().getProvidedContext().bundle, 'index.js');
const bundled = readFileSync(bundle, 'utf8');
const specifications = await specificationsOf(vitest);
/** How often each test file noticed a mutant. Files that notice most run first. */
const noticed = new Map<string, number>();
const survivors: Numbered[] = [];
/** The test files that were run without a mutant, by their result: green or red. */
const isGreen = new Map<string, boolean>();
for (const [index, mutant] of tried.entries()) {
  const killer = await killerOf(mutant);
  if (killer === undefined) survivors.push(mutant);
  else noticed.set(killer, (noticed.get(killer) ?? 0) + 1);
  const place = `${mutant.file}:${mutant.line}`;
  const change = `${oneLine(mutant.original)} → ${oneLine(mutant.replacement)}`;
  console.log(`${index + 1} ${killer === undefined ? 'SURVIVED' : 'noticed '} ${place}  ${change}`);
}
await vitest.close();
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

/** Writes the mutants of these files and folders into the copy. */
function instrumentAll(asked: readonly string[]): Numbered[] {
  const all: Numbered[] = [];
  const names = readdirSync('src', { recursive: true, encoding: 'utf8' }).map((name) => `src/${name}`);
  const isMutated = (name: string) =>
    name.endsWith('.ts') &&
    !/\.d\.ts$|^src\/cli\/|\/languages\.ts$/.test(name) &&
    asked.some((path) => name === path || name.startsWith(`${path.replace(/\/$/, '')}/`));
  for (const file of names.filter(isMutated).toSorted()) {
    const code = readFileSync(file, 'utf8');
    const found = findMutants(code);
    const switchFile = relative(dirname(file), 'src/active-mutant.ts').replace(/^(?!\.)/, './');
    writeFileSync(file, instrument(code, found, all.length + 1, switchFile));
    for (const mutant of found) {
      all.push({ ...mutant, number: all.length + 1, file, original: code.slice(mutant.start, mutant.end) });
    }
  }
  writeFileSync('src/active-mutant.ts', 'export const activeMutant: number = 0;\n');
  return all;
}

function spread<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, items.length / count);
  return items.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

async function startVitest(): Promise<Vitest> {
  const started = await createVitest('test', {
    config: 'test/vitest.config.ts',
    watch: false,
    bail: 1,
    silent: true,
    reporters: [{}],
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
  });
  await started.standalone();
  // The global set-up builds the bundle, and belongs to a run.
  await started.runTestSpecifications(await started.globTestSpecifications(['test/unit/request-id']));
  return started;
}

/** The tests that can notice a mutant: unit tests that import the file, and tests that ask the Worker. */
async function specificationsOf(from: Vitest) {
  const worker = await from.globTestSpecifications(['test/worker/']);
  const unit = await from.globTestSpecifications(['test/unit/']);
  const imports = new Map<string, string>();
  for (const { moduleId } of unit) imports.set(moduleId, readFileSync(moduleId, 'utf8'));
  // Tests of elapsed time and of file names are left out, since mutants do not aim at them.
  const usable = unit.filter(({ moduleId }) => !/(?:growth|house|supply-chain)\.test\.ts$/.test(moduleId));
  const inUnit = usable.filter(({ moduleId }) => /src\/(?!cli\/)/.test(imports.get(moduleId) ?? ''));
  return (file: string): TestSpecification[] => {
    const near = inUnit.filter(({ moduleId }) => imports.get(moduleId)?.includes(file.replace('src/', '')));
    const far = [...inUnit.filter((unitTest) => !near.includes(unitTest)), ...worker];
    const often = ({ moduleId }: TestSpecification) => noticed.get(moduleId) ?? 0;
    return [...near, ...far.toSorted((a, b) => often(b) - often(a))];
  };
}

/** Activates one mutant, in the unit tests and in the bundle. 0 is none. */
function activate(number: number): void {
  const file = join(copy, 'src/active-mutant.ts');
  writeFileSync(file, `export const activeMutant: number = ${number};\n`);
  vitest.invalidateFile(file);
  writeFileSync(bundle, bundled.replace(/\bactiveMutant = 0;/, `activeMutant = ${number};`));
}

/** The test file that notices a mutant, if one does. It fails with the mutant, and passes without it. */
async function killerOf(mutant: Numbered): Promise<string | undefined> {
  let rest = specifications(mutant.file);
  for (;;) {
    activate(mutant.number);
    const red = await firstFailure(rest.filter(({ moduleId }) => isGreen.get(moduleId) !== false));
    if (red === undefined || isGreen.get(red) === true) return red;
    activate(0);
    const alone = rest.filter(({ moduleId }) => moduleId === red);
    isGreen.set(red, (await firstFailure(alone)) === undefined);
    if (isGreen.get(red) === true) return red;
    console.log(`Left out, as it fails without a mutant: ${relative(copy, red)}`);
    // The files before this one noticed nothing.
    const at = rest.findIndex(({ moduleId }) => moduleId === red);
    rest = rest.slice(at - (at % AT_ONCE));
  }
}

/** Runs tests until one fails, and returns its file. */
async function firstFailure(all: readonly TestSpecification[]): Promise<string | undefined> {
  for (let first = 0; first < all.length; first += AT_ONCE) {
    const some = all.slice(first, first + AT_ONCE);
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(some);
    // Vitest also lists the files of earlier runs.
    const failed = testModules.find(
      (module) => module.state() === 'failed' && some.some(({ moduleId }) => moduleId === module.moduleId),
    );
    if (failed !== undefined) return failed.moduleId;
    if (unhandledErrors.length > 0) return some[0]?.moduleId;
  }
  return undefined;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 80);
}

function summarize(): void {
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  for (const file of new Set(tried.map((mutant) => mutant.file))) {
    const [of, left] = [tried, survivors].map((list) => list.filter((mutant) => mutant.file === file).length);
    console.log(`${file}: ${(of ?? 0) - (left ?? 0)} of ${of} noticed`);
  }
  const score = percent(tried.length - survivors.length, tried.length);
  console.log(`${tried.length - survivors.length} of ${tried.length} mutants were noticed (${score}).`);
}
