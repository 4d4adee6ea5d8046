/** Runs a command as a process. Only this file uses `process`. */
import nodeModule from 'node:module';
import { createInterface } from 'node:readline/promises';
import { inspect } from 'node:util';
import type { Command, ExitCode, Surroundings } from './command.ts';
import { printableBlock } from './printable.ts';

/** The exit code of a bug. Node would exit with 1, which means "the answer is no". */
const BUG: ExitCode = 7;

/** Runs a command with the arguments and the surroundings of this process, and sets its exit code. */
export async function runProcess(call: Command['call']): Promise<void> {
  // Compile once, and keep the result for the next run. Node 20 does not have this.
  nodeModule.enableCompileCache?.();
  // The reader of the output closed the pipe, as `| head -1` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  const { env, stdin, stdout, stderr } = process;
  const surroundings: Surroundings = { env, stdout, stderr, ...(stdin.isTTY && stdout.isTTY ? { ask } : {}) };
  // Do not call `process.exit`: a pipe would lose the rest of the output.
  process.exitCode = await call(process.argv.slice(2), surroundings).catch((error: unknown) => {
    stderr.write(`${printableBlock(inspect(error))}\n`);
    return BUG;
  });
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  return terminal.question(question).finally(() => terminal.close());
}
