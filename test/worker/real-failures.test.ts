/**
 * The error pages of real applications, as `npm run test:sites` keeps them. The cause is in the log, and the secrets
 * of the page are not.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { type RawOrigin, startRawOrigin } from '../support/raw-origin.ts';
import { validRecord } from '../support/valid-record.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

/** A line of the corpus. test/clients/sites/support/corpus.ts describes it. */
interface RealFailure {
  readonly site: string;
  readonly failure: string;
  readonly contentType: string;
  readonly body: string;
  readonly stays: readonly string[];
  readonly secret: readonly string[];
  readonly records: readonly object[];
}

const corpus = readFileSync(join(import.meta.dirname, '../unit/corpus/sites-records.jsonl'), 'utf8');
const failures = corpus.split('\n').flatMap((line): RealFailure[] => (line === '' ? [] : [JSON.parse(line)]));

let origin: RawOrigin;
let worker: RunningWorker;

beforeAll(async () => {
  origin = await startRawOrigin();
  const vars = { LOG_ORIGIN_BODY_BYTES: 8192 };
  worker = await startWorkerd({ bundle: inject('bundle'), route: origin.host, vars });
});
afterAll(async () => {
  await worker.stop();
  await origin.stop();
});

it('the corpus has failures of every site', () => {
  expect(new Set(failures.map(({ site }) => site)).size).toBeGreaterThanOrEqual(7);
});

it.each(failures)('$site: $failure', async ({ contentType, body, stays, secret, records }) => {
  const head = `HTTP/1.1 500 x\r\nContent-Type: ${contentType}\r\nContent-Length: ${Buffer.byteLength(body)}`;
  origin.bytes = Buffer.from(`${head}\r\n\r\n${body}`);
  const answer = await ask(worker, { headers: { Accept: 'text/html' } });
  const id = answer.header('X-Request-Id') ?? '';
  const [, second] = await worker.recordsOf(id, records.length);
  const logged = String(Object(second?.['origin'])['body']).replace(/\s+/g, ' ');
  for (const words of stays) expect(logged).toContain(words.replace(/\s+/g, ' '));
  for (const word of secret) expect(logged + answer.text).not.toContain(word);
  for (const record of records) {
    validRecord(record);
    for (const word of secret) expect(JSON.stringify(record)).not.toContain(word);
  }
});
