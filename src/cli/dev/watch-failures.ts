/** Prints a line for each failure as soon as wrangler dev has stored its record. */
import { recordFact, type JsonObject } from '../lookup/log-line.ts';
import { LookupFailure } from '../lookup/log-store.ts';
import { localLinesSince } from '../lookup/local-logs.ts';
import { printable } from '../printable.ts';
import { setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_MS = 300;
// An older line may be stored after a younger one.
const LATE_MS = 30_000;

/** The failures so far. */
export interface FailureWatch {
  /** The records of the last failure. */
  readonly last: readonly JsonObject[];
  stop(): Promise<void>;
}

/**
 * Asks the log store again and again. It stays silent while the store does not answer, as before wrangler is ready.
 * @param address the address of wrangler dev
 * @param show gets a line for each failure
 */
export function watchFailures(address: URL, show: (line: string) => void): FailureWatch {
  const start = Date.now();
  const seen = new Set<string>();
  let last: JsonObject[] = [];
  const ending = new AbortController();
  const ended = watch();
  return {
    get last() {
      return last;
    },
    async stop() {
      ending.abort();
      await ended;
    },
  };

  async function watch(): Promise<void> {
    while (!ending.signal.aborted) {
      await look();
      await sleep(INTERVAL_MS, undefined, { signal: ending.signal }).catch(() => {});
    }
  }

  async function look(): Promise<void> {
    const since = Math.max(start, Date.now() - LATE_MS);
    const lines = await localLinesSince(address, since).catch((error: unknown) => {
      if (error instanceof LookupFailure) return [];
      throw error;
    });
    for (const { id, record } of lines) {
      if (record === undefined || seen.has(id)) continue;
      seen.add(id);
      const failure = failureLine(record);
      // An addition to a failure, such as the origin's error body, does not name the request.
      if (failure === undefined) last.push(record);
      else {
        last = [record];
        show(failure);
      }
    }
  }
}

/** @example `503 GET /checkout → 01981d2c-3f4e-7a5b-8c9d-0e1f2a3b4c5d Origin answered 503` */
function failureLine(record: JsonObject): string | undefined {
  const [method, path, id, message] = ['http.request.method', 'url.path', 'request_id', 'message'].map(
    (name) => recordFact(record, name),
  );
  if (method === undefined || id === undefined) return undefined;
  const status = recordFact(record, 'origin.status_code') ?? recordFact(record, 'http.response.status_code');
  return printable(`${status} ${method} ${path} → ${id} ${message}`);
}
