import { Client } from '@opensearch-project/opensearch';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { recordOfSeen, recordsOf, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { run, versionOf } from './support/run.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

/** A time limit in milliseconds. */
const LIMIT = 500;

/** The clients. Their method decides if the query is in the body of a GET. */
const searchers = [
  {
    name: 'OpenSearch client',
    done: 'a search by GET with a body',
    version: async () => installedVersion('@opensearch-project/opensearch'),
    async search(node: string, tea: string) {
      const client = new Client({ node, maxRetries: 0 });
      const body = { query: { match: { name: tea } } };
      const asked = client.transport.request({ method: 'GET', path: '/teas/_search', body });
      const seen = await asked.then(
        (answer) => JSON.stringify(answer.body),
        (error: unknown) => `${String(error)} ${JSON.stringify(Object(error).meta?.body)}`,
      );
      await client.close();
      return seen;
    },
  },
  {
    name: 'curl -X GET -d',
    done: 'a search by GET with a body',
    version: () => versionOf('curl'),
    async search(base: string, tea: string) {
      const query = JSON.stringify({ query: { match: { name: tea } } });
      const options = ['-X', 'GET', '-H', 'Content-Type: application/json', '-d', query];
      return (await run(['curl', '-sS', ...options, `${base}/teas/_search`])).seen;
    },
  },
] as const;

describe('Searches', () => {
  let engine: Daemon;
  /** The Workers, by their ORIGIN_TIMEOUT_MS. */
  const workers = new Map<number, RunningWorker>();
  const patient = (): RunningWorker => {
    const worker = workers.get(LIMIT);
    if (worker === undefined) throw new Error('Not started');
    return worker;
  };

  beforeAll(async () => {
    engine = await startServer('search');
    for (const limit of [0, LIMIT])
      workers.set(limit, await startBehind(engine, { ORIGIN_TIMEOUT_MS: limit }));
  });

  it.for(searchers)('$name: $done is as without the Worker, with a limit of time too', async ({ search }) => {
    const without = await search(engine.url, 'assam');
    expect(without).toContain('"_id":"assam"');
    for (const worker of workers.values()) {
      expect(await search(worker.url, 'assam')).toBe(without);
      expect(recordsOf(worker)).toEqual([]);
    }
  });

  it.for(searchers)(
    '$name: a failing search has the ID and not the words of the engine',
    async ({ search }) => {
      const seen = await search(patient().url, 'nothing');
      expect(seen).not.toContain('shard 2');
      expect(await recordOfSeen(patient(), seen)).toMatchObject({ message: 'Origin answered 503' });
    },
  );

  // A Worker cannot read the body of a GET and then send it on. So ORIGIN_TIMEOUT_MS does not apply to such a
  // request.
  it.for(searchers)('$name: a slow search is waited for, whatever the limit', async ({ search }) => {
    engine.freeze();
    const searched = search(patient().url, 'assam');
    await sleep(2 * LIMIT);
    engine.thaw();
    expect(await searched).toContain('"_id":"assam"');
  });

  it.for(searchers)('$name: the engine killed', async (searcher, context) => {
    const { name, done, search } = searcher;
    await engine.kill();
    const dead = await search(patient().url, 'assam');
    expect(await recordOfSeen(patient(), dead)).toMatchObject({
      message: 'Origin did not answer',
      answer: { format: 'json' },
    });
    const found = 'assam';
    const version = await searcher.version();
    witness(context, { software: name, version, done, without: found, through: found, dead });
  });
});
