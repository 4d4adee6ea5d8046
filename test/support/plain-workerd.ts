/**
 * Runs a Worker in workerd without Miniflare, for two uses to which Miniflare does not fit. On a route,
 * `fetch(request)` has to fail like the network. Miniflare puts two Workers in between, so its errors are those of
 * another Worker ("remote"). The bench measures the process, and Miniflare runs Workers of its own in it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { type Config, type Service, serializeConfig } from 'miniflare';
import { listen } from '../../src/cli/dev/origin/listener.ts';
import { createTail, tailWorker } from './tail.ts';
import { type RunningWorker, type WorkerdOptions, compatibility, modulesOf } from './worker.ts';

/** Options of workerd. */
export interface PlainOptions extends Omit<WorkerdOptions, 'originWorker'> {
  /** Flags for V8, such as `--expose-gc`. */
  readonly v8Flags?: readonly string[];
  /** False: console output is not collected. The bench needs this. */
  readonly collectLogs?: boolean;
  /** Receives the output of the process itself. */
  readonly onOutput?: (text: string) => void;
  /** Visitors come by HTTPS. workerd itself speaks HTTP/1.1 only. */
  readonly tls?: KeyPair;
  /** A program that runs workerd, such as valgrind, with its arguments. */
  readonly under?: readonly string[];
}

/** A private key and a certificate, both in PEM. */
export interface KeyPair {
  readonly privateKey: string;
  readonly certificateChain: string;
}

/** A Worker in its own process. */
export interface PlainWorker extends RunningWorker {
  readonly pid: number;
  /** The time at which the process was spawned, on the clock of `performance.now()`. */
  readonly spawnedAt: number;
  /** Stops the Worker with another signal, which it may handle. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts workerd with a bundle. Resolves when it listens. */
export async function startPlainWorkerd(options: PlainOptions): Promise<PlainWorker> {
  const tail = createTail();
  const sink = await listen(
    createServer((request, response) => {
      // A Worker that is stopped while it logs breaks off in the middle of a line.
      json(request)
        .then(tail.add)
        .then(
          () => response.end(),
          () => response.destroy(),
        );
    }),
  );
  const config = serializeConfig(await configuration(options, sink.host));

  const spawnedAt = performance.now();
  const { onOutput, under = [] } = options;
  const silent = onOutput === undefined ? 'ignore' : 'pipe';
  const [program = '', ...args] = [...under, binary()];
  const child = spawn(program, [...args, 'serve', '--binary', '--experimental', '--control-fd=3', '-'], {
    stdio: ['pipe', silent, process.env['WORKERD_OUTPUT'] ? 'inherit' : silent, 'pipe'],
  });
  if (onOutput !== undefined) {
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onOutput);
  }
  const exited = once(child, 'exit');
  child.stdin?.end(config);
  const host = `127.0.0.1:${await listeningPort(child)}`;

  return Object.assign(tail, {
    url: `${options.tls === undefined ? 'http' : 'https'}://${host}`,
    host,
    port: Number(new URL(`http://${host}`).port),
    pid: child.pid ?? 0,
    spawnedAt,
    async stop(signal: NodeJS.Signals = 'SIGKILL') {
      child.kill(signal);
      await exited;
      await sink.stop();
    },
  });
}

/**
 * The path of the binary in Miniflare. Its launcher is avoided, because signals and measurements need the process
 * itself.
 */
function binary(): string {
  const ofMiniflare = createRequire(import.meta.resolve('miniflare'));
  const found: unknown = ofMiniflare('workerd').default;
  if (typeof found !== 'string') throw new Error('There is no workerd for this machine');
  return found;
}

/** Reads the port from the control messages that workerd writes to file descriptor 3. */
async function listeningPort(child: ChildProcess): Promise<number> {
  const control = child.stdio[3];
  if (!control || !('readable' in control)) throw new Error('No control pipe');
  for await (const line of createInterface({ input: control })) {
    const message: { event?: unknown; port?: unknown } = JSON.parse(line);
    if (message.event === 'listen' && typeof message.port === 'number') return message.port;
  }
  throw new Error('workerd ended before it listened; WORKERD_OUTPUT=1 shows why');
}

/** https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp */
async function configuration(options: PlainOptions, sink: string): Promise<Config> {
  const { vars = {}, route, v8Flags = [], collectLogs = true, tls } = options;
  const http = { cfBlobHeader: 'MF-CF-Blob' };
  const modules = await modulesOf(options);
  const bindings = Object.entries(vars).map(([name, value]) => ({ name, json: JSON.stringify(value) }));
  const tlsOptions = { trustBrowserCas: true };
  const internet: Service = { name: 'internet', network: { allow: ['public', 'private'], tlsOptions } };
  const outbound: Service = route === undefined ? internet : { name: 'route', external: external(route) };
  const main: Service = {
    name: 'main',
    worker: {
      ...compatibility,
      modules: modules.map(({ name, type, contents }) =>
        type === 'esm' ? { name, esModule: contents } : { name, text: contents },
      ),
      bindings,
      globalOutbound: { name: outbound.name ?? '' },
      tails: collectLogs ? [{ name: 'tail' }] : [],
    },
  };
  const tail: Service = {
    name: 'tail',
    worker: {
      ...compatibility,
      modules: [{ name: 'tail.js', esModule: tailWorker }],
      bindings: [{ name: 'SINK', service: { name: 'sink' } }],
    },
  };
  return {
    services: [main, tail, outbound, { name: 'sink', external: external(sink) }],
    sockets: [
      {
        name: 'http',
        address: '127.0.0.1:0',
        ...(tls === undefined ? { http } : { https: { options: http, tlsOptions: { keypair: tls } } }),
        service: { name: 'main' },
      },
    ],
    v8Flags: [...v8Flags],
  };
}

function external(address: string) {
  return { address, http: {} };
}
