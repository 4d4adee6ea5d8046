import { build } from 'esbuild';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installedVersion } from './support/http-clients.ts';
import { run } from './support/run.ts';
import { witness } from './support/witness.ts';

const cwd = join(import.meta.dirname, 'apps/vitest-pool');

describe('Tests of an application in @cloudflare/vitest-pool-workers', () => {
  it('pass: the application answers, and what it throws is the page and one record', async (context) => {
    await build({
      entryPoints: [join(import.meta.dirname, '../../src/with-error-pages.ts')],
      outfile: join(cwd, 'dist/error-pages.js'),
      bundle: true,
      format: 'esm',
      target: 'es2024',
      loader: { '.html': 'text' },
      logLevel: 'error',
    });
    // The variables of this run are left out. With them, the inner vitest would take itself for a worker of this run.
    const env = Object.fromEntries(
      Object.keys(process.env).flatMap((name) => (name.startsWith('VITEST') ? [[name, '']] : [])),
    );
    const vitest = join(cwd, 'node_modules/vitest/vitest.mjs');
    const { code, seen } = await run([process.execPath, vitest, 'run', '--reporter=dot'], { cwd, env });
    expect(code, seen).toBe(0);
    const [passed = ''] = /\d+ passed/.exec(seen.slice(seen.indexOf('Tests'))) ?? [];
    expect(passed).toBe('2 passed');
    witness(context, {
      software: '@cloudflare/vitest-pool-workers',
      version: installedVersion('../apps/vitest-pool/node_modules/@cloudflare/vitest-pool-workers'),
      done: 'tests of a Hono application with withErrorPages and onError',
      without: 'not run',
      through: passed,
      dead: `${passed}: the page, and the record in console.error`,
    });
  }, 180_000);
});
