/** The small site of apps/site.ts. */
import { join } from 'node:path';
import { unusedPort } from '../../support/origin.ts';
import { type Daemon, startDaemon } from './daemon.ts';

/** Starts the site. */
export async function startSite(): Promise<Daemon> {
  const port = await unusedPort();
  return startDaemon([process.execPath, join(import.meta.dirname, '../apps/site.ts'), String(port)], {
    port,
  });
}
