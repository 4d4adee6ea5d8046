/** Runs programs like a user at a terminal. */
import { execFile } from 'node:child_process';

/** The result of a program. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** All text that the user sees: both outputs, and then the reason if the program ended badly. */
  readonly seen: string;
}

/** Options of a program. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs a program to its end, for three minutes at most. */
export function run(
  [program, ...args]: readonly [string, ...string[]],
  { cwd, env = {}, input = '' }: RunOptions = {},
): Promise<Run> {
  return new Promise((resolve) => {
    const options = { cwd, timeout: 180_000, env: { ...process.env, ...env } };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      const parts = [stdout.trim(), stderr.trim(), code === 0 ? '' : `exit ${code}`];
      resolve({ code, stdout, stderr, seen: parts.filter((part) => part !== '').join('\n') });
    });
    // A program that does not read its input may have ended before.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** The version that a program prints. */
export async function versionOf(program: string, option = '--version'): Promise<string> {
  const { stdout, stderr } = await run([program, option]);
  return /\d+(?:\.\d+)+/.exec(stdout + stderr)?.[0] ?? '';
}
