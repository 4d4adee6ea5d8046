import { isDeepStrictEqual } from 'node:util';
import got from 'got';
import ky from 'ky';
import superagent from 'superagent';
import { Agent, RetryAgent, request } from 'undici';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { recordsOf, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { installedVersion, python } from './support/http-clients.ts';
import { run, versionOf } from './support/run.ts';
import { startServer } from './support/server.ts';
import { tidy, witness } from './support/witness.ts';

const requests = `
import sys, requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry
session = requests.Session()
retry = Retry(total=3, backoff_factor=0.01, status_forcelist=[500, 503])
session.mount('http://', HTTPAdapter(max_retries=retry))
print(session.get(sys.argv[1]).text)
`;

/** A client that retries by itself. Its own pause is set to almost nothing. */
interface PersistentClient {
  readonly name: string;
  version(): Promise<string>;
  ask(url: string): Promise<string>;
  /** The statuses for which the client waits as long as Retry-After asks. */
  readonly heeds: readonly (500 | 503)[];
}

const clients: readonly PersistentClient[] = [
  {
    name: 'curl --retry',
    version: () => versionOf('curl'),
    ask: async (url) => (await run(['curl', '-sSf', '--retry', '3', url])).stdout,
    heeds: [500, 503],
  },
  {
    name: 'wget --retry-on-http-error',
    version: () => versionOf('wget'),
    ask: async (url) =>
      (await run(['wget', '-qO-', '--tries=3', '--waitretry=1', '--retry-on-http-error=500,503', url]))
        .stdout,
    heeds: [],
  },
  {
    name: 'Python requests with urllib3 Retry',
    version: () => versionOf(python),
    ask: async (url) => (await run([python, '-c', requests, url])).stdout,
    heeds: [503],
  },
  {
    name: 'got',
    version: async () => installedVersion('got'),
    ask: (url) => got(url).text(),
    heeds: [500, 503],
  },
  {
    name: 'ky',
    version: async () => installedVersion('ky'),
    ask: (url) => ky(url, { retry: { limit: 3, delay: () => 10 } }).text(),
    heeds: [503],
  },
  {
    name: 'undici RetryAgent',
    version: async () => installedVersion('undici'),
    async ask(url) {
      const dispatcher = new RetryAgent(new Agent(), { minTimeout: 10 });
      return (await request(url, { dispatcher })).body.text();
    },
    heeds: [500, 503],
  },
  {
    name: 'superagent .retry()',
    version: async () => installedVersion('superagent'),
    ask: async (url) => (await superagent.get(url).retry(3)).text,
    heeds: [],
  },
];

describe('Clients that try again', () => {
  let site: Daemon;
  const workers = new Map<500 | 503, RunningWorker>();

  beforeAll(async () => {
    site = await startServer('site');
    workers.set(500, await startBehind(site));
    workers.set(503, await startBehind(site, { ERROR_STATUS: 'origin' }));
  });

  /** The shortest pause between the requests that the site received. */
  async function shortestPause(key: string): Promise<number> {
    const times: number[] = JSON.parse(await (await fetch(`${site.url}/seen/${key}`)).text());
    expect(times).toHaveLength(3);
    return Math.min(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
  }

  it.concurrent.for(clients)(
    '$name gets there in the end, and keeps to Retry-After as far as it ever does',
    async (client, context) => {
      const { expect } = context;
      const key = `client-${clients.indexOf(client)}-`;
      const without = await client.ask(`${site.url}/flaky/${key}`);
      expect(without).toContain('Open again');

      const seen = await Promise.all(
        [...workers].map(async ([status, worker]) => {
          expect(await client.ask(`${worker.url}/flaky/${key}${status}`)).toBe(without);
          const path = `/flaky/${key}${status}`;
          await expect
            .poll(() =>
              recordsOf(worker).filter(({ url }) => isDeepStrictEqual(url, { ...Object(url), path })),
            )
            .toHaveLength(2);
          const pause = await shortestPause(key + status);
          // A timer may fire a little early.
          if (client.heeds.includes(status)) expect(pause).toBeGreaterThan(1900);
          return `ERROR_STATUS ${status === 500 ? '500' : 'origin'}: two failures, then “${tidy(without)}”${
            client.heeds.includes(status) ? '; keeps to Retry-After' : ''
          }`;
        }),
      );
      witness(context, {
        software: client.name,
        version: await client.version(),
        done: 'GET of what answers 503 with Retry-After twice',
        without: `two failures, then “${tidy(without)}”`,
        through: seen.join('. '),
        dead: 'see HTTP clients',
      });
    },
  );
});
