/** An application in PHP: a copy of the one that Debian installed, with its own php-fpm and nginx. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unusedPort } from '../../../support/origin.ts';
import { temporaryFolder } from '../../support/at-end.ts';
import { type Daemon, startDaemon } from '../../support/daemon.ts';
import { phpProgram, startNginx } from '../../support/nginx.ts';
import { run } from '../../support/run.ts';
import { giveToWebUser, webGroup, webUser } from '../../support/web-user.ts';

export interface PhpSite extends Daemon {
  /** The folder with its files. */
  readonly root: string;
  /** The php-fpm behind nginx. */
  readonly php: Daemon;
  /** Runs one of the application's scripts from the command line. */
  script(...args: readonly string[]): Promise<string>;
}

/** Options of the application. */
export interface PhpOptions {
  /** The folder that Debian installed. */
  readonly installed: string;
  readonly workers?: number;
  /** Settings of PHP. */
  readonly ini?: Readonly<Record<string, string>>;
  /** The path that nginx requests if there is no such file. */
  readonly fallback: string;
}

/** Starts the application. It runs until the tests of the file have ended. */
export async function startPhpSite({
  installed,
  workers = 4,
  ini = {},
  fallback,
}: PhpOptions): Promise<PhpSite> {
  const folder = await temporaryFolder('site');
  const root = join(folder, 'root');
  // Debian's packages contain many links. MediaWiki's link to its settings leads nowhere.
  const copied = await run(['cp', '-rL', installed, root]);
  if (copied.code !== 0 && !copied.stderr.includes('LocalSettings.php')) throw new Error(copied.seen);
  const port = await unusedPort();
  // With this setting, a change of a file takes effect at once.
  const settings = { 'opcache.revalidate_freq': '0', error_log: `${folder}/php.log`, ...ini };
  await writeFile(
    join(folder, 'php.conf'),
    `
[global]
error_log = ${folder}/fpm.log
[site]
listen = 127.0.0.1:${port}
pm = static
pm.max_children = ${workers}
${Object.entries(settings)
  .map(([name, value]) => `php_value[${name}] = ${value}`)
  .join('\n')}
${webUser === 'www-data' ? `user = ${webUser}\ngroup = ${webGroup}` : ''}
`,
  );
  await giveToWebUser(folder);
  const php = await startDaemon([await phpProgram(), '-F', '-y', join(folder, 'php.conf')], { port });
  const nginx = await startNginx(`
    client_max_body_size 64m;
    absolute_redirect off;
    index index.php;
    location / { root ${root}; try_files $uri $uri/ ${fallback}; }
    location ~ ^(?<program>/.+\\.php)(?<rest>/.*)?$ {
      root ${root};
      include /etc/nginx/fastcgi_params;
      # Debian's own has the host without its port.
      fastcgi_param HTTP_HOST $http_host;
      fastcgi_param SCRIPT_FILENAME ${root}$program;
      fastcgi_param SCRIPT_NAME $program;
      fastcgi_param PATH_INFO $rest;
      fastcgi_pass 127.0.0.1:${port};
      fastcgi_read_timeout 10s;
    }`);
  return Object.create(nginx, {
    root: { value: root },
    php: { value: php },
    script: {
      value: async (...args: readonly string[]) => {
        const ended = await run(['php', ...args], { cwd: root });
        if (ended.code !== 0) throw new Error(ended.seen);
        return ended.stdout;
      },
    },
  });
}
