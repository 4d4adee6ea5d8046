/** Debian's MariaDB with its own data folder. */
import { join } from 'node:path';
import { unusedPort } from '../../../support/origin.ts';
import { temporaryFolder } from '../../support/at-end.ts';
import { type Daemon, startDaemon } from '../../support/daemon.ts';
import { run } from '../../support/run.ts';
import { giveToWebUser, webUser } from '../../support/web-user.ts';

/** The database of one application, and its server. */
export interface Database {
  readonly name: string;
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: number;
  /**
   * Runs SQL in the application's database, as root.
   * @throws Error with the server's message
   */
  sql(statement: string): Promise<string>;
  /** Kills the server with SIGKILL: from then on it refuses connections. */
  kill(): Promise<void>;
  /** Starts the server again with its old data. */
  restart(): Promise<void>;
  /** Freezes the server with SIGSTOP: it accepts connections and does not answer. */
  freeze(): void;
  /** Ends a freeze. */
  thaw(): void;
}

/** Starts a server with an empty database. It runs until the tests of the file have ended. */
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

/** Runs a program, and fails if the program fails. */
async function succeed(command: readonly [string, ...string[]], input = '') {
  const ended = await run(command, { input });
  if (ended.code !== 0) throw new Error(ended.seen);
  return ended;
}
