/**
 * `npm run prepare`, after every install: npm leaves out optional packages that do not support the Node it
 * runs on, here the binaries of vitest and oxlint on Node 18. This project's own Node can run them, so npm
 * is asked once more, on that.
 */
import { spawnSync } from 'node:child_process';

const npm = process.env['npm_execpath'];
const isComplete = await import('rolldown').then(
  () => true,
  () => false,
);
if (!isComplete && npm !== undefined) {
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  spawnSync(process.execPath, [npm, 'install', ...options], { stdio: 'inherit' });
}
