/** Finds wrangler, runs it, and asks it for its token. */
import { execFile, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { attempt, property } from '../untrusted.ts';
import { CommandFailure, type ExitCode, type Surroundings } from './command.ts';
import { installWrangler } from './terminal.ts';

/**
 * The path of the module `wrangler`, or of one of its files: of the project in this folder, else of the package.
 * @throws CommandFailure if wrangler is not installed
 */
function locate(name: string): string {
  for (const from of [join(process.cwd(), 'package.json'), import.meta.filename]) {
    const path = attempt(() => createRequire(from).resolve(name));
    if (path !== undefined) return path;
  }
  throw new CommandFailure(`There is no wrangler. To add it:\n  ${installWrangler()}`);
}

/** The module of wrangler, which is large: load it when it is needed. */
export async function loadWrangler(): Promise<typeof import('wrangler')> {
  return import(pathToFileURL(locate('wrangler')).href);
}

function wranglerProgram(): string {
  return join(dirname(locate('wrangler/package.json')), 'bin/wrangler.js');
}

/**
 * Runs wrangler until it ends.
 * @param show gets each line of its output. Without it wrangler has the terminal of this process
 * @returns its exit code
 * @throws CommandFailure if wrangler is not installed
 */
export function runWrangler(
  args: readonly string[],
  env: Surroundings['env'],
  show?: (line: string) => void,
): Promise<ExitCode> {
  const child = spawn(process.execPath, [wranglerProgram(), ...args], {
    env: { ...env },
    stdio: show === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  for (const input of [child.stdout, child.stderr])
    if (input && show) createInterface({ input }).on('line', show);
  // Ctrl-C reaches wrangler too, but a signal to this process does not: pass it on.
  const interrupt = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return new Promise<ExitCode>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 1));
  }).finally(() => process.off('SIGINT', interrupt).off('SIGTERM', interrupt));
}

/**
 * The API token in the environment, else that of wrangler's login.
 * @returns undefined if there is neither
 */
export async function cloudflareToken(env: Surroundings['env']): Promise<string | undefined> {
  const given = env['CLOUDFLARE_API_TOKEN']?.trim();
  if (given) return given;
  const wrangler = attempt(wranglerProgram);
  if (wrangler === undefined) return undefined;
  // wrangler exits with 1 if nobody is logged in.
  const { stdout } = await promisify(execFile)(process.execPath, [wrangler, 'auth', 'token', '--json'], {
    env: { ...env },
    timeout: 30_000,
  }).catch(() => ({ stdout: '' }));
  const token: unknown = attempt(() => property(JSON.parse(stdout), 'token'));
  return typeof token === 'string' ? token : undefined;
}
