/**
 * `npm run bench` measures the cost of the interceptor against a bare fetch in the same runtime. All contenders run
 * at once. In every round each of them does each kind of work, in short slices and in turn. So whatever else slows
 * the machine slows all of them alike. Options:
 *
 *     --rounds N      7; more rounds, less noise
 *     --seconds S     0.2; the length of a slice
 *     --work TEXT     only the kinds of work with this in their name, and no look at latency and memory
 *     --young         only the young isolate; its instructions are counted if valgrind is installed
 *     --worst         only the dearest request and the dearest error bodies, in ordinary failures
 *     --other FOLDER  compare with another bundle of this product, such as an older version
 *     --json FILE     writes all results, those of single rounds too
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startOrigin } from '../support/origin.ts';
import { BARE, buildContenders, LIMIT, PRODUCT } from './contenders.ts';
import { growth } from './growth.ts';
import { measureLatency } from './latency.ts';
import { measureRounds } from './rounds.ts';
import { describeNoise, describeWorst, renderTables, summarise } from './table.ts';
import { ORDINARY, WORST, works, worstWork } from './work.ts';
import { measureWorst } from './worst.ts';
import { measureYoung } from './young.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '0.2' },
    work: { type: 'string', default: '' },
    young: { type: 'boolean', default: false },
    worst: { type: 'boolean', default: false },
    other: { type: 'string' },
    json: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const worst = WORST.includes(values.work) && !values.young && !values.worst ? [worstWork()] : [];
const chosen = [...works.filter(({ name }) => name.includes(values.work)), ...worst];
if (!(rounds >= 1 && seconds >= 0.1 && chosen.length > 0)) {
  throw new Error('--rounds is 1 or more, --seconds 0.1 or more, and --work part of the name of some work');
}

if (values.worst) {
  console.log(await measureWorst());
  process.exit();
}

const startedAt = Date.now();
const folder = await mkdtemp(join(tmpdir(), 'bench-'));
const origin = await startOrigin();
try {
  const contenders = await buildContenders(folder, values.other);
  const route = origin.host;
  const measured = values.young
    ? { samples: [], starts: [] }
    : await measureRounds({ contenders, works: chosen, origin: route, rounds, seconds, folder });
  const isWhole = values.work === '' && !values.young;
  // One good answer and one error page. Only contenders that do the same job are compared at them.
  const two = chosen.filter(({ name, path }) => name === ORDINARY || path === '/page').slice(0, 2);
  const near = contenders.filter(({ name }) => [BARE, PRODUCT, LIMIT, 'the other bundle'].includes(name));
  const young = await measureYoung(near, two, route, rounds, folder);
  const latency = isWhole ? await measureLatency(near, two, route, rounds) : [];
  const memory = isWhole ? await growth(contenders, route, folder) : [];
  const results = { contenders, ...summarise(contenders, chosen, measured), young, latency, memory };
  console.log(renderTables(results));
  if (isWhole) console.log(describeWorst(measured), describeNoise(results));
  const took = Math.round((Date.now() - startedAt) / 1000);
  console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, ${rounds} rounds, ${took} s in all.`);
  if (values.json !== undefined) {
    await writeFile(values.json, JSON.stringify({ ...results, measured }, null, 2));
  }
} finally {
  await origin.stop();
  await rm(folder, { recursive: true });
}
