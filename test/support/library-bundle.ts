/** Bundles Workers that are not the one in wrangler.toml. */
import { build } from 'esbuild';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Bundles the source of a module Worker. `withErrorPages` is already imported for it.
 * @returns a new folder with index.js in it, which the caller removes
 */
export function buildLibraryBundle(source: string): Promise<string> {
  return buildSource(`import { withErrorPages } from './with-error-pages.ts';\n${source}`);
}

/**
 * Bundles TypeScript. Its imports are resolved as if it were a file in src/.
 * @returns a new folder with index.js in it, which the caller removes
 */
export async function buildSource(contents: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'library-'));
  await build({
    stdin: { contents, loader: 'ts', resolveDir: join(import.meta.dirname, '../../src') },
    bundle: true,
    external: ['cloudflare:*'],
    format: 'esm',
    target: 'es2024',
    loader: { '.html': 'text' },
    outfile: join(folder, 'index.js'),
    logLevel: 'error',
  });
  return folder;
}
