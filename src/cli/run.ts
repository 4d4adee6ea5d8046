/** A command as a process: the only place that touches `process`. */
import nodeModule from 'node:module';
import { createInterface } from 'node:readline/promises';
import { inspect } from 'node:util';
import type { Command, ExitCode, Surroundings } from './command.ts';
import { printableBlock } from './printable.ts';

/** Commands by name, each loaded when it is called. */
export type Commands = Readonly<Record<string, () => Promise<{ readonly main: Command }>>>;

/** This program broke. Node's own code for that is 1, which reads as "the answer is no". */
const BUG: ExitCode = 7;

/**
 * Runs the command that the command line names, and sets the process's exit code.
 * @param usage what to print where it names none
 */
export async function run(commands: Commands, usage: string): Promise<void> {
  // What is compiled once need not be again. Node 20 cannot.
  nodeModule.enableCompileCache?.();
  // Whoever reads the output has seen enough: `| head -1`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  // Set rather than exited with, so that a pipe gets all of the output.
  process.exitCode = await dispatch(commands, usage).catch((error: unknown) => {
    process.stderr.write(`${printableBlock(inspect(error))}\n`);
    return BUG;
  });
}

async function dispatch(commands: Commands, usage: string): Promise<ExitCode> {
  const [name = '', ...argv] = process.argv.slice(2);
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const isHelp = ['--help', '-h', 'help'].includes(name);
    process[isHelp ? 'stdout' : 'stderr'].write(usage);
    return isHelp ? 0 : 2;
  }
  const { main } = await load();
  return main(argv, surroundings());
}

function surroundings(): Surroundings {
  const { env, stdin, stdout, stderr } = process;
  return { env, stdout, stderr, ...(stdin.isTTY && stdout.isTTY ? { ask } : {}) };
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
