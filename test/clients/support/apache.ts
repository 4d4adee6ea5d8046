/** Debian's Apache with a configuration of its own, and nothing of the system's. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unusedPort } from '../../support/origin.ts';
import { temporaryFolder } from './at-end.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { giveToWebUser, webGroup, webUser } from './web-user.ts';

const modules = [
  'mpm_event',
  'authz_core',
  'mime',
  'dir',
  'alias',
  'env',
  'cgid',
  'dav',
  'dav_fs',
  'headers',
  'rewrite',
  'setenvif',
];

/**
 * Starts Apache.
 * @param site the part of the configuration about the site
 * @throws Error with Apache's message if it does not start
 */
export async function startApache(site: string): Promise<Daemon> {
  const folder = await temporaryFolder('apache');
  const port = await unusedPort();
  const config = join(folder, 'apache.conf');
  await writeFile(
    config,
    `
ServerRoot ${folder}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${folder}/pid
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/error.log
ScriptSock ${folder}/cgi.sock
User ${webUser}
Group ${webGroup}
StartServers 1
ThreadsPerChild 8
MaxRequestWorkers 8
MinSpareThreads 1
MaxSpareThreads 8
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
TypesConfig /etc/mime.types
DavLockDB ${folder}/locks
${site}
`,
  );
  await giveToWebUser(folder);
  return startDaemon(['/usr/sbin/apache2', '-DFOREGROUND', '-f', config], { port });
}
