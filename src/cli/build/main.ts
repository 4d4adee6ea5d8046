/** Builds into dist/ what the package is made of: the library, its declarations, and the commands. */
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

/** What an application imports, by the name of the built file; each has an entry under `exports` in package.json. */
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
  // The library's own dependency comes from npm, or an application that has it too would get it twice.
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
  external: ['wrangler'],
  outfile: join(dist, 'cli/main.js'),
});

// The compiler declares every file; an application gets what the two entries export, and nothing of the inside.
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', import.meta.dirname], {
  stdio: 'inherit',
});
// TypeScript 7 has no interface that a roller of declarations could use, so this one is given what `tsc` wrote; no
// generator of its own runs.
await bundle({
  input: Object.fromEntries(
    Object.entries(entries).map(([name, source]) => [name, join(types, `${source}.d.ts`)]),
  ),
  plugins: [dts({ emitDtsOnly: true, dtsInput: true, generator: 'oxc', tsconfig: false })],
  output: { dir: library },
});
rmSync(types, { recursive: true });
