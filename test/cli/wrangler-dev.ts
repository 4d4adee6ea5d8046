/** Runs a real wrangler dev, with a small Worker that logs as the interceptor does, or with a given one. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unusedPort } from '../support/origin.ts';

const WORKER = `export default {
  async fetch(request) {
    const { record, body } = await request.json();
    console.log('asking the origin', { attempt: 1 });
    console.error(...record);
    if (body) console.info(body);
    return new Response('Something went wrong', { status: 500 });
  },
};`;
const CONFIG = `name = "fixture"
compatibility_date = "2026-11-17"
compatibility_flags = ["no_nodejs_compat", "no_nodejs_compat_v2"]
`;

export interface WranglerDev {
  readonly url: string;
  /** Sends a request, for which the Worker logs these arguments and the body record. */
  log(record: readonly unknown[], body?: unknown): Promise<void>;
  stop(): Promise<void>;
}

/** Options of wrangler dev. */
export interface WranglerDevOptions {
  /** The path of the Worker. Default: the small one. */
  readonly main?: string;
  /** Variables and secrets, which are written to `.dev.vars`. */
  readonly vars?: Readonly<Record<string, string>>;
}

/** Starts wrangler dev in a new folder outside of the repository. */
export async function startWranglerDev({ main, vars = {} }: WranglerDevOptions = {}): Promise<WranglerDev> {
  const directory = await mkdtemp(join(tmpdir(), 'lookup-'));
  await writeFile(join(directory, 'worker.js'), WORKER);
  await writeFile(
    join(directory, 'wrangler.toml'),
    `main = ${JSON.stringify(main ?? 'worker.js')}\n${CONFIG}`,
  );
  const secrets = Object.entries(vars).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(directory, '.dev.vars'), secrets.join(''));
  const port = await unusedPort();
  const url = `http://127.0.0.1:${port}`;
  const wrangler = join(import.meta.dirname, '../../node_modules/wrangler/bin/wrangler.js');
  const node = join(import.meta.dirname, '../../node_modules/node/bin/node');
  const args = [wrangler, 'dev', '--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'];
  const child = spawn(node, args, {
    cwd: directory,
    // The process has its own group, so that workerd can be ended with it.
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false', CI: 'true' },
  });
  const ended = new Promise((resolve) => child.on('close', resolve));

  for (let attempt = 0; !(await answers(url)); attempt++) {
    if (attempt > 500 || child.exitCode !== null) throw new Error('wrangler dev did not start');
    await sleep(200);
  }
  return {
    url,
    async log(record, body) {
      await fetch(url, { method: 'POST', body: JSON.stringify({ record, body }) });
    },
    async stop() {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await ended;
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { method: 'POST', body: '{"record":["ready?"]}' }).then(
    () => true,
    () => false,
  );
}
