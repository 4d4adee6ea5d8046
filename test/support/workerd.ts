/** Runs Workers in Miniflare. Each has a socket of its own, so nothing stands between a client and the code. */
import { Miniflare, type MiniflareOptions, type Request, Response } from 'miniflare';
import { startPlainWorkerd } from './plain-workerd.ts';
import { type Tail, createTail, tailWorker } from './tail.ts';
import { type Module, type RunningWorker, type WorkerdOptions, compatibility, modulesOf } from './worker.ts';

export type { LogCall } from './tail.ts';
export type { RunningWorker, WorkerdOptions } from './worker.ts';

type WorkerOptions = NonNullable<MiniflareOptions['workers']>[number];

/** Starts one Worker. Resolves when it listens. */
export async function startWorkerd(options: WorkerdOptions): Promise<RunningWorker> {
  if (options.route !== undefined && options.originWorker === undefined) return startPlainWorkerd(options);
  const { main } = await startWorkers({ main: options });
  return main;
}

/**
 * Starts several Workers in one process, which takes less time than one process each. Resolves when they listen.
 * @param options the Workers; none of them may be in the route form
 */
export async function startWorkers<Options extends Readonly<Record<string, WorkerdOptions>>>(
  options: Options,
): Promise<Readonly<Record<keyof Options, RunningWorker>>>;
export async function startWorkers(
  options: Readonly<Record<string, WorkerdOptions>>,
): Promise<Readonly<Record<string, RunningWorker>>> {
  // Miniflare needs a valid name for each Worker, and a test may use any text.
  const asked = Object.entries(options).map(([key, worker], index) => ({ key, worker, name: `w${index}` }));
  const tails = new Map(asked.map(({ name }) => [name, createTail()]));
  const workers = await Promise.all(asked.map(({ name, worker }) => describeWorker(name, worker)));
  const miniflare = new Miniflare({
    workers: [...workers.flat(), describeTail(tails)],
    // The tail Worker collects the log, so it need not be on the screen, too.
    handleStructuredLogs: ({ message }) => process.env['WORKERD_OUTPUT'] && console.error(message),
  });
  await miniflare.ready;
  const running = asked.map(async ({ key, name }): Promise<[string, RunningWorker]> => {
    const { host, port } = await miniflare.unsafeGetDirectURL(name);
    const stop = () => miniflare.dispose();
    const tail = tails.get(name) ?? createTail();
    return [key, Object.assign(tail, { url: `http://${host}`, host, port: Number(port), stop })];
  });
  return Object.fromEntries(await Promise.all(running));
}

/** A Worker in the form of Miniflare's options, and the bound Worker behind it. */
async function describeWorker(name: string, options: WorkerdOptions): Promise<WorkerOptions[]> {
  const { vars = {}, originWorker, durableObjects = [] } = options;
  const variables = Object.entries(vars).map(([key, value]) => [key, { type: 'json', value }]);
  const origin = `${name}-origin`;
  const worker = describeModules(name, await modulesOf(options), {
    ...Object.fromEntries(variables),
    ...(originWorker !== undefined && { ORIGIN: { type: 'worker', worker: origin } }),
  });
  worker.config.exports = Object.fromEntries(
    durableObjects.map((name) => [name, { type: 'durable-object', storage: 'sqlite' }]),
  );
  worker.config.tailConsumers = [{ worker: 'tail', props: { name } }];
  worker.dev = {
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
    // Otherwise Miniflare would set CF-Worker and drop CF-Connecting-IP on the way to the origin.
    stripCfConnectingIp: false,
    cacheAPI: false,
  };
  return originWorker === undefined ? [worker] : [worker, describeSource(origin, originWorker)];
}

function describeModules(
  name: string,
  modules: readonly Module[],
  env: WorkerOptions['config']['env'],
): WorkerOptions {
  const manifest = {
    mainModule: modules[0]?.name ?? '',
    modulesRoot: '/',
    modules: Object.fromEntries(modules.map(({ name, type, contents }) => [name, { type, contents }])),
  };
  return { config: { ...compatibility, name, env, manifest }, dev: { cacheAPI: false } };
}

function describeSource(
  name: string,
  contents: string,
  env: WorkerOptions['config']['env'] = {},
): WorkerOptions {
  return describeModules(name, [{ name: 'index.js', type: 'esm', contents }], env);
}

/** One tail Worker for all. It sorts events by the name of the Worker that they come from. */
function describeTail(tails: ReadonlyMap<string, Tail>): WorkerOptions {
  const handler = async (request: Request) => {
    tails.get(new URL(request.url).pathname.slice(1))?.add(await request.json());
    return new Response();
  };
  return describeSource('tail', tailWorker, { SINK: { type: 'fetcher', handler } });
}
