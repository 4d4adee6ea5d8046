/**
 * Runs Hono's own tests three times: as they are, with every application in `withErrorPages`, and with
 * `app.onError(onError)` too. `node test/clients/hono-suite/run.ts CHECKOUT` wants a checkout of
 * https://github.com/honojs/hono with its dependencies installed; nothing of it is kept here. Tests that end
 * otherwise than without error pages have to be those of differences.json, which says why; README.md gets them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

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

/** How each test ended: by its file and its full name, "passed", or the first line of what went wrong. */
async function runTests(form: (typeof forms)[number]): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'hono-suite-'));
  const report = join(folder, 'report.json');
  const vitest = join(checkout, 'node_modules/vitest/vitest.mjs');
  const config = join(import.meta.dirname, 'vitest.config.ts');
  const args = [vitest, 'run', '--config', config, '--coverage.enabled=false', '--reporter=json', `--outputFile=${report}`];
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
        status === 'failed' ? (failureMessages[0] ?? '').split('\n')[0] ?? '' : status,
      ]),
    ),
  );
}

const [bare, wrapped, handled] = [await runTests('bare'), await runTests('wrapped'), await runTests('handled')];
console.log(bare.size, wrapped.size, handled.size, [...bare].filter(([,v]) => v !== 'passed').length);
for (const [name, end] of bare) {
  const ends = [wrapped.get(name), handled.get(name)];
  if (ends.some((other) => (other === 'passed') !== (end === 'passed'))) console.log(JSON.stringify({ name, end, wrapped: ends[0], handled: ends[1] }));
}
