/** Options and results of a Worker in a test, whatever program runs it. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tail } from './tail.ts';

/** Options of a Worker. */
export interface WorkerdOptions {
  /** The folder with the bundle, in which `index.js` is the Worker. */
  readonly bundle: string;
  /** Variables: texts and any other JSON values. */
  readonly vars?: Readonly<Record<string, unknown>>;
  /**
   * The route form: every fetch goes to this `host:port`, whatever the hostname, with the Host of its URL.
   * Without effect if `originWorker` is set.
   */
  readonly route?: string;
  /** The service binding `ORIGIN`, as the source of a module Worker. */
  readonly originWorker?: string;
  /** The names of exported classes that are Durable Objects. */
  readonly durableObjects?: readonly string[];
  /** The source of an entry module that runs before the Worker and exports it. It may import `./index.js`. */
  readonly entry?: string;
  /** Other contents for text modules of the bundle: the end of the module's name, and the text. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** A running Worker and its log. */
export interface RunningWorker extends Tail {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Stops the Worker, and all that were started with it. */
  stop(): Promise<void>;
}

export interface Module {
  readonly name: string;
  readonly type: 'esm' | 'text';
  readonly contents: string;
}

/** The compatibility date and flags of the Workers. */
export const compatibility = {
  compatibilityDate: '2026-11-17',
  compatibilityFlags: ['no_nodejs_compat', 'no_nodejs_compat_v2'],
};

/**
 * The modules of a Worker, the entry module first.
 * @throws Error if the bundle has none
 */
export async function modulesOf({ bundle, entry, texts = {} }: WorkerdOptions): Promise<Module[]> {
  const names = (await readdir(bundle)).filter((name) => /\.(js|html)$/.test(name));
  const read = names.map(async (name): Promise<Module> => {
    const replacement = Object.entries(texts).find(([ending]) => name.endsWith(ending))?.[1];
    const contents = replacement ?? (await readFile(join(bundle, name), 'utf8'));
    return { name, type: name.endsWith('.js') ? 'esm' : 'text', contents };
  });
  const all = await Promise.all(read);
  if (entry !== undefined) all.unshift({ name: 'entry.js', type: 'esm', contents: entry });
  const first = all.find(({ name }) => name === (entry === undefined ? 'index.js' : 'entry.js'));
  if (first === undefined) throw new Error(`There is no index.js in ${bundle}`);
  return [first, ...all.filter((module) => module !== first)];
}
