/** Python applications under Debian's gunicorn. */
import { join } from 'node:path';
import { unusedPort } from '../../support/origin.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { python } from './http-clients.ts';
import { run } from './run.ts';

/** The folder of the applications. */
export const apps = join(import.meta.dirname, '../apps');

/**
 * Starts a WSGI application of apps/ with one worker.
 * @param seconds the time limit of a request, after which its worker is killed
 * @throws Error with gunicorn's output if it does not start
 */
export async function startGunicorn(
  module: string,
  seconds: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Daemon> {
  const port = await unusedPort();
  const options = ['--workers=1', '--preload', `--timeout=${seconds}`, '--worker-tmp-dir=/dev/shm'];
  return startDaemon(
    [python, '-m', 'gunicorn', ...options, `--bind=127.0.0.1:${port}`, `${module}:application`],
    {
      port,
      cwd: apps,
      env: { ...env, PYTHONDONTWRITEBYTECODE: '1' },
    },
  );
}

/** The version of an installed Python package. */
export async function pythonVersion(name: string): Promise<string> {
  const { stdout } = await run([python, '-c', `import importlib.metadata as m; print(m.version("${name}"))`]);
  return stdout.trim();
}
