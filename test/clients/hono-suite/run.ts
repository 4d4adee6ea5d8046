/**
 * Runs Hono's own tests three times: unchanged, with every application in `withErrorPages`, and with
 * `app.onError(onError)` too. `npx node test/clients/hono-suite/run.ts CHECKOUT` needs a checkout of
 * https://github.com/honojs/hono with its dependencies installed. Nothing of the checkout is kept here. Each test
 * with
 * another result than without error pages must be listed in differences.json, which gives the reason. README.md gets
 * the list.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { putSections, row } from '../support/table.ts';

const checkout = resolve(process.argv[2] ?? '');
const forms = ['bare', 'wrapped', 'handled'] as const;

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** The result of each test, by its file and full name: "passed", or the first line of the error. */
async function runTests(form: (typeof forms)[number]): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'hono-suite-'));
  const report = join(folder, 'report.json');
  const vitest = join(checkout, 'node_modules/vitest/vitest.mjs');
  const config = join(import.meta.dirname, 'vitest.config.ts');
  const args = [
    vitest,
    'run',
    '--config',
    config,
    '--coverage.enabled=false',
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  const env = { ...process.env, HONO_CHECKOUT: checkout, HONO_FORM: form };
  const child = spawn(process.execPath, args, { cwd: checkout, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  await once(child, 'close');
  const text = await readFile(report, 'utf8').catch(() => {
    throw new Error(`Vitest wrote no report: ${complaints.slice(-2000)}`);
  });
  await rm(folder, { recursive: true });
  const { testResults }: Report = JSON.parse(text);
  return new Map(
    testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map(({ fullName, status, failureMessages }): [string, string] => [
        `${relative(checkout, name)} > ${fullName.trim()}`,
        status === 'failed' ? ((failureMessages[0] ?? '').split('\n')[0] ?? '') : status,
      ]),
    ),
  );
}

/** Tests whose result differs with error pages, and the reason. Each is a pattern of names in differences.json. */
interface Difference {
  readonly tests: string;
  readonly why: string;
}
const differences: readonly Difference[] = JSON.parse(
  await readFile(join(import.meta.dirname, 'differences.json'), 'utf8'),
);
const ends = new Map<string, ReadonlyMap<string, string>>();
for (const form of forms) ends.set(form, await runTests(form));

const tests = [...(ends.get('bare') ?? [])];
const passes = tests.filter(([, end]) => end === 'passed');
const differing = passes.flatMap(([name]) => {
  const others = [ends.get('wrapped')?.get(name), ends.get('handled')?.get(name)];
  return others.every((end) => end === 'passed') ? [] : [{ name, others }];
});
const explained = differences.map(({ tests: pattern, why }) => {
  const isOne = new RegExp(pattern);
  return { why, names: differing.filter(({ name }) => isOne.test(name)).map(({ name }) => name) };
});

const known = new Set(explained.flatMap(({ names }) => names));
for (const { name, others } of differing) {
  if (!known.has(name))
    console.error(`Ends otherwise, and differences.json does not say why: ${name}\n  ${others.join('\n  ')}`);
}
for (const { why, names } of explained) {
  if (names.length === 0) console.error(`No test ends otherwise any more because of this: ${why}`);
}
process.exitCode =
  differing.every(({ name }) => known.has(name)) && explained.every(({ names }) => names.length > 0) ? 0 : 1;

const { version }: { readonly version: string } = JSON.parse(
  await readFile(join(checkout, 'package.json'), 'utf8'),
);
const reasons = explained.map(({ why, names }) => row(String(names.length), why));
await putSections(join(import.meta.dirname, '../README.md'), [
  [
    'Hono’s own tests',
    `Of ${tests.length} tests of Hono ${version}, run by ${'`npx node test/clients/hono-suite/run.ts CHECKOUT`'}, ${passes.length} pass without error pages, and ${passes.length - differing.length} of these with every application in ${'`withErrorPages`'}, with and without ${'`app.onError(onError)`'}. The others:\n\n${[row('Tests', 'Why they end otherwise'), row('-', '-'), ...reasons].join('\n')}`,
  ],
]);
