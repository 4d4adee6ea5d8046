/** Runs programs, as somebody at a terminal would. */
import { execFile } from 'node:child_process';

/** How a program ended. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** All that somebody sees of it: both outputs, then how it ended where that was badly. */
  readonly seen: string;
}

/** How to run it. */
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
    // A program that reads nothing may have ended before.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** The version that a program says it has. */
export async function versionOf(program: string, option = '--version'): Promise<string> {
  const { stdout, stderr } = await run([program, option]);
  return /\d+(?:\.\d+)+/.exec(stdout + stderr)?.[0] ?? '';
}
