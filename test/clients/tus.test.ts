import { DetailedError, Upload } from 'tus-js-client';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { temporaryFolder } from './support/at-end.ts';
import { lastRecord, recordOfSeen, recordsOf, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

const film = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));

/** Uploads in chunks. Waits for `afterChunk` when the first chunk has arrived. */
async function upload(
  base: string,
  retryDelays: number[] | null,
  afterChunk: () => Promise<void> = async () => {},
): Promise<string> {
  let isFirst = true;
  return new Promise((resolve) => {
    const sent = new Upload(film, {
      endpoint: `${base}/files`,
      chunkSize: 100_000,
      retryDelays,
      onChunkComplete() {
        if (isFirst) void afterChunk();
        isFirst = false;
      },
      onSuccess: () => resolve(`uploaded to /files/${sent.url?.split('/').at(-1)}`),
      onError(error) {
        const status = error instanceof DetailedError ? error.originalResponse?.getStatus() : undefined;
        resolve(`${error.message} (${status ?? 'no status'})`);
      },
    });
    sent.start();
  });
}

describe('tus', () => {
  let folder: string;
  let server: Daemon;
  let worker: RunningWorker;

  /** The stored bytes of an upload, found by the ID in its URL. */
  const stored = async (result: string) => readFile(join(folder, result.split('/').at(-1) ?? ''));

  beforeAll(async () => {
    folder = await temporaryFolder('tus');
    server = await startServer('uploads', [folder]);
    worker = await startBehind(server);
  });

  it('uploads in chunks as without the Worker', async () => {
    for (const { url } of [server, worker]) {
      const result = await upload(url, null);
      expect(result).toMatch(/^uploaded to/);
      expect((await stored(result)).equals(film)).toBe(true);
    }
  });

  it('an upload during which the server dies and comes back is complete in the end, each byte once', async () => {
    let restarted: Promise<void> | undefined;
    const result = await upload(worker.url, [100, 500, 1000, 2000, 4000, 8000], () => {
      restarted = (async () => {
        await server.kill();
        await expect.poll(() => recordsOf(worker).length, { timeout: 20_000 }).toBeGreaterThan(0);
        server = await startServer('uploads', [folder], server);
      })();
      return restarted;
    });
    await restarted;
    expect(result).toMatch(/^uploaded to/);
    expect((await stored(result)).equals(film)).toBe(true);
  });

  it('the server killed: the application is told the status, and the ID', async (context) => {
    const [without, through] = [await upload(server.url, null), await upload(worker.url, null)];
    await server.kill();
    const since = recordsOf(worker).length;
    const files = (await readdir(folder)).length;
    const dead = await upload(worker.url, null);
    expect(dead).toMatch(/\(500\)$/);
    expect(await recordOfSeen(worker, dead)).toMatchObject({ message: 'Origin did not answer' });
    expect(await lastRecord(worker, since)).toMatchObject({ http: { request: { method: 'POST' } } });
    expect(await readdir(folder)).toHaveLength(files);
    witness(context, {
      software: 'tus-js-client',
      version: `${installedVersion('tus-js-client')}, @tus/server ${installedVersion('@tus/server')}`,
      done: 'an upload in three chunks',
      without: without.replace(/files\/.*/, 'files/…'),
      through: through.replace(/files\/.*/, 'files/…'),
      dead,
    });
  });
});
