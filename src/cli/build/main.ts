/** Builds the package into dist/: the library, its declarations, and the commands. */
import { build, type BuildOptions } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

const root = join(import.meta.dirname, '../../..');
const dist = join(root, 'dist');
const types = join(dist, 'types');
const library = join(dist, 'library');

/** The entries of the library by the name of the built file. Each has an entry under `exports` in package.json. */
const entries = {
  'with-error-pages': 'with-error-pages',
  'check-page': 'cli/check-page/check-page',
};

const bundled: BuildOptions = {
  bundle: true,
  format: 'esm',
  charset: 'utf8',
  loader: { '.html': 'text' },
  logLevel: 'warning',
};

for (const folder of [library, types, join(dist, 'cli')]) rmSync(folder, { recursive: true, force: true });

await build({
  ...bundled,
  entryPoints: Object.fromEntries(
    Object.entries(entries).map(([name, source]) => [name, join(root, 'src', `${source}.ts`)]),
  ),
  // Do not bundle the library's dependency: an application that has it too would get it twice.
  external: ['mustache'],
  outdir: library,
});

await build({
  ...bundled,
  entryPoints: [join(root, 'src/cli/main.ts')],
  platform: 'node',
  target: 'node20.12',
  mainFields: ['module', 'main'],
  minifySyntax: true,
  minifyWhitespace: true,
  outfile: join(dist, 'cli/main.js'),
});

// The compiler declares every file. Bundle the declarations, so that an application sees only the two entries.
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', import.meta.dirname], {
  stdio: 'inherit',
});
// TypeScript 7 has no interface for bundlers of declarations, so this one gets the files that `tsc` wrote. It
// generates none itself.
await bundle({
  input: Object.fromEntries(
    Object.entries(entries).map(([name, source]) => [name, join(types, `${source}.d.ts`)]),
  ),
  plugins: [dts({ emitDtsOnly: true, dtsInput: true, generator: 'oxc', tsconfig: false })],
  output: { dir: library },
});
rmSync(types, { recursive: true });
