/** Runs a command of this repository, as a function or as a child process. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Command } from '../../src/cli/command.ts';

export interface CommandRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const repository = join(import.meta.dirname, '../..');

/** A width of the terminal at which no line has to be wrapped. */
const WIDE = 10_000;

interface Surroundings {
  /** The folder to run in. Default: the repository. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Interrupts the program once it has printed this text. */
  readonly until?: string;
}

/**
 * Calls a command with only the given environment. Its output is no terminal.
 * @param answer the answer of a user at the terminal; without it there is no user
 */
export async function callCommand(
  main: Command,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  answer?: string,
): Promise<CommandRun> {
  let [stdout, stderr] = ['', ''];
  const ask = (question: string): Promise<string> => {
    stdout += question;
    return Promise.resolve(answer ?? '');
  };
  const exitCode = await main.call(argv, {
    env,
    stdout: { write: (text) => (stdout += text), columns: WIDE },
    stderr: { write: (text) => (stderr += text), columns: WIDE },
    ...(answer === undefined ? {} : { ask }),
  });
  return { exitCode, stdout, stderr };
}

/** Calls a command as if it were typed in a folder. Tests of one file run one after the other. */
export async function inFolder(folder: string, call: () => Promise<CommandRun>): Promise<CommandRun> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await call();
  } finally {
    process.chdir(before);
  }
}

/** Runs a script of the repository, such as `src/cli/main.ts`. */
export function runCommand(
  script: string,
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<CommandRun> {
  return runProgram(process.execPath, [join(repository, script), ...args], surroundings);
}

/** Runs a program until it ends. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd = repository, env = {}, until }: Surroundings = {},
): Promise<CommandRun> {
  const child = spawn(program, args, {
    cwd,
    env: {
      ...process.env,
      CI: 'true',
      WRANGLER_SEND_METRICS: 'false',
      NO_COLOR: '1',
      COLUMNS: String(WIDE),
      ...env,
    },
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
