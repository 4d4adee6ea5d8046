/** A command of this repository, as a child process. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface CommandRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The folder of the repository. */
export const repository = join(import.meta.dirname, '../..');

interface Surroundings {
  /** The folder to run in: the repository, or a copy of it. */
  readonly root?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Interrupts the program once it has printed this. */
  readonly until?: string;
}

/** Runs a script of the repository, such as `src/cli/check.ts`, or of a copy of it. */
export function runCommand(
  script: string,
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<CommandRun> {
  const path = join(surroundings.root ?? repository, script);
  return runProgram(process.execPath, [path, ...args], surroundings);
}

/** Runs a program in the repository until it ends. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { root = repository, env = {}, until }: Surroundings = {},
): Promise<CommandRun> {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, CI: 'true', WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (until !== undefined && stdout.includes(until)) child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  return { exitCode, stdout, stderr };
}
