/** wrangler as a child process. */
import { execFile, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { attempt, property } from '../untrusted.ts';
import type { ExitCode, Surroundings } from './command.ts';
import { installWrangler } from './terminal.ts';

/**
 * The wrangler of the project in this folder, else that of the package.
 * @returns undefined where there is none
 */
function findWrangler(): string | undefined {
  return [join(process.cwd(), 'package.json'), import.meta.filename]
    .map((from) => attempt(() => createRequire(from).resolve('wrangler/package.json')))
    .flatMap((manifest) => (manifest === undefined ? [] : [join(dirname(manifest), 'bin/wrangler.js')]))[0];
}

/**
 * Runs wrangler until it ends. On a terminal it has the terminal.
 * @returns its exit code
 * @throws Error where there is none
 */
export function runWrangler(
  args: readonly string[],
  { env, stdout, stderr }: Surroundings,
): Promise<ExitCode> {
  const wrangler = findWrangler();
  if (wrangler === undefined) throw new Error(`There is no wrangler. To add it:\n  ${installWrangler()}`);
  const hasTerminal = stdout.isTTY === true;
  const child = spawn(process.execPath, [wrangler, ...args], {
    env: { ...env },
    stdio: hasTerminal ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => stdout.write(text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => stderr.write(text));
  // Ctrl-C reaches wrangler by itself; a signal to this process alone does not.
  const interrupt = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return new Promise<ExitCode>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 1));
  }).finally(() => process.off('SIGINT', interrupt).off('SIGTERM', interrupt));
}

/**
 * The API token in the environment, else that of wrangler's login.
 * @returns undefined where there is neither
 */
export async function cloudflareToken(env: Surroundings['env']): Promise<string | undefined> {
  const given = env['CLOUDFLARE_API_TOKEN']?.trim();
  if (given) return given;
  const wrangler = findWrangler();
  if (wrangler === undefined) return undefined;
  // It ends with 1 where nobody is logged in.
  const output = await promisify(execFile)(process.execPath, [wrangler, 'auth', 'token', '--json'], {
    env: { ...env },
    timeout: 30_000,
  }).then(
    ({ stdout }) => stdout,
    () => '',
  );
  const token: unknown = attempt(() => property(JSON.parse(output), 'token'));
  return typeof token === 'string' ? token : undefined;
}
