/** wrangler as a child process. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ExitCode, Surroundings } from './command.ts';

const WRANGLER = join(import.meta.dirname, '../../node_modules/wrangler/bin/wrangler.js');

/**
 * Runs the wrangler of this repository until it ends. On a terminal it has the terminal.
 * @returns its exit code
 */
export function runWrangler(
  args: readonly string[],
  { env, stdout, stderr }: Surroundings,
): Promise<ExitCode> {
  const hasTerminal = stdout === process.stdout;
  const child = spawn(process.execPath, [WRANGLER, ...args], {
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
