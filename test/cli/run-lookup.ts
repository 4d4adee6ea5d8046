/** `npm run lookup`, as a function or as a process. */
import { main } from '../../src/cli/lookup/main.ts';
import { type CommandRun, runCommand } from './run-command.ts';

type Environment = Readonly<Record<string, string>>;

/** Calls the command with these arguments and nothing else in its environment, its output being no terminal. */
export async function runLookup(args: readonly string[], env: Environment = {}): Promise<CommandRun> {
  let [stdout, stderr] = ['', ''];
  const exitCode = await main(args, {
    env,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { exitCode, stdout, stderr };
}

/** Runs `node src/cli/main.ts lookup` with these arguments, and of the Cloudflare settings only those given. */
export function startLookup(args: readonly string[], environment: Environment = {}): Promise<CommandRun> {
  const unset = { CLOUDFLARE_ACCOUNT_ID: '', CLOUDFLARE_API_TOKEN: '', CLOUDFLARE_BASE_URL: '' };
  return runCommand('src/cli/main.ts', ['lookup', ...args], { env: { ...unset, ...environment } });
}
