import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { temporaryFolder } from './support/at-end.ts';
import { lastRecord, recordsOf, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

const s3 = (endpoint: string) =>
  new S3Client({
    endpoint,
    region: 'eu-west-1',
    forcePathStyle: true,
    maxAttempts: 2,
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
  });

/** Stores an object, reads it, reads a part of it, lists, and asks for a missing object. */
async function work(endpoint: string): Promise<string> {
  const client = s3(endpoint);
  const Bucket = 'shop';
  try {
    await client.send(
      new PutObjectCommand({ Bucket, Key: 'tea.txt', Body: 'Earl Grey, hot', ContentType: 'text/plain' }),
    );
    const whole = await client.send(new GetObjectCommand({ Bucket, Key: 'tea.txt' }));
    const part = await client.send(new GetObjectCommand({ Bucket, Key: 'tea.txt', Range: 'bytes=0-3' }));
    const list = await client.send(new ListObjectsV2Command({ Bucket }));
    const missing = await get(endpoint, Bucket, 'coffee.txt');
    const texts = [
      await whole.Body?.transformToString(),
      part.ContentRange,
      await part.Body?.transformToString(),
    ];
    return [...texts, ...(list.Contents ?? []).map(({ Key }) => Key), missing].join(', ');
  } catch (error) {
    return nameOf(error);
  }
}

async function get(endpoint: string, Bucket: string, Key: string): Promise<string> {
  try {
    const { Body } = await s3(endpoint).send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  } catch (error) {
    return nameOf(error);
  }
}

/** The SDK reads errors as XML. For other bodies it says that it could not read them, and keeps the status. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  const status = '$metadata' in error ? `, status ${Object(error.$metadata)['httpStatusCode']}` : '';
  return `${error.name}: ${error.message.split('\n')[0]}${status}`;
}

describe('S3', () => {
  let server: Daemon;
  let site: Daemon;
  let worker: RunningWorker;

  beforeAll(async () => {
    server = await startServer('s3', [await temporaryFolder('s3')]);
    site = await startServer('site');
    worker = await startBehind(server);
  });

  it('stores, reads, reads parts, lists and misses as without the Worker', async () => {
    const direct = await work(server.url);
    expect(direct).toContain('Earl Grey, hot');
    expect(direct).toContain('NoSuchKey');
    expect(await work(worker.url)).toBe(direct);
  });

  it('"SlowDown" is still "SlowDown" with INTERCEPT "pages", whatever ERROR_STATUS', async () => {
    const direct = await get(site.url, 'fail', 'xml');
    expect(direct).toContain('SlowDown');
    for (const ERROR_STATUS of ['500', 'origin']) {
      const pages = await startBehind(site, { INTERCEPT: 'pages', ERROR_STATUS });
      expect(await get(pages.url, 'fail', 'xml')).toBe(direct);
    }
  });

  it('an error of the server is text for the SDK, which sees the status and tries as often as without the Worker', async () => {
    const all = await startBehind(site);
    expect(await get(all.url, 'fail', 'xml')).toContain('status 500');
    await expect.poll(() => recordsOf(all)).toHaveLength(2);
    expect(await lastRecord(all)).toMatchObject({ answer: { format: 'text' } });
  });

  it('the server killed', async (context) => {
    const [without, through] = [await work(server.url), await work(worker.url)];
    await server.kill();
    const since = recordsOf(worker).length;
    const dead = await work(worker.url);
    expect(dead).toContain('status 500');
    expect(await lastRecord(worker, since)).toMatchObject({ message: 'Origin did not answer' });
    witness(context, {
      software: 'AWS SDK for S3',
      version: `${installedVersion('@aws-sdk/client-s3')}, s3rver ${installedVersion('s3rver')}`,
      done: 'PutObject, GetObject, ranges, ListObjectsV2, a missing key',
      without,
      through,
      dead,
    });
  });
});
