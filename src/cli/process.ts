/** A command as a process: the only place that touches `process`. */
import nodeModule from 'node:module';
import { createInterface } from 'node:readline/promises';
import { inspect } from 'node:util';
import type { Command, ExitCode, Surroundings } from './command.ts';
import { printableBlock } from './printable.ts';

/** This program broke. Node's own code for that is 1, which reads as "the answer is no". */
const BUG: ExitCode = 7;

/** Runs a command with the arguments and the surroundings of this process, and sets its exit code. */
export async function runProcess(call: Command['call']): Promise<void> {
  // What is compiled once need not be again. Node 20 cannot.
  nodeModule.enableCompileCache?.();
  // Whoever reads the output has seen enough: `| head -1`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  const { env, stdin, stdout, stderr } = process;
  const surroundings: Surroundings = { env, stdout, stderr, ...(stdin.isTTY && stdout.isTTY ? { ask } : {}) };
  // Set rather than exited with, so that a pipe gets all of the output.
  process.exitCode = await call(process.argv.slice(2), surroundings).catch((error: unknown) => {
    stderr.write(`${printableBlock(inspect(error))}\n`);
    return BUG;
  });
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
