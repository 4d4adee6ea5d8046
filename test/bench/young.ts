/**
 * The young isolate: the cost of the first requests of a fresh process, before V8 has optimised anything. Most
 * isolates at the edge are young. CPU time is the price that a machine pays, and it varies with other load.
 * valgrind counts instructions in user space, and they repeat within half a percent.
 */
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ask } from '../support/ask.ts';
import { type PlainWorker, startPlainWorkerd } from '../support/plain-workerd.ts';
import { type Contender, vars } from './contenders.ts';
import { cpuMicroseconds } from './measure.ts';
import { median } from './statistics.ts';
import type { Work } from './work.ts';

/** The number of requests for which an isolate counts as young. */
const YOUNG_REQUESTS = 1000;

type Question = Pick<Work, 'path' | 'headers'>;

/** The cost of one of the first thousand requests, for one contender. */
export interface Young {
  readonly contender: string;
  readonly work: string;
  /** CPU time of the process in microseconds, by round. */
  readonly cpu: readonly number[];
  /** Instructions of the process; undefined if valgrind is missing. */
  readonly instructions: number | undefined;
}

/** Measures each contender in a fresh process in every round, and counts its instructions once. */
export async function measureYoung(
  contenders: readonly Contender[],
  works: readonly Work[],
  route: string,
  rounds: number,
  folder: string,
): Promise<Young[]> {
  const pairs = works.flatMap((work) => contenders.map((contender) => ({ work, contender })));
  const cpu = pairs.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, { contender, work }] of pairs.entries()) {
      cpu[i]?.push(await youngCpu(contender, route, work));
    }
  }
  const counts = (await hasValgrind()) ? await countInstructions(pairs, route, folder) : [];
  return pairs.map(({ contender, work }, i) => ({
    contender: contender.name,
    work: work.name,
    cpu: cpu[i] ?? [],
    instructions: counts[i],
  }));
}

/** The cost of a contender's young requests relative to another's: the median of the rounds' ratios. */
export function youngRatio(own: Young, base: Young): { cpu: number; instructions: number } {
  return {
    cpu: median(own.cpu.map((value, round) => value / (base.cpu[round] ?? NaN))),
    instructions: (own.instructions ?? NaN) / (base.instructions ?? NaN),
  };
}

async function countInstructions(
  pairs: readonly { readonly work: Work; readonly contender: Contender }[],
  route: string,
  folder: string,
): Promise<number[]> {
  const starts = new Map<string, number>();
  const counts: number[] = [];
  for (const { contender, work } of pairs) {
    const start = starts.get(contender.name) ?? (await instructions(contender, route, work, 0, folder));
    starts.set(contender.name, start);
    const all = await instructions(contender, route, work, YOUNG_REQUESTS, folder);
    counts.push((all - start) / YOUNG_REQUESTS);
  }
  return counts;
}

/** CPU microseconds per request, over the first thousand requests of a process. */
async function youngCpu({ bundle }: Contender, route: string, work: Question): Promise<number> {
  const worker = await startPlainWorkerd({ bundle, vars, route, collectLogs: false });
  try {
    const before = await cpuMicroseconds(worker.pid);
    await askInTurn(worker, work, YOUNG_REQUESTS);
    return ((await cpuMicroseconds(worker.pid)) - before) / YOUNG_REQUESTS;
  } finally {
    await worker.stop();
  }
}

async function hasValgrind(): Promise<boolean> {
  return promisify(execFile)('valgrind', ['--version']).then(
    () => true,
    () => false,
  );
}

/**
 * Counts the instructions of a process from its start until it has answered this many requests and ended.
 * @param folder the folder for valgrind's report
 */
async function instructions(
  { bundle }: Pick<Contender, 'bundle'>,
  route: string,
  work: Question,
  requests: number,
  folder: string,
): Promise<number> {
  const report = join(folder, `valgrind-${crypto.randomUUID()}.log`);
  const worker = await startPlainWorkerd({
    bundle,
    vars,
    route,
    collectLogs: false,
    under: [
      'valgrind',
      '--tool=cachegrind',
      '--cache-sim=no',
      '--cachegrind-out-file=/dev/null',
      // V8 writes machine code while it runs. valgrind has to notice the changes.
      '--smc-check=all-non-file',
      `--log-file=${report}`,
    ],
  });
  try {
    await askInTurn(worker, work, requests);
  } finally {
    await worker.stop('SIGTERM');
  }
  const [, count = ''] = /I\s+refs:\s+([\d,]+)/.exec(await readFile(report, 'utf8')) ?? [];
  await rm(report);
  if (count === '') throw new Error('valgrind says nothing of instructions');
  return Number(count.replaceAll(',', ''));
}

/** Sends the requests one after the other on one connection, so that every run sends the same. */
async function askInTurn(worker: PlainWorker, { path, headers }: Question, requests: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; i < requests; i++) await ask(worker, { path, headers, agent });
  agent.destroy();
}
