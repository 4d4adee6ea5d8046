/** Debian's nginx and php-fpm with configurations of their own, and nothing of the system's. */
import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unusedPort } from '../../support/origin.ts';
import { temporaryFolder } from './at-end.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { giveToWebUser, webGroup, webUser } from './web-user.ts';

const apps = join(import.meta.dirname, '../apps');

/**
 * Starts nginx.
 * @param locations the locations in the configuration of its only server
 * @param listens options of the address on which it listens, such as `ssl`
 * @throws Error with nginx's message if it does not start
 */
export async function startNginx(locations: string, listens = ''): Promise<Daemon> {
  const folder = await temporaryFolder('nginx');
  const port = await unusedPort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  await writeFile(
    join(folder, 'nginx.conf'),
    `
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log stderr;
${webUser === 'www-data' ? `user ${webUser};` : ''}
events { worker_connections 64; }
http {
  access_log off;
  include /etc/nginx/mime.types;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port} ${listens};
    root ${folder};
    ${locations}
  }
}
`,
  );
  await giveToWebUser(folder);
  return startDaemon(['/usr/sbin/nginx', '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], {
    port,
  });
}

/**
 * Starts php-fpm with a single worker, which has 32 MB of memory.
 * @returns php-fpm, and the path of the application
 */
export async function startPhp(): Promise<{ readonly php: Daemon; readonly script: string }> {
  const folder = await temporaryFolder('php');
  const port = await unusedPort();
  const script = join(folder, 'shop.php');
  await copyFile(join(apps, 'shop.php'), script);
  await writeFile(
    join(folder, 'php.conf'),
    `
[global]
error_log = ${folder}/error.log
[shop]
listen = 127.0.0.1:${port}
pm = static
pm.max_children = 1
php_admin_value[memory_limit] = 32M
php_admin_flag[display_errors] = off
${webUser === 'www-data' ? `user = ${webUser}\ngroup = ${webGroup}` : ''}
`,
  );
  await giveToWebUser(folder);
  const php = await startDaemon([await phpProgram(), '-F', '-y', join(folder, 'php.conf')], {
    port,
  });
  return { php, script };
}

/**
 * The path of php-fpm, whose name contains its version.
 * @throws Error if it is not installed
 */
export async function phpProgram(): Promise<string> {
  const name = (await readdir('/usr/sbin')).find((file) => file.startsWith('php-fpm'));
  if (name === undefined) throw new Error('No php-fpm in /usr/sbin');
  return `/usr/sbin/${name}`;
}
