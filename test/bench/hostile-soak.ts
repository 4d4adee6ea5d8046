/**
 * `npm run soak -- --hostile` sends random requests and answers that are made to attack, with random settings.
 * Each round has its own Worker, whose log is judged. Two more Workers run all the time, and their memory is
 * measured. `--seconds 120` sets the duration; `--seed N` repeats the same random choices, `--round N` one round.
 */
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { buildBundle } from '../support/bundle.ts';
import { type PlainOptions, startPlainWorkerd } from '../support/plain-workerd.ts';
import { type Round, playRound, visitWorker } from '../support/hostile/round.ts';
import { startHostileSite } from '../support/hostile/site.ts';
import { growthOf, watchMemory, watchable } from './memory-watch.ts';

const CASES = 300;
/** Case numbers of the measured Workers start here, above those of all rounds. */
const FAR = 1_000_000;

const { values } = parseArgs({
  options: {
    hostile: { type: 'boolean' },
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    round: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const seed = Number(values.seed);
if (!(seconds >= 5 && seconds <= 600)) throw new Error('--seconds is a number from 5 to 600');
const until = Date.now() + seconds * 1000;

const bundle = await buildBundle();
const site = await startHostileSite(seed, bundle);
const rounds: Round[] = [];
const measured: Round[] = [];
const memory: Record<string, ReturnType<typeof growthOf>> = {};
try {
  if (values.round === undefined) {
    const [origin, , application] = site.workers;
    await Promise.all([playRounds(), measure('origin', origin, 1), measure('application', application, 2)]);
  } else rounds.push(await play(Number(values.round)));
} finally {
  await site.stop();
  await rm(bundle, { recursive: true });
}
report();

async function playRounds(): Promise<void> {
  for (let number = 0; Date.now() < until; number++) rounds.push(await play(number));
}

function play(number: number): Promise<Round> {
  const worker = site.workers[number % site.workers.length] ?? site.workers[0];
  return playRound({ seed, first: 1 + number * CASES, cases: CASES, worker });
}

/** Sends visitors to one and the same Worker all the time. */
async function measure(name: string, options: PlainOptions, nth: number): Promise<void> {
  const worker = await startPlainWorkerd({
    ...options,
    ...watchable,
    vars: { ORIGIN_TIMEOUT_MS: 300, ...options.vars },
  });
  try {
    const visits = visitWorker(worker, {
      seed,
      first: FAR * nth,
      cases: FAR,
      until,
      worker: options,
      visitors: 6,
    });
    const samples = await watchMemory(worker, () => Date.now() < until);
    measured.push(await visits);
    memory[name] = growthOf(samples);
  } finally {
    await worker.stop();
  }
}

function report(): void {
  const all = [...rounds, ...measured];
  const sum = (value: (round: Round) => number) => all.reduce((total, round) => total + value(round), 0);
  const grown = Object.entries(memory).filter(([, { isFlat }]) => !isFlat);
  const wrong = [
    ...all.flatMap((round) => round.wrong),
    ...site.wrong.map((problem) => `at the origin: ${problem}`),
    ...grown.map(([name, { text }]) => `the memory in front of the ${name} grew: ${text}`),
  ];
  console.table({
    Seed: seed,
    'Time, s': seconds,
    'Rounds, each with other settings': rounds.length,
    Visitors: sum(({ visits }) => visits),
    Requests: sum(({ requests }) => requests),
    'Pages and other answers of ours': sum(({ tally }) => tally.pages),
    '5xx passed on': sum(({ tally }) => tally.passed),
    'Answers below 500': sum(({ tally }) => tally.good),
    'Refused by the runtime, as no HTTP': sum(({ tally }) => tally.refused),
    'Answers that nobody read to the end': sum(({ tally }) => tally.unread - tally.refused),
    ...Object.fromEntries(
      Object.entries(memory).map(([name, { text }]) => [`Memory in front of the ${name}`, text]),
    ),
    Violations: wrong.length,
  });
  for (const problem of wrong.slice(0, 20)) console.error(problem);
  if (wrong.length > 0)
    console.error(`Again: npm run soak -- --hostile --seed ${seed}; one round: --round N`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}
