/** Runs the rounds: every contender does every kind of work, in turn. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { unusedPort } from '../support/origin.ts';
import { type PlainWorker, startPlainWorkerd } from '../support/plain-workerd.ts';
import { type Contender, vars } from './contenders.ts';
import { load, type LoadResult } from './load.ts';
import { cpuMicroseconds } from './measure.ts';
import { median } from './statistics.ts';
import { canDo, examine, mixedScript, type Work, wrkScript } from './work.ts';

/** Options of a measurement. */
export interface RoundsOptions {
  readonly contenders: readonly Contender[];
  readonly works: readonly Work[];
  /** The host and port of the origin. */
  readonly origin: string;
  readonly rounds: number;
  /** The length of a slice, in which one contender does one kind of work. A round has two slices of each pair. */
  readonly seconds: number;
  /** The folder for temporary files. */
  readonly folder: string;
}

/** The results of one contender at one kind of work, in one round. */
export interface Sample {
  readonly contender: string;
  readonly work: string;
  readonly round: number;
  readonly requests: number;
  /** Counted per request. */
  readonly cpuMicroseconds: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** One start of one contender: the time to its first answer in milliseconds, by the clock and as CPU time. */
export interface Start {
  readonly contender: string;
  readonly round: number;
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
}

export interface Measured {
  readonly samples: readonly Sample[];
  readonly starts: readonly Start[];
}

/** A running contender, as two Workers: one has the origin behind it, one has nothing. */
interface Running {
  readonly contender: Contender;
  readonly reaching: PlainWorker;
  readonly refused: PlainWorker;
}

/**
 * Runs all rounds.
 * @throws Error if a contender answers wrongly
 */
export async function measureRounds(options: RoundsOptions): Promise<Measured> {
  const { contenders, origin, rounds } = options;
  const samples: Sample[] = [];
  const starts: Start[] = [];
  const mixed = join(options.folder, 'mixed.lua');
  await writeFile(mixed, mixedScript);
  const nowhere = `127.0.0.1:${await unusedPort()}`;
  const running: Running[] = [];
  try {
    for (const contender of contenders) {
      const start = (route: string) =>
        startPlainWorkerd({ bundle: contender.bundle, vars, route, collectLogs: false });
      const reaching = await start(origin);
      running.push({ contender, reaching, refused: await start(nowhere) });
      await load({ url: reaching.url, headers: {}, script: mixed, seconds: WARM_UP_SECONDS.start });
    }
    for (let round = 0; round < rounds; round++) {
      for (const contender of rotated(contenders, round)) {
        const start = await measureStart(contender, origin);
        starts.push({ contender: contender.name, round, ...start });
      }
      for (const work of options.works) {
        // The order changes from round to round, so no contender is always first.
        const able = rotated(running, round).filter(({ contender }) => canDo(contender.manner, work));
        samples.push(...(await measureWork(work, able, round, options)));
      }
    }
  } finally {
    await Promise.all(running.flatMap(({ reaching, refused }) => [reaching.stop(), refused.stop()]));
  }
  return { samples, starts };
}

// V8 interprets first and optimises later. That work is not part of a request's cost.
const WARM_UP_SECONDS = { start: 1.5, work: 0.4 };

/** Starts a contender afresh and sends it one request. */
async function measureStart({ bundle }: Contender, route: string) {
  const worker = await startPlainWorkerd({ bundle, vars, route, collectLogs: false });
  try {
    await (await fetch(`${worker.url}/page`)).arrayBuffer();
    const milliseconds = performance.now() - worker.spawnedAt;
    return { milliseconds, cpuMilliseconds: (await cpuMicroseconds(worker.pid)) / 1000 };
  } finally {
    await worker.stop();
  }
}

async function measureWork(
  work: Work,
  running: readonly Running[],
  round: number,
  { seconds, origin, folder }: RoundsOptions,
): Promise<Sample[]> {
  const script = wrkScript(work);
  const scriptFile = script === undefined ? undefined : join(folder, 'work.lua');
  if (script !== undefined && scriptFile !== undefined) await writeFile(scriptFile, script);

  const slice = async ({ contender, ...workers }: Running, seconds: number) => {
    const worker = work.origin === 'refuses' ? workers.refused : workers.reaching;
    const before = await cpuMicroseconds(worker.pid);
    const url = worker.url + work.path;
    const result = await load({ url, headers: work.headers, script: scriptFile, seconds });
    const wrong = result.errorStatuses !== (work.origin === 'works' ? 0 : result.requests);
    if (wrong)
      throw new Error(
        `${contender.name}, ${work.name}: ${result.errorStatuses} of ${result.requests} answers have an error status`,
      );
    return { ...result, cpuMicroseconds: (await cpuMicroseconds(worker.pid)) - before };
  };

  if (round === 0) {
    for (const one of running) {
      const { host } = work.origin === 'refuses' ? one.refused : one.reaching;
      const problem = await examine(work, one.contender.manner, host, origin);
      if (problem !== undefined) throw new Error(`${one.contender.name}, ${work.name}: ${problem}`);
      await slice(one, WARM_UP_SECONDS.work);
    }
  }
  const slices: (LoadResult & Pick<Sample, 'contender' | 'cpuMicroseconds'>)[] = [];
  // The order is run forwards and then backwards, so a drift of the machine's speed affects all contenders alike.
  for (const one of [...running, ...running.toReversed()]) {
    slices.push({ contender: one.contender.name, ...(await slice(one, seconds)) });
  }
  return running.map(({ contender: { name } }) => {
    const own = slices.filter(({ contender }) => contender === name);
    const requests = sum(own.map((slice) => slice.requests));
    return {
      contender: name,
      work: work.name,
      round,
      requests,
      cpuMicroseconds: sum(own.map((slice) => slice.cpuMicroseconds)) / requests,
      requestsPerSecond: median(own.map((slice) => slice.requestsPerSecond)),
      p50: median(own.map((slice) => slice.p50)),
      p99: median(own.map((slice) => slice.p99)),
    };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
