/** Watches the memory of a running Worker for growth, after garbage collection. */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ask } from '../support/ask.ts';
import { median } from '../support/median.ts';
import type { PlainOptions, PlainWorker } from '../support/plain-workerd.ts';

const MEGABYTE = 1_000_000;
/**
 * The allowed difference in MB between the medians of the first and the last third. Even a Worker of one line grows
 * by 7 kB a request without garbage collection; with it, its memory settles within 15 MB.
 */
const TOLERATED_GROWTH_MB = 24;

/** Options that allow a Worker's memory to be watched. */
export const watchable = {
  collectLogs: false,
  v8Flags: ['--expose-gc'],
  entry: `
    import worker from './index.js';
    export default {
      fetch(request, env, ctx) {
        if (!request.url.endsWith('/collect-garbage')) return worker.fetch(request, env, ctx);
        gc();
        return new Response();
      },
    };
  `,
} satisfies Partial<PlainOptions>;

/** Resident memory in MB, measured twice a second after garbage collection. */
export async function watchMemory(worker: PlainWorker, isRunning: () => boolean): Promise<number[]> {
  const memory: number[] = [];
  while (isRunning()) {
    await ask(worker, { path: '/collect-garbage', headers: { Host: 'shop.example' } });
    const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(worker.pid)]);
    memory.push((Number(stdout) * 1024) / MEGABYTE);
    await sleep(500);
  }
  return memory;
}

/** The verdict, in words. `isFlat` is true if the memory did not grow. */
export function growthOf(memory: readonly number[]): { readonly isFlat: boolean; readonly text: string } {
  const third = Math.floor(memory.length / 3);
  const first = median(memory.slice(0, third));
  const last = median(memory.slice(-third));
  const allowed = first + TOLERATED_GROWTH_MB;
  const figures = [
    `first third ${first.toFixed(1)}`,
    `last third ${last.toFixed(1)}`,
    `allowed ${allowed.toFixed(1)}`,
  ];
  return {
    isFlat: last <= allowed,
    text: `${figures.join(', ')}, most ${Math.max(...memory).toFixed(1)} MB`,
  };
}
