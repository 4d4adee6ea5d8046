/** Debian's MariaDB, with a data folder of its own. */
import { join } from 'node:path';
import { unusedPort } from '../../../support/origin.ts';
import { temporaryFolder } from '../../support/at-end.ts';
import { type Daemon, startDaemon } from '../../support/daemon.ts';
import { run } from '../../support/run.ts';
import { giveToWebUser, webUser } from '../../support/web-user.ts';

/** A database of one application, and its server. */
export interface Database {
  readonly name: string;
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: number;
  /**
   * Runs SQL in the application's database, as root.
   * @throws Error with the server's complaint
   */
  sql(statement: string): Promise<string>;
  /** SIGKILL: connections are refused from here on. */
  kill(): Promise<void>;
  /** Starts it anew with the data that it had. */
  restart(): Promise<void>;
  /** SIGSTOP: connections are accepted, and nothing answers. */
  freeze(): void;
  /** Ends a freeze. */
  thaw(): void;
}

/** Starts a server with an empty database; it runs until the tests of the file have ended. */
export async function startMariadb(name: string, password: string): Promise<Database> {
  const folder = await temporaryFolder('mariadb');
  const port = await unusedPort();
  const data = join(folder, 'data');
  const socket = join(folder, 'socket');
  await giveToWebUser(folder);
  const account = webUser === 'www-data' ? [`--user=${webUser}`] : [];
  await succeed([
    'mariadb-install-db',
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...account,
  ]);
  const start = () =>
    startDaemon(
      [
        '/usr/sbin/mariadbd',
        '--no-defaults',
        `--datadir=${data}`,
        `--socket=${socket}`,
        `--pid-file=${folder}/pid`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        '--skip-log-bin',
        '--character-set-server=utf8mb4',
        ...account,
      ],
      { port },
    );
  let server: Daemon = await start();
  const sql = async (statement: string, database = name) =>
    (await succeed(['mariadb', '--no-defaults', `--socket=${socket}`, '--user=root', database], statement))
      .stdout;
  await sql(
    `CREATE DATABASE ${name}; CREATE USER ${name}@'127.0.0.1' IDENTIFIED BY '${password}';
     GRANT ALL ON ${name}.* TO ${name}@'127.0.0.1';`,
    'mysql',
  );
  return {
    name,
    user: name,
    password,
    host: '127.0.0.1',
    port,
    sql,
    kill: () => server.kill(),
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    async restart() {
      server = await start();
    },
  };
}

/** Runs a program that has to succeed. */
async function succeed(command: readonly [string, ...string[]], input = '') {
  const ended = await run(command, { input });
  if (ended.code !== 0) throw new Error(ended.seen);
  return ended;
}
