/** Applications that are Workers themselves. They are bundled as by wrangler, and run in Miniflare. */
import { build } from 'esbuild';
import { Miniflare, Response, convertV4MiniflareOptions } from 'miniflare';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { validRecord } from '../../support/valid-record.ts';
import type { LogCall, RunningWorker } from '../../support/workerd.ts';
import { atEnd } from './at-end.ts';

export type Application = Pick<RunningWorker, 'url' | 'host' | 'port' | 'logs' | 'recordsOf'>;

/** Options of an application. */
export interface ApplicationOptions {
  readonly bindings?: Readonly<Record<string, string>>;
  /** True to give the application Node's API, which some libraries need. */
  readonly nodejs?: boolean;
  /** Another Worker, an ES module, that gets the requests instead. The application is its binding `APPLICATION`. */
  readonly caller?: string;
}

/** Starts an application of apps/workers. It runs until the tests of the file have ended. */
export async function startApplication(
  name: string,
  { bindings = {}, nodejs = false, caller }: ApplicationOptions = {},
): Promise<Application> {
  const built = await build({
    entryPoints: [join(import.meta.dirname, `../apps/workers/${name}.ts`)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    loader: { '.html': 'text' },
    logLevel: 'error',
  });
  const logs: LogCall[] = [];
  const common = {
    compatibilityDate: '2026-11-17',
    compatibilityFlags: nodejs ? ['nodejs_compat'] : ['no_nodejs_compat', 'no_nodejs_compat_v2'],
  };
  const direct = { unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] };
  const module = (contents: string): { modules: { type: 'ESModule'; path: string; contents: string }[] } => ({
    modules: [{ type: 'ESModule', path: 'index.js', contents }],
  });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      // The tail Worker has these lines, too.
      handleStructuredLogs() {},
      workers: [
        ...(caller === undefined
          ? []
          : [
              {
                ...common,
                ...direct,
                ...module(caller),
                name: 'caller',
                serviceBindings: { APPLICATION: 'main' },
              },
            ]),
        {
          ...common,
          ...(caller === undefined ? direct : {}),
          ...module(built.outputFiles.map(({ text }) => text).join('')),
          name: 'main',
          bindings,
          tails: ['tail'],
        },
        {
          ...common,
          ...module(tailWorker),
          name: 'tail',
          serviceBindings: {
            async SINK(request: { json(): Promise<unknown> }) {
              const events = await request.json();
              for (const event of Array.isArray(events) ? events : []) logs.push(...event.logs);
              return new Response();
            },
          },
        },
      ],
    }),
  );
  atEnd(() => miniflare.dispose());
  const { href, host, port } = await miniflare.unsafeGetDirectURL(caller === undefined ? 'main' : 'caller');
  return {
    url: href.replace(/\/$/, ''),
    host,
    port: Number(port),
    logs,
    async recordsOf(requestId, count = 1) {
      for (const deadline = Date.now() + 10_000; ; await sleep(5)) {
        const found = logs.flatMap(({ message }) => message.filter(isRecord));
        const records = found.filter((record) => record['request_id'] === requestId);
        if (records.length >= count || Date.now() > deadline) return records.map(validRecord);
      }
    },
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const tailWorker = `export default {
  async tail(events, env) {
    await env.SINK.fetch('http://sink/', { method: 'POST', body: JSON.stringify(events) });
  },
};`;
