/** Installs the packages for the tests here, unless they are as the two lockfiles say. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

const npm = process.env['npm_execpath'];
const [command, args] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];

// Cloudflare's pool for vitest needs a version of vitest of its own.
for (const folder of [import.meta.dirname, join(import.meta.dirname, 'apps/vitest-pool')]) {
  const age = (path: string) => statSync(join(folder, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // npm writes this file last, so it exists only after a complete installation.
  if (age('node_modules/.package-lock.json') >= age('package-lock.json')) continue;
  const { status } = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
