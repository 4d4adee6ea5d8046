/** Reads the records of failures as soon as wrangler dev has stored them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { recordFact, type JsonObject, type LogLine } from '../lookup/log-line.ts';
import { LookupFailure } from '../lookup/log-store.ts';
import { localLogs } from '../lookup/local-logs.ts';
import { printable } from '../printable.ts';

const INTERVAL_MS = 300;
// An older line may be stored after a younger one.
const LATE_MS = 30_000;

/**
 * Asks the log store again and again. It yields nothing while the store does not answer, as before wrangler is ready.
 * @param address the address of wrangler dev
 * @param signal ends it
 */
export async function* newRecords(address: URL, signal: AbortSignal): AsyncGenerator<JsonObject> {
  const start = Date.now();
  const seen = new Set<string>();
  const logs = localLogs(address);
  while (!signal.aborted) {
    const window = { from: Math.max(start, Date.now() - LATE_MS), to: Date.now() + LATE_MS };
    const lines = await logs.lines([], window).catch((error: unknown): LogLine[] => {
      if (error instanceof LookupFailure) return [];
      throw error;
    });
    for (const { id, record } of lines.toReversed()) {
      if (record !== undefined && !seen.has(id)) yield record;
      seen.add(id);
    }
    await sleep(INTERVAL_MS, undefined, { signal }).catch(() => {});
  }
}

/**
 * A failure in one line.
 * @returns undefined for an addition to a failure, such as the origin's error body: it does not name the request
 * @example `503 GET /checkout → 01981d2c-3f4e-7a5b-8c9d-0e1f2a3b4c5d Origin answered 503`
 */
export function failureLine(record: JsonObject): string | undefined {
  const [method, path, id, message] = ['http.request.method', 'url.path', 'request_id', 'message'].map(
    (name) => recordFact(record, name),
  );
  if (method === undefined || id === undefined) return undefined;
  const status = recordFact(record, 'origin.status_code') ?? recordFact(record, 'http.response.status_code');
  return printable(`${status} ${method} ${path} → ${id} ${message}`);
}
