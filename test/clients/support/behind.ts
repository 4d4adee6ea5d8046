/** The Worker on a route in front of a server, and its records. */
import { expect, inject } from 'vitest';
import type {} from '../../support/bundle.ts';
import { type RunningWorker, startWorkerd } from '../../support/workerd.ts';
import { atEnd } from './at-end.ts';

/** Starts the production bundle on a route in front of a server. It runs until the tests of the file have ended. */
export async function startBehind(
  origin: { readonly host: string },
  vars: Readonly<Record<string, unknown>> = {},
): Promise<RunningWorker> {
  const worker = await startWorkerd({ bundle: inject('bundle'), route: origin.host, vars });
  atEnd(() => worker.stop());
  return worker;
}

/** A Worker with a log. */
type Logging = Pick<RunningWorker, 'logs' | 'recordsOf'>;

/** A request ID anywhere in a text. */
export const requestIdPattern = /\b[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}\b/;

/**
 * Finds the record for the ID in a text that a user saw.
 * @throws AssertionError if there is no ID, or no record
 */
export async function recordOfSeen(
  worker: Logging,
  seen: string,
): Promise<Readonly<Record<string, unknown>>> {
  const id = requestIdPattern.exec(seen)?.[0];
  expect(id, `an ID in: ${seen}`).toBeDefined();
  const [record] = await worker.recordsOf(id ?? '');
  expect(record).toBeDefined();
  return record ?? {};
}

/** Finds the record after the first `since` ones, for software that shows no ID to its user. */
export async function lastRecord(worker: Logging, since = 0): Promise<Readonly<Record<string, unknown>>> {
  await expect.poll(() => recordsOf(worker).length, { timeout: 10_000 }).toBeGreaterThan(since);
  return recordsOf(worker)[since] ?? {};
}

/**
 * Finds the record of a failure at this path, for software that shows no ID. The path must be requested only once.
 */
export async function recordAt(worker: Logging, path: string): Promise<Readonly<Record<string, unknown>>> {
  const found = () => recordsOf(worker).find(({ url }) => Object(url)['path'] === path);
  await expect.poll(found, { timeout: 10_000 }).toBeDefined();
  return found() ?? {};
}

/** All lines with a request ID in the log of a Worker. */
export function recordsOf(worker: Logging): readonly Readonly<Record<string, unknown>>[] {
  return worker.logs.flatMap(({ message }) => message.filter(isRecord));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && 'request_id' in value;
}
