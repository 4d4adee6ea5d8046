/** Runs a bundle in workerd, with nothing between its sockets and the Worker's code. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { validRecord } from './valid-record.ts';

/** How to run a bundle. */
export interface WorkerdOptions {
  /** The folder with the bundle; its `index.js` is the Worker. */
  readonly bundle: string;
  /** Variables: texts, and anything else that JSON holds. */
  readonly vars?: Readonly<Record<string, unknown>>;
  /** The route form: every fetch goes to this `host:port`, whatever the hostname, with the Host it asks for. */
  readonly route?: string;
  /** The service binding `ORIGIN`: the source of a module Worker. */
  readonly originWorker?: string;
  /** The source of an entry module that runs before and exports the Worker: it may import `./index.js`. */
  readonly entry?: string;
  /** Other contents for text modules of the bundle: the end of the module's name, and the text. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Flags for V8, such as `--expose-gc`. */
  readonly v8Flags?: readonly string[];
  /** Off: console output is not collected. For the bench. */
  readonly collectLogs?: boolean;
}

/** What a Worker logged: a call of `console`, its arguments as structured values. */
export interface LogCall {
  readonly level: string;
  readonly message: readonly unknown[];
}

/** A Worker in workerd. */
export interface RunningWorker {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  /** When the process was spawned, as `performance.now()` counts. */
  readonly spawnedAt: number;
  /** Every call of `console` so far, as a tail Worker (and so Workers Logs) gets it. */
  readonly logs: readonly LogCall[];
  /** How many invocations the tail Worker saw end with an exception that reached the runtime. */
  readonly uncaught: number;
  /**
   * The records logged with this request ID, each valid by the published schema; waits until there are
   * `count`, two seconds at most.
   * @throws Error where a record is not as the schema says
   */
  recordsOf(requestId: string, count?: number): Promise<Readonly<Record<string, unknown>>[]>;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');
// The module behind workerd's launcher is the binary, so that the process can be measured and stopped.
const binary = join(root, `node_modules/@cloudflare/workerd-${platformName()}/bin/workerd`);

function platformName(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return `${platform}-${process.arch === 'x64' ? '64' : process.arch}`;
}

/** Starts workerd with a bundle; resolves when it listens. */
export async function startWorkerd(options: WorkerdOptions): Promise<RunningWorker> {
  const logs: LogCall[] = [];
  const state = { uncaught: 0 };
  const sink = createServer((request, response) => {
    void json(request).then((events) => {
      for (const event of Array.isArray(events) ? events : []) {
        logs.push(...event.logs);
        state.uncaught += event.exceptions.length;
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const folder = await mkdtemp(join(tmpdir(), 'workerd-'));
  const config = join(folder, 'config.capnp');
  const modules = await copyModules(options, folder);
  await writeFile(config, configuration(options, modules, portOf(sink.address())));

  const spawnedAt = performance.now();
  const child = spawn(binary, ['serve', config, '--control-fd=3', '--experimental'], {
    stdio: ['ignore', 'ignore', process.env['WORKERD_OUTPUT'] ? 'inherit' : 'ignore', 'pipe'],
  });
  const port = await listeningPort(child);

  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    spawnedAt,
    logs,
    get uncaught() {
      return state.uncaught;
    },
    async recordsOf(requestId, count = 1) {
      const deadline = Date.now() + 2000;
      for (;;) {
        const found = logs.flatMap(({ message }) => message.filter(isRecord));
        const records = found.filter((record) => record['request_id'] === requestId);
        if (records.length >= count || Date.now() > deadline) return records.map(validRecord);
        await sleep(5);
      }
    },
    async stop() {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await exited;
      }
      sink.closeAllConnections();
      sink.close();
      await rm(folder, { recursive: true });
    },
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The log sink does not listen');
  return address.port;
}

/** Reads the port from the control messages that workerd writes to file descriptor 3. */
async function listeningPort(child: ChildProcess): Promise<number> {
  const control = child.stdio[3];
  if (control === null || control === undefined || !('readable' in control))
    throw new Error('No control pipe');
  for await (const line of createInterface({ input: control })) {
    const message: unknown = JSON.parse(line);
    if (isRecord(message) && message['event'] === 'listen' && typeof message['port'] === 'number') {
      return message['port'];
    }
  }
  throw new Error('workerd ended before it listened; WORKERD_OUTPUT=1 shows why');
}

/** Copies the bundle's modules beside the configuration; returns their names, the entry first. */
async function copyModules({ bundle, entry, texts = {} }: WorkerdOptions, folder: string): Promise<string[]> {
  const names = (await readdir(bundle)).filter((name) => /\.(js|html)$/.test(name));
  for (const name of names) {
    const replacement = Object.entries(texts).find(([ending]) => name.endsWith(ending))?.[1];
    await writeFile(join(folder, name), replacement ?? (await readFile(join(bundle, name))));
  }
  if (entry !== undefined) await writeFile(join(folder, 'entry.js'), entry);
  const first = entry === undefined ? 'index.js' : 'entry.js';
  return [first, ...names.filter((name) => name !== first)];
}

/** https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp */
function configuration(options: WorkerdOptions, names: readonly string[], sinkPort: number): string {
  const { vars = {}, route, originWorker, collectLogs = true, v8Flags = [] } = options;
  const modules = names.map(
    (name) =>
      `(name = ${quoted(name)}, ${name.endsWith('.js') ? 'esModule' : 'text'} = embed ${quoted(name)})`,
  );
  const bindings = Object.entries(vars).map(([name, value]) =>
    typeof value === 'string'
      ? `(name = ${quoted(name)}, text = ${quoted(value)})`
      : `(name = ${quoted(name)}, json = ${quoted(JSON.stringify(value))})`,
  );
  if (originWorker !== undefined) bindings.push('(name = "ORIGIN", service = "origin-worker")');
  const compatibility = `compatibilityDate = "2026-11-17",
  compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2"],`;
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    ${collectLogs ? '(name = "tail", worker = .tail),' : ''}
    (name = "sink", external = (address = "127.0.0.1:${sinkPort}", http = ())),
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
    ${route === undefined ? '' : `(name = "route", external = (address = ${quoted(route)}, http = ())),`}
    ${originWorker === undefined ? '' : '(name = "origin-worker", worker = .originWorker),'}
  ],
  v8Flags = [${v8Flags.map(quoted).join(', ')}],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (cfBlobHeader = "Test-Cf"), service = "main")],
);

const main :Workerd.Worker = (
  ${compatibility}
  modules = [${modules.join(', ')}],
  bindings = [${bindings.join(', ')}],
  globalOutbound = ${route === undefined ? '"internet"' : '"route"'},
  ${collectLogs ? 'tails = ["tail"],' : ''}
);

const tail :Workerd.Worker = (
  ${compatibility}
  modules = [(name = "tail.js", esModule = ${quoted(tailWorker)})],
  bindings = [(name = "SINK", service = "sink")],
);

const originWorker :Workerd.Worker = (
  ${compatibility}
  modules = [(name = "origin.js", esModule = ${quoted(originWorker ?? 'export default {}')})],
);
`;
}

const tailWorker = `export default {
  async tail(events, env) {
    await env.SINK.fetch('http://sink/', { method: 'POST', body: JSON.stringify(events) });
  },
};`;

/** A text as Cap'n Proto writes it. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
