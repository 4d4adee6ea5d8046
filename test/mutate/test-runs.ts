/** Runs the tests that can notice a mutant: unit tests of src, and tests that ask the Worker. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createVitest, type TestModule, type TestSpecification, type Vitest } from 'vitest/node';

/** The time limit of a test. A mutant that makes a test hang is noticed. */
const PATIENCE_MS = 30_000;
/** If no test ends for so long, a mutant has made an endless loop. It is noticed. */
const SILENCE_MS = 90_000;
/** The name of a failure that is in no file: a crash or an endless loop. */
export const CRASH = 'crash';
/** Tests of elapsed time and of file names: mutants do not aim at them. */
const LEFT_OUT = /(?:growth|house|supply-chain)\.test\.ts$/;

/** The test files and the number of imports between each of them and a source file. */
export interface TestRuns {
  readonly files: readonly string[];
  /** Infinity if the test does not import the source file. A test of the Worker runs the bundle. */
  distance(test: string, source: string): number;
  /** Puts these mutants in force, in the unit tests and in the bundle. */
  activate(numbers: readonly number[]): void;
  /** Runs test files in this order, up to the first failure if `bail`. Returns the files that failed, or CRASH. */
  failures(files: readonly string[], bail: boolean): Promise<string[]>;
  close(): Promise<void>;
}

/** Starts Vitest in the current folder. */
export async function startTestRuns(): Promise<TestRuns> {
  let failed = new Set<string>();
  let lastSign = Date.now();
  const vitest = await createVitest('test', {
    config: 'test/vitest.config.ts',
    watch: false,
    silent: true,
    sequence: { sequencer: InOrder },
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
    reporters: [
      {
        onTestCaseResult: () => void (lastSign = Date.now()),
        onTestModuleEnd: (module: TestModule) => {
          lastSign = Date.now();
          if (module.state() === 'failed') failed.add(module.moduleId);
        },
      },
    ],
  });
  await vitest.standalone();
  // The global set-up builds the bundle, and belongs to a run.
  await vitest.runTestSpecifications(await vitest.globTestSpecifications(['test/unit/request-id']));

  const specifications = new Map<string, TestSpecification>();
  for (const specification of await vitest.globTestSpecifications(['test/worker/', 'test/unit/'])) {
    const { moduleId } = specification;
    const usesSource = moduleId.includes('/worker/') || /src\/(?!cli\/)/.test(readFileSync(moduleId, 'utf8'));
    if (usesSource && !LEFT_OUT.test(moduleId)) specifications.set(moduleId, specification);
  }
  const bundle = join(vitest.getRootProject().getProvidedContext().bundle, 'index.js');
  const bundled = readFileSync(bundle, 'utf8');

  return {
    files: [...specifications.keys()],
    distance: importDistances(),
    activate(numbers) {
      const switches = `{ ${numbers.map((number) => `${number}: true`).join(', ')} }`;
      const file = join(process.cwd(), 'src/active-mutants.ts');
      writeFileSync(file, `export const activeMutants: Readonly<Record<number, true>> = ${switches};\n`);
      vitest.invalidateFile(file);
      writeFileSync(bundle, bundled.replace(/\bactiveMutants = \{\};/, `activeMutants = ${switches};`));
    },
    async failures(files, bail) {
      failed = new Set();
      lastSign = Date.now();
      vitest.getRootProject().config.bail = bail ? 1 : 0;
      const watch = setInterval(() => {
        if (Date.now() - lastSign > SILENCE_MS) endNow(vitest);
      }, 1000);
      const chosen = files.flatMap((file) => specifications.get(file) ?? []);
      const { unhandledErrors } = await vitest.runTestSpecifications(chosen);
      clearInterval(watch);
      return failed.size === 0 && unhandledErrors.length > 0 ? [CRASH] : [...failed];
    },
    close: () => vitest.close(),
  };
}

/** Keeps the order in which test files are given. */
class InOrder {
  shard(files: TestSpecification[]): TestSpecification[] {
    return files;
  }
  sort(files: TestSpecification[]): TestSpecification[] {
    return files;
  }
}

/** Ends the run even if a test is in an endless loop: the second call does not wait for the tests. */
function endNow(vitest: Vitest): void {
  for (let call = 0; call < 2; call++) void vitest.cancelCurrentRun('test-failure').catch(() => undefined);
}

/** Counts the imports between a module and another one, on the shortest way. */
function importDistances(): (from: string, to: string) => number {
  const known = new Map<string, ReadonlyMap<string, number>>();
  return (from, to) => {
    const found = known.get(from) ?? distancesFrom(from);
    known.set(from, found);
    return found.get(join(process.cwd(), to)) ?? Infinity;
  };
}

function distancesFrom(start: string): Map<string, number> {
  const distances = new Map([[start, 0]]);
  for (const [file, distance] of distances) {
    const imports = readFileSync(file, 'utf8').matchAll(
      /\bfrom '(\.[^']+\.ts)'|\bimport\('(\.[^']+\.ts)'\)/g,
    );
    for (const [, fixed, dynamic = ''] of imports) {
      const imported = join(dirname(file), fixed ?? dynamic);
      if (existsSync(imported) && !distances.has(imported)) distances.set(imported, distance + 1);
    }
  }
  return distances;
}
