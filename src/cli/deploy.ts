/**
 * `npm run deploy`: checks first, then `wrangler deploy` with the same arguments. With a problem nothing is
 * uploaded. `npm run deploy -- --dry-run`, `npm run deploy -- --env staging`
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { check, WRANGLER_TOML } from './check.ts';

// Options of wrangler that change what the checks look at.
const UNCHECKED = [
  'var',
  'route',
  'routes',
  'domain',
  'domains',
  'compatibility-flag',
  'compatibility-flags',
];

const root = join(import.meta.dirname, '../..');
const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js');
const args = process.argv.slice(2);
const { values, tokens } = parseArgs({
  args,
  strict: false,
  tokens: true,
  options: { config: { type: 'string', short: 'c' }, env: { type: 'string', short: 'e' } },
});
const config = typeof values.config === 'string' ? values.config : WRANGLER_TOML;
loadEnvironmentFiles();
const wanted = values.env ?? process.env['CLOUDFLARE_ENV'] ?? '';

const problem = problemWithArguments();
const environments = problem === undefined ? check(config, true) : undefined;
if (environments === undefined) {
  refuse(problem);
} else if (typeof wanted !== 'string' || !environments.includes(wanted)) {
  // Without any environment in the file, wrangler would deploy the top level under another name.
  const known = environments.filter((name) => name !== '').join(', ') || 'none';
  refuse(`${config} has no environment ${String(wanted)}; it has: ${known}.`);
} else {
  deploy([
    // What was checked is what is deployed, whatever else wrangler would find.
    ...(values.config === undefined ? ['--config', config] : []),
    ...(values.env === undefined ? [`--env=${wanted}`] : []),
    ...args,
  ]);
}

/** wrangler reads these too: https://developers.cloudflare.com/workers/wrangler/system-environment-variables/ */
function loadEnvironmentFiles(): void {
  for (const name of ['.env.local', '.env']) {
    try {
      process.loadEnvFile(join(root, name));
    } catch {
      // There is none.
    }
  }
}

function problemWithArguments(): string | undefined {
  if (tokens.some(({ kind }) => kind === 'option-terminator')) {
    return 'What comes after a -- is no option to wrangler: leave the second -- out.';
  }
  const names = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
  const unchecked = names.find((name) => UNCHECKED.includes(kebabCase(name)));
  return unchecked === undefined
    ? undefined
    : `--${unchecked} would be deployed without a check: write it into ${config}.`;
}

/** wrangler takes `--compatibilityFlags` too. */
function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function refuse(why: string | undefined): void {
  console.error(`${why === undefined ? '' : `✗ ${why} `}Nothing was uploaded.`);
  process.exitCode = 1;
}

function deploy(options: readonly string[]): void {
  const child = spawn(process.execPath, [wrangler, 'deploy', ...options], { stdio: 'inherit' });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
