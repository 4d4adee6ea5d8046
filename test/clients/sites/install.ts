/** Installs the software for the sites: missing packages of Debian, then the packages of npm. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

const packages = [
  'chromium',
  'docker-registry',
  'gunicorn',
  'mariadb-server',
  'mediawiki',
  'nginx-light',
  'php-cli',
  'php-fpm',
  'php-gd',
  'php-intl',
  'php-mbstring',
  'php-mysql',
  'php-xml',
  'puma',
  'python3-django',
  'radicale',
  'redmine',
  'redmine-mysql',
  'skopeo',
  'tomcat10',
  'tomcat10-docs',
  'tomcat10-examples',
  'wordpress',
  'wordpress-theme-twentytwentythree',
];

const missing = packages.filter((name) => !isInstalled(name));
if (missing.length > 0) {
  // The tests make their own database, and no service of the system is started.
  root(['debconf-set-selections'], 'redmine redmine/instances/default/dbconfig-install boolean false\n');
  root(['apt-get', 'update', '-qq']);
  root(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...missing]);
}

const age = (path: string) =>
  statSync(join(import.meta.dirname, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
// npm writes this file last, so it exists only after a complete installation.
if (age('node_modules/.package-lock.json') < age('package-lock.json')) {
  const npm = process.env['npm_execpath'];
  const program = npm === undefined ? ['npm'] : [process.execPath, npm];
  run([...program, 'ci', '--no-audit', '--no-fund'], '', import.meta.dirname);
}

function isInstalled(name: string): boolean {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' });
  return stdout.endsWith('ok installed');
}

/** Runs a program as root. RUNLEVEL=1 keeps Debian's packages from starting their services (invoke-rc.d(8)). */
function root(command: readonly string[], input = ''): void {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  run([...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1', ...command], input);
}

function run([program = '', ...args]: readonly string[], input = '', cwd?: string): void {
  const { status } = spawnSync(program, args, { cwd, input, stdio: ['pipe', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}
