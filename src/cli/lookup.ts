/** `npm run lookup`, as a process. */
import { main } from './lookup/main.ts';

// Whoever reads the output has seen enough: `| head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const { env, stdout, stderr } = process;
// Set rather than exited with, so that a pipe gets all of the output.
process.exitCode = await main(process.argv.slice(2), { env, stdout, stderr });
