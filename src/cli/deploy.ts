/**
 * `npm run deploy`: checks first, then `wrangler deploy` with the same arguments. With a problem nothing is
 * uploaded. `npm run deploy -- --dry-run`, `npm run deploy -- --env staging`
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { check, WRANGLER_TOML } from './check.ts';

const wrangler = join(import.meta.dirname, '../../node_modules/wrangler/bin/wrangler.js');
const args = process.argv.slice(2);
const { values } = parseArgs({
  args,
  strict: false,
  options: { config: { type: 'string', short: 'c' }, env: { type: 'string', short: 'e' } },
});
const config = typeof values.config === 'string' ? values.config : WRANGLER_TOML;
const wanted = values.env ?? process.env['CLOUDFLARE_ENV'];
const environments = check(config, true);

if (environments === undefined) {
  console.error('Nothing was uploaded.');
  process.exitCode = 1;
} else if (typeof wanted === 'string' && !environments.includes(wanted)) {
  // Without any environment in the file, wrangler would deploy the top level under another name.
  const known = environments.filter((name) => name !== '').join(', ') || 'none';
  console.error(`✗ ${config} has no environment ${wanted}; it has: ${known}. Nothing was uploaded.`);
  process.exitCode = 1;
} else {
  deploy([
    // What was checked is what is deployed, whatever other configuration wrangler would find.
    ...(values.config === undefined ? ['--config', config] : []),
    ...(wanted === undefined && environments.length > 1 ? ['--env='] : []),
    ...args,
  ]);
}

function deploy(options: readonly string[]): void {
  const child = spawn(process.execPath, [wrangler, 'deploy', ...options], { stdio: 'inherit' });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
