/** Installs what the tests here need, where it is not yet as package-lock.json says. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const age = (path: string) => statSync(join(folder, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

// npm writes this file last.
if (age('node_modules/.package-lock.json') < age('package-lock.json')) {
  const npm = process.env['npm_execpath'];
  const [command, args] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const options = { cwd: folder, stdio: 'inherit' } as const;
  const { status } = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund'], options);
  process.exitCode = status ?? 1;
}
