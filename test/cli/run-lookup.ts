/** The real `npm run lookup`, as a child process. */
import { type CommandRun, runCommand } from './run-command.ts';

/** Runs `node src/cli/lookup.ts` with these arguments, and of the Cloudflare settings only those given. */
export function runLookup(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandRun> {
  const unset = { CLOUDFLARE_ACCOUNT_ID: '', CLOUDFLARE_API_TOKEN: '', CLOUDFLARE_BASE_URL: '' };
  return runCommand('src/cli/lookup.ts', args, { env: { ...unset, ...environment } });
}
