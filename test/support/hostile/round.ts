/** One round: a Worker with settings of its own, asked by hostile visitors, in front of a hostile origin. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type PlainOptions, type PlainWorker, startPlainWorkerd } from '../plain-workerd.ts';
import { Tally, isComplete, problemsOfLog, problemsOfOutput } from './judge.ts';
import { randomFor } from './random.ts';
import { hostileSettings } from './settings.ts';
import { visit } from './visitor.ts';
import { type Visit, hostileVisit } from './visits.ts';

/** What a round is made of. */
export interface RoundOptions {
  readonly seed: number;
  /** The number of the first case; case numbers of a run are its own. */
  readonly first: number;
  /** How many cases, unless the time is over before. */
  readonly cases: number;
  readonly until?: number;
  readonly worker: PlainOptions;
  /** How many visitors at once. */
  readonly visitors?: number;
}

/** What came of a round. */
export interface Round {
  readonly tally: Tally;
  readonly visits: number;
  readonly requests: number;
  /** What was wrong, in words, with the number of its case. */
  readonly wrong: readonly string[];
}

/**
 * What the runtime itself throws, where no code can catch it: the origin answers before an upload is whole, and the
 * start of its body is still read when the visitor has the answer.
 */
const EARLY_ANSWER = "Can't read from request stream after response has been sent.";

/** Plays a round on a Worker of its own, and looks at its log. */
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

/** Lets visitors ask a Worker that runs. */
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

/** Waits until what was to be logged is, and nothing more comes. */
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
