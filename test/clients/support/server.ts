/** Starts the servers of apps/, each in a process of its own. */
import { join } from 'node:path';
import { unusedPort } from '../../support/origin.ts';
import { type Daemon, startDaemon } from './daemon.ts';

/**
 * Starts `apps/NAME.ts`, which gets its port as its first argument.
 * @param at an earlier port of the server, to use again. Default: a free port
 */
export async function startServer(
  name: string,
  args: readonly string[] = [],
  at?: { readonly port: number },
): Promise<Daemon> {
  const port = at?.port ?? (await unusedPort());
  const script = join(import.meta.dirname, `../apps/${name}.ts`);
  return startDaemon([process.execPath, script, String(port), ...args], { port });
}
