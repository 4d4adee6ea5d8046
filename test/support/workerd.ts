/** Runs Workers in Miniflare, asked on sockets of their own: nothing stands between a client and the code. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Miniflare, type MiniflareOptions, type Request, Response } from 'miniflare';
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
}

/** What a Worker logged: a call of `console`, its arguments as structured values. */
export interface LogCall {
  readonly level: string;
  readonly message: readonly unknown[];
}

/** A Worker that listens. */
export interface RunningWorker {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Every call of `console` so far, as a tail Worker (and so Workers Logs) gets it. */
  readonly logs: readonly LogCall[];
  /** How many invocations the tail Worker saw end with an exception that reached the runtime. */
  readonly uncaught: number;
  /**
   * The records logged with this request ID, each valid by the published schema; waits until there are
   * `count`, or returns those that there are after half a minute.
   * @throws Error where a record is not as the schema says
   */
  recordsOf(requestId: string, count?: number): Promise<Readonly<Record<string, unknown>>[]>;
  /** Stops it, and those that were started with it. */
  stop(): Promise<void>;
}

type WorkerOptions = NonNullable<MiniflareOptions['workers']>[number];

/** What the tail Worker has told of a Worker. */
interface Tail {
  readonly logs: LogCall[];
  uncaught: number;
}

const PATIENCE_MS = 30_000;
const compatibility = {
  compatibilityDate: '2026-11-17',
  compatibilityFlags: ['no_nodejs_compat', 'no_nodejs_compat_v2'],
};

/** Starts one Worker; resolves when it listens. */
export async function startWorkerd(options: WorkerdOptions): Promise<RunningWorker> {
  const { main } = await startWorkers({ main: options });
  return main;
}

/** Starts several Workers in one process, which is cheaper than one each; resolves when they listen. */
export async function startWorkers<Options extends Readonly<Record<string, WorkerdOptions>>>(
  options: Options,
): Promise<Readonly<Record<keyof Options, RunningWorker>>>;
export async function startWorkers(
  options: Readonly<Record<string, WorkerdOptions>>,
): Promise<Readonly<Record<string, RunningWorker>>> {
  // Miniflare's names of Workers: a test's may be any text.
  const started = Object.entries(options).map(([key, worker], index) => {
    const tail: Tail = { logs: [], uncaught: 0 };
    return { key, worker, name: `worker-${index}`, tail };
  });
  const described = await Promise.all(started.map(({ name, worker }) => describeWorker(name, worker)));
  const tails = new Map(started.map(({ name, tail }) => [name, tail]));
  const miniflare = new Miniflare({
    workers: [...described.flat(), describeTail(tails)],
    // The tail Worker brings what is logged, so it need not be on the screen as well.
    handleStructuredLogs: ({ message }) => process.env['WORKERD_OUTPUT'] && console.error(message),
  });
  await miniflare.ready;
  const running = started.map(async ({ key, name, tail }): Promise<[string, RunningWorker]> => {
    const { host, port } = await miniflare.unsafeGetDirectURL(name);
    return [key, runningWorker(host, Number(port), tail, () => miniflare.dispose())];
  });
  return Object.fromEntries(await Promise.all(running));
}

function runningWorker(host: string, port: number, tail: Tail, stop: () => Promise<void>): RunningWorker {
  return {
    url: `http://${host}`,
    host,
    port,
    logs: tail.logs,
    get uncaught() {
      return tail.uncaught;
    },
    async recordsOf(requestId, count = 1) {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const found = tail.logs.flatMap(({ message }) => message.filter(isRecord));
        const records = found.filter((record) => record['request_id'] === requestId);
        if (records.length >= count || Date.now() > deadline) return records.map(validRecord);
        await sleep(5);
      }
    },
    stop,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A Worker as Miniflare takes it, and the Workers behind it. */
async function describeWorker(name: string, options: WorkerdOptions): Promise<WorkerOptions[]> {
  const { vars = {}, route, originWorker } = options;
  const variables = Object.entries(vars).map(([key, value]) => [key, { type: 'json', value }]);
  const binding = originWorker === undefined ? {} : { ORIGIN: { type: 'worker', worker: `${name}-origin` } };
  const worker: WorkerOptions = {
    config: {
      ...compatibility,
      name,
      manifest: await manifestOf(options),
      env: { ...Object.fromEntries(variables), ...binding },
      tailConsumers: [{ worker: 'tail', props: { name } }],
    },
    dev: {
      unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
      // Or Miniflare would set CF-Worker and drop CF-Connecting-IP on the way to the origin.
      stripCfConnectingIp: false,
      cacheAPI: false,
      ...(route === undefined ? {} : { outboundService: { type: 'worker', worker: `${name}-route` } }),
    },
  };
  return [
    worker,
    ...(originWorker === undefined ? [] : [moduleWorker(`${name}-origin`, originWorker)]),
    ...(route === undefined
      ? []
      : [
          moduleWorker(
            `${name}-route`,
            'export default { fetch: (request, { ORIGIN }) => ORIGIN.fetch(request) };',
            { ORIGIN: { type: 'external', address: route, http: {} } },
          ),
        ]),
  ];
}

/** The modules of a bundle, the entry first. */
async function manifestOf({ bundle, entry, texts = {} }: WorkerdOptions) {
  const names = (await readdir(bundle)).filter((name) => /\.(js|html)$/.test(name));
  const modules = names.map(async (name) => {
    const replacement = Object.entries(texts).find(([ending]) => name.endsWith(ending))?.[1];
    const contents = replacement ?? (await readFile(join(bundle, name), 'utf8'));
    return [name, { type: name.endsWith('.js') ? 'esm' : 'text', contents }];
  });
  const added = entry === undefined ? {} : { 'entry.js': { type: 'esm', contents: entry } };
  return {
    mainModule: entry === undefined ? 'index.js' : 'entry.js',
    modulesRoot: bundle,
    modules: { ...Object.fromEntries(await Promise.all(modules)), ...added },
  };
}

function moduleWorker(
  name: string,
  contents: string,
  env: WorkerOptions['config']['env'] = {},
): WorkerOptions {
  const modules = { 'index.js': { type: 'esm' as const, contents } };
  return {
    config: { ...compatibility, name, env, manifest: { mainModule: 'index.js', modulesRoot: '/', modules } },
    dev: { cacheAPI: false },
  };
}

/** The tail Worker of all, which sorts what it gets by the name of the Worker that it comes from. */
function describeTail(tails: ReadonlyMap<string, Tail>): WorkerOptions {
  const source = `export default {
    async tail(events, { SINK }, { props }) {
      await SINK.fetch('http://sink/' + props.name, { method: 'POST', body: JSON.stringify(events) });
    },
  };`;
  const handler = async (request: Request) => {
    const tail = tails.get(new URL(request.url).pathname.slice(1));
    const events: unknown = await request.json();
    for (const event of Array.isArray(events) ? events : []) {
      tail?.logs.push(...event.logs);
      if (tail) tail.uncaught += event.exceptions.length;
    }
    return new Response();
  };
  return moduleWorker('tail', source, { SINK: { type: 'fetcher', handler } });
}
