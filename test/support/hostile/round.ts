/** Plays one round: a Worker with its own settings, between hostile visitors and a hostile origin. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type PlainOptions, type PlainWorker, startPlainWorkerd } from '../plain-workerd.ts';
import { Tally, isComplete, problemsOfLog, problemsOfOutput } from './judge.ts';
import { randomFor } from './random.ts';
import { hostileSettings } from './settings.ts';
import { visit } from './visitor.ts';
import { type Visit, hostileVisit } from './visits.ts';

/** Options of a round. */
export interface RoundOptions {
  readonly seed: number;
  /** The number of the first case. No two cases of a run share a number. */
  readonly first: number;
  /** The number of cases. The round may end earlier if its time is over. */
  readonly cases: number;
  readonly until?: number;
  readonly worker: PlainOptions;
  /** The number of visitors at a time. */
  readonly visitors?: number;
}

/** The result of a round. */
export interface Round {
  readonly tally: Tally;
  readonly visits: number;
  readonly requests: number;
  /** The faults in words, each with the number of its case. */
  readonly wrong: readonly string[];
}

/**
 * Errors of the runtime that no code can catch. They occur when the origin answers before the end of an upload, and
 * the runtime still reads the start of the body after the visitor has the answer.
 */
const EARLY_ANSWER = "Can't read from request stream after response has been sent.";

/** Plays a round on a new Worker, and judges its log. */
export async function playRound(options: RoundOptions): Promise<Round> {
  const settings = hostileSettings(randomFor(options.seed, options.first));
  let output = '';
  const worker = await startPlainWorkerd({
    ...options.worker,
    onOutput: (text) => (output += text),
    vars: { ...settings, ...options.worker.vars },
  });
  try {
    const round = await visitWorker(worker, options);
    await quiet(worker, round.tally);
    const inLog = [...problemsOfLog(worker.logs, round.tally), ...problemsOfOutput(output)];
    for (const exception of worker.exceptions) {
      if (exception !== EARLY_ANSWER) inLog.push(`an exception reached the runtime: ${exception}`);
    }
    const context = `with ${JSON.stringify({ ...settings, ...options.worker.vars })}, cases from ${options.first}`;
    return { ...round, wrong: [...round.wrong, ...inLog.map((problem) => `${problem}\n  ${context}`)] };
  } finally {
    await worker.stop();
  }
}

/** Sends visitors to a running Worker. */
export async function visitWorker(
  worker: PlainWorker,
  { seed, first, cases, until = Infinity, visitors = 16 }: RoundOptions,
): Promise<Round> {
  const tally = new Tally();
  const wrong: string[] = [];
  let next = first;
  let requests = 0;
  const keepVisiting = async () => {
    while (next < first + cases && Date.now() < until) {
      const number = next++;
      const planned = hostileVisit(randomFor(seed, number), number);
      requests += planned.methods.length;
      const problems = tally.add(planned, await visit(worker.port, planned));
      wrong.push(...problems.map((problem) => `case ${number}: ${problem}\n  ${inWords(planned)}`));
    }
  };
  await Promise.all(Array.from({ length: visitors }, keepVisiting));
  return { tally, visits: next - first, requests, wrong };
}

function inWords({ parts, ending }: Visit): string {
  return `${JSON.stringify(parts.map((part) => part.slice(0, 1500)))}, then ${ending}`;
}

/** Waits until all expected lines are logged, and no more come. */
async function quiet(worker: PlainWorker, tally: Tally): Promise<void> {
  const deadline = Date.now() + 20_000;
  let before = -1;
  while (Date.now() < deadline) {
    const now = worker.logs.length;
    if (now === before && isComplete(worker.logs, tally)) return;
    before = now;
    await sleep(700);
  }
}
