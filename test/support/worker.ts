/** What there is to say of a Worker that a test runs, whatever it runs in. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tail } from './tail.ts';

/** How to run a bundle. */
export interface WorkerdOptions {
  /** The folder with the bundle; its `index.js` is the Worker. */
  readonly bundle: string;
  /** Variables: texts, and anything else that JSON holds. */
  readonly vars?: Readonly<Record<string, unknown>>;
  /**
   * The route form: every fetch goes to this `host:port`, whatever the hostname, with the Host it asks for.
   * Without effect beside `originWorker`.
   */
  readonly route?: string;
  /** The service binding `ORIGIN`: the source of a module Worker. */
  readonly originWorker?: string;
  /** The names of exported classes that are Durable Objects. */
  readonly durableObjects?: readonly string[];
  /** The source of an entry module that runs before and exports the Worker: it may import `./index.js`. */
  readonly entry?: string;
  /** Other contents for text modules of the bundle: the end of the module's name, and the text. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** A Worker that listens, and its log. */
export interface RunningWorker extends Tail {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Stops it, and those that were started with it. */
  stop(): Promise<void>;
}

/** A module of a Worker. */
export interface Module {
  readonly name: string;
  readonly type: 'esm' | 'text';
  readonly contents: string;
}

/** What the Workers are made for. */
export const compatibility = {
  compatibilityDate: '2026-11-17',
  compatibilityFlags: ['no_nodejs_compat', 'no_nodejs_compat_v2'],
};

/**
 * The modules of a Worker, the entry first.
 * @throws Error where the bundle has none
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
