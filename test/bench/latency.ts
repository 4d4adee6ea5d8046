/**
 * Measures the latency that a Worker adds, at a fixed rate below saturation. Slow answers do not delay later
 * requests.
 */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../support/ask.ts';
import { startPlainWorkerd } from '../support/plain-workerd.ts';
import { type Contender, vars } from './contenders.ts';
import { percentile } from './statistics.ts';
import type { Work } from './work.ts';

const REQUESTS_PER_SECOND = 200;
const REQUESTS = 400;

/** The visitors' waiting times at one contender in milliseconds, by round. */
export interface Latency {
  readonly contender: string;
  readonly work: string;
  readonly p50: readonly number[];
  readonly p99: readonly number[];
}

/** Measures contenders in turn, each in a process that has already answered requests. */
export async function measureLatency(
  contenders: readonly Contender[],
  works: readonly Work[],
  route: string,
  rounds: number,
): Promise<Latency[]> {
  const workers = await Promise.all(
    contenders.map(({ bundle }) => startPlainWorkerd({ bundle, vars, route, collectLogs: false })),
  );
  try {
    const measured = works.flatMap((work) =>
      workers.map((worker, i) => {
        const kept: number[][] = [];
        return { work, worker, name: contenders[i]?.name ?? '', rounds: kept };
      }),
    );
    // The first round only warms up.
    for (let round = 0; round <= rounds; round++) {
      for (const { work, worker, rounds: kept } of measured) {
        const times = await atFixedRate(worker, work);
        if (round > 0) kept.push(times);
      }
    }
    return measured.map(({ work, name, rounds: kept }) => ({
      contender: name,
      work: work.name,
      p50: kept.map((times) => percentile(times, 0.5)),
      p99: kept.map((times) => percentile(times, 0.99)),
    }));
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}

/** Sends each request at its time, even if earlier ones are unanswered. Returns the waiting times in milliseconds. */
async function atFixedRate(worker: { readonly port: number }, { path, headers }: Work): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const startedAt = performance.now();
  const times: Promise<number>[] = [];
  for (let i = 0; i < REQUESTS; i++) {
    await sleep(Math.max(0, startedAt + (i * 1000) / REQUESTS_PER_SECOND - performance.now()));
    times.push(ask(worker, { path, headers, agent }).then(({ milliseconds }) => milliseconds));
  }
  const all = await Promise.all(times);
  agent.destroy();
  return all;
}
