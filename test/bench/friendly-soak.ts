/**
 * `npm run soak` sends mixed good and failing traffic on 64 connections, with an origin that dies and comes back.
 * Half of it goes to a Worker whose log is collected: every request must have an answer, and every ID on a
 * page exactly one record. The other half goes to a Worker whose memory is measured after garbage collection: it
 * must not grow. `--seconds 90` sets the duration. Prints figures; the exit code is 1 if a promise is broken.
 */
import { rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ask } from '../support/ask.ts';
import { buildBundle } from '../support/bundle.ts';
import { median } from '../support/median.ts';
import { startOrigin } from '../support/origin.ts';
import { type PlainWorker, startPlainWorkerd } from '../support/plain-workerd.ts';
import { growthOf, watchMemory, watchable } from './memory-watch.ts';

const CONNECTIONS = 64;
/**
 * The longest pause between two requests on a connection, in milliseconds. It keeps the client from being the limit.
 */
const PAUSE_MS = 40;
const TIMEOUT_MS = 2000;

/** The requests, each with its weight. `good` is the expected status while the origin is alive. */
const mix = [
  { path: '/page', times: 30, good: 200 },
  { path: '/big-page', times: 6, good: 200 },
  { path: '/gzip', times: 6, good: 200 },
  { path: '/redirect', times: 4, good: 302 },
  { path: '/status/404', times: 4, good: 404 },
  { path: '/echo', method: 'POST', times: 6, good: 200 },
  { path: '/slow/50', times: 4, good: 200 },
  { path: '/status/500', times: 6 },
  { path: '/status/503', times: 6, method: 'POST' },
  { path: '/cloudflare/522', times: 3 },
  { path: '/cloudflare/530', times: 3 },
  { path: '/closed', times: 4 },
  { path: '/reset', times: 4 },
  { path: '/garbage', times: 3 },
  { path: '/stalled-500', times: 3 },
  { path: '/endless-500', times: 1 },
  { path: '/reset-500', times: 3 },
  { path: '/early-500', method: 'POST', times: 2 },
  { path: '/silent', times: 1 },
] as const satisfies readonly Kind[];

interface Kind {
  readonly path: string;
  readonly times: number;
  readonly method?: 'POST';
  readonly good?: number;
}

const kinds: readonly Kind[] = mix.flatMap((kind) => Array<Kind>(kind.times).fill(kind));

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const seconds = Number(options.seconds);
if (!(seconds >= 5 && seconds <= 120)) throw new Error('--seconds is a number from 5 to 120');

const violations: string[] = [];
const goodTimes: number[] = [];
const failedTimes: number[] = [];
/** The answers of the Worker whose log is collected. */
const ids: string[] = [];
const statuses = new Map<number, number>();
let memory: readonly number[] = [];
/** Good answers that broke off in the body. Only a dying origin may cause them. */
let cutOff = 0;
/** Error pages because of a time limit, although the origin was alive. */
let tooSlow = 0;
let deaths = 0;
/** The last time at which the origin was not wholly alive. */
let lastDeadAt = -Infinity;

const bundle = await buildBundle();
let origin = await startOrigin();
const { port } = origin;
const vars = { ORIGIN_URL: origin.url, ORIGIN_TIMEOUT_MS: TIMEOUT_MS };
const logging = await startPlainWorkerd({ bundle, vars });
const measured = await startPlainWorkerd({ bundle, vars, ...watchable });
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS / 2 });
const endsAt = Date.now() + seconds * 1000;
const isRunning = () => Date.now() < endsAt;

try {
  await Promise.all([
    ...Array.from({ length: CONNECTIONS }, (_, index) => keepAsking(index % 2 === 0 ? logging : measured)),
    killAndRevive(),
    watchMemory(measured, isRunning).then((samples) => (memory = samples)),
  ]);
  await checkLog();
  if (!growthOf(memory).isFlat) violations.push('memory grew');
} finally {
  agent.destroy();
  await Promise.all([logging.stop(), measured.stop()]);
  await origin.stop();
  await rm(bundle, { recursive: true });
}
report();

async function keepAsking(worker: PlainWorker): Promise<void> {
  while (isRunning()) {
    const kind = kinds[Math.floor(Math.random() * kinds.length)];
    if (kind !== undefined) await askOnce(worker, kind);
    await sleep(Math.random() * PAUSE_MS);
  }
}

async function askOnce(worker: PlainWorker, { path, method, good }: Kind): Promise<void> {
  const startedAt = Date.now();
  const body = method === 'POST' ? 'x'.repeat(2000) : undefined;
  try {
    const question = { path, agent, headers: { Accept: 'text/html' } };
    const answer = await ask(worker, body === undefined ? question : { ...question, method: 'POST', body });
    const { status, milliseconds } = answer;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === good) {
      goodTimes.push(milliseconds);
      return;
    }
    const id = answer.header('x-request-id') ?? '';
    if (status !== 500 || !answer.text.includes(`>${id}<`))
      violations.push(`${path}: ${status} without a page`);
    if (good !== undefined && startedAt > lastDeadAt) {
      // A good answer may be too late if the machine is busy with something else.
      if (milliseconds >= TIMEOUT_MS) tooSlow += 1;
      else violations.push(`${path}: a page although the origin was well`);
    }
    if (worker === logging) ids.push(id);
    failedTimes.push(milliseconds);
  } catch (error) {
    // The origin died after the visitor had a good status and a part of the body.
    const wasCut = good !== undefined && error instanceof Error && error.message === 'aborted';
    if (wasCut && lastDeadAt >= startedAt) cutOff += 1;
    else violations.push(`${path}: no answer: ${String(error)}`);
  }
}

/** Kills the origin for a moment, every tenth of the time: its port closes, and every connection with it. */
async function killAndRevive(): Promise<void> {
  const alive = seconds * 100;
  for (;;) {
    await sleep(alive * 0.7);
    if (Date.now() + alive > endsAt) return;
    deaths += 1;
    lastDeadAt = Infinity;
    await origin.stop();
    await sleep(alive * 0.3);
    origin = await startOrigin({ port });
    lastDeadAt = Date.now();
  }
}

/** Checks that every ID on a page belongs to exactly one failure, and that every failure was seen by a visitor. */
async function checkLog(): Promise<void> {
  let found = countRecords();
  for (const deadline = Date.now() + 10_000; found.size < ids.length && Date.now() < deadline;) {
    await sleep(100);
    found = countRecords();
  }
  if (new Set(ids).size !== ids.length) violations.push('two pages have the same ID');
  for (const id of ids) {
    const count = found.get(id) ?? 0;
    if (count !== 1) violations.push(`the ID ${id} on a page has ${count} records`);
    found.delete(id);
  }
  for (const id of found.keys()) violations.push(`the record ${id} belongs to no page`);
  if (logging.uncaught > 0) violations.push(`${logging.uncaught} exceptions reached the runtime`);
}

function countRecords(): Map<unknown, number> {
  const found = new Map<unknown, number>();
  for (const { level, message } of logging.logs) {
    const [record] = message;
    if (level !== 'error' || typeof record !== 'object' || record === null || !('request_id' in record))
      continue;
    found.set(record.request_id, (found.get(record.request_id) ?? 0) + 1);
  }
  return found;
}

function report(): void {
  const time = (all: readonly number[]) => `${all.length}, median ${median(all).toFixed(1)} ms`;
  console.table({
    'Time, s': seconds,
    Connections: CONNECTIONS,
    'Requests per second': Math.round((goodTimes.length + failedTimes.length + cutOff) / seconds),
    'Good answers': time(goodTimes),
    'Error pages': time(failedTimes),
    'By status': [...statuses].map(([status, count]) => `${status}: ${count}`).join(', '),
    'Origin died': deaths,
    'Good answers cut by that': cutOff,
    'Good answers that took too long': tooSlow,
    'IDs on pages of the first Worker': ids.length,
    'Memory of the second': growthOf(memory).text,
    Violations: violations.length,
  });
  for (const violation of violations.slice(0, 20)) console.error(violation);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
