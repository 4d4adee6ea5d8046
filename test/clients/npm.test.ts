import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { unusedPort } from '../support/origin.ts';
import type { RunningWorker } from '../support/workerd.ts';
import { temporaryFolder } from './support/at-end.ts';
import { lastRecord, recordsOf, startBehind } from './support/behind.ts';
import { type Daemon, startDaemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { type Run, run } from './support/run.ts';
import { witness } from './support/witness.ts';

const verdaccio = join(import.meta.dirname, 'node_modules/verdaccio/bin/verdaccio');

describe('npm', () => {
  let folder: string;
  let registry: Daemon;
  let worker: RunningWorker;

  /** Runs npm in a folder, without settings of a user. */
  async function npm(base: string, directory: string, ...args: readonly string[]): Promise<Run> {
    const cwd = join(folder, directory);
    await mkdir(cwd, { recursive: true });
    await writeFile(join(folder, `npmrc-${directory}`), `//${new URL(base).host}/:_authToken=anything\n`);
    const options = [
      `--registry=${base}/`,
      '--fetch-retries=0',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    const env = Object.fromEntries(
      Object.keys(process.env).flatMap((name) => (/^npm_/i.test(name) ? [[name, '']] : [])),
    );
    return run(['npm', ...args, ...options], {
      cwd,
      env: {
        ...env,
        HOME: folder,
        npm_config_cache: join(folder, `cache-${directory}`),
        npm_config_userconfig: join(folder, `npmrc-${directory}`),
        npm_config_update_notifier: 'false',
      },
    });
  }

  beforeAll(async () => {
    folder = await temporaryFolder('npm');
    await writeFile(
      join(folder, 'config.yaml'),
      `
storage: ${folder}/storage
auth: { htpasswd: { file: ${folder}/htpasswd } }
packages: { '**': { access: $all, publish: $anonymous } }
log: { type: stdout, level: error }
`,
    );
    const port = await unusedPort();
    const command = [
      process.execPath,
      verdaccio,
      '--config',
      join(folder, 'config.yaml'),
      '--listen',
      `127.0.0.1:${port}`,
    ] as const;
    registry = await startDaemon(command, { port, cwd: folder, env: { HOME: folder } });
    worker = await startBehind(registry);
    for (const name of ['kettle', 'teapot']) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'package.json'), JSON.stringify({ name, version: '1.0.0' }));
      await writeFile(
        join(folder, name, 'index.js'),
        `export default ${JSON.stringify(name.repeat(10_000))};`,
      );
    }
  });

  it('publishes and installs as without the Worker', async () => {
    expect(await npm(registry.url, 'kettle', 'publish')).toMatchObject({ code: 0 });
    expect(await npm(worker.url, 'teapot', 'publish')).toMatchObject({ code: 0 });
    for (const [directory, { url }] of [
      ['direct', registry],
      ['through', worker],
    ] as const) {
      expect(await npm(url, directory, 'install', 'kettle', 'teapot')).toMatchObject({ code: 0 });
      const missing = await npm(url, directory, 'install', 'nothing-of-that-name');
      expect(missing.stderr).toContain('E404');
    }
  });

  it('the registry killed: npm says what it asked for and how that was answered', async (context) => {
    const [without, through] = [
      await npm(registry.url, 'direct', 'view', 'kettle', 'version'),
      await npm(worker.url, 'through', 'view', 'kettle', 'version'),
    ];
    await registry.kill();
    const since = recordsOf(worker).length;
    const dead = await npm(worker.url, 'dead', 'install', 'kettle');
    expect(dead.code).not.toBe(0);
    expect(dead.stderr).toContain('500 Internal Server Error');
    expect(await lastRecord(worker, since)).toMatchObject({
      message: 'Origin did not answer',
      answer: { format: 'json' },
    });
    witness(context, {
      software: 'npm',
      version: `${(await run(['npm', '--version'])).stdout.trim()}, verdaccio ${installedVersion('verdaccio')}`,
      done: 'publish, install, view',
      without: without.seen,
      through: through.seen,
      dead: dead.stderr,
    });
  });
});
