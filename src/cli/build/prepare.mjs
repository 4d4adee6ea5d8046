/**
 * Builds the package where it is taken from a folder or a git checkout. In a folder that another project installs
 * npm brings no development dependencies, so they are installed first, which runs this file again.
 * In a clone that npm makes in its cache, to pack it and throw it away, package.json becomes the published one.
 * JavaScript, since Node.js may be one that does not read TypeScript.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const askedFromElsewhere = !isIn(process.env.INIT_CWD ?? root, root);
const cache = process.env.npm_config_cache;

function isIn(path, folder) {
  return !relative(folder, path).startsWith('..');
}

/**
 * Lets npx find the commands in their source. It looks in node_modules/.bin only where package.json has no `bin`
 * of that name: with one, it would first install this folder into its cache. The packed package.json has it.
 */
function linkCommands() {
  const link = join(root, 'node_modules/.bin/edge-error-interceptor');
  const target = '../../src/cli/main.ts';
  if (process.platform === 'win32') writeFileSync(`${link}.cmd`, `@node "%~dp0${target}" %*\r\n`);
  else if (!lstatSync(link, { throwIfNoEntry: false })) symlinkSync(target, link);
}

/** Ends as the npm that runs this ends. */
function npm(...args) {
  const program = process.env.npm_execpath ?? '';
  const { status } = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
  return status === 0;
}

if (existsSync(join(root, 'node_modules/esbuild'))) {
  linkCommands();
  const isBuilt = npm('run', 'build:package');
  if (isBuilt && cache !== undefined && isIn(root, cache)) npm('exec', 'clean-package');
} else if (askedFromElsewhere) {
  npm('ci', '--include=dev', '--no-audit', '--no-fund');
} else {
  console.error('Nothing is built: that needs the development dependencies.');
}
