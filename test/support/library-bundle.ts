/** Bundles a Worker that uses the library form, `withErrorPages`. */
import { build } from 'esbuild';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Bundles a module Worker, for which `withErrorPages` is imported.
 * @returns a new folder with index.js in it, which the caller removes
 */
export async function buildLibraryBundle(source: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'library-'));
  const withErrorPages = join(import.meta.dirname, '../../src/with-error-pages.ts');
  await build({
    stdin: {
      contents: `import { withErrorPages } from ${JSON.stringify(withErrorPages)};\n${source}`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    format: 'esm',
    target: 'es2024',
    loader: { '.html': 'text' },
    outfile: join(folder, 'index.js'),
    logLevel: 'error',
  });
  return folder;
}
