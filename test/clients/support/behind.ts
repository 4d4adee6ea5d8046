/** The Worker on a route in front of a server, and the records it wrote. */
import { expect, inject } from 'vitest';
import type {} from '../../support/bundle.ts';
import { type RunningWorker, startWorkerd } from '../../support/workerd.ts';
import { atEnd } from './at-end.ts';

/** Starts the production bundle as on a route in front of a server; it runs until the tests of the file end. */
export async function startBehind(
  origin: { readonly host: string },
  vars: Readonly<Record<string, unknown>> = {},
): Promise<RunningWorker> {
  const worker = await startWorkerd({ bundle: inject('bundle'), route: origin.host, vars });
  atEnd(() => worker.stop());
  return worker;
}

/** What has logs. */
type Logging = Pick<RunningWorker, 'logs' | 'recordsOf'>;

/** A request ID, wherever it stands. */
export const requestIdPattern = /\b[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}\b/;

/**
 * The record whose ID is in a text that somebody saw.
 * @throws AssertionError where there is no ID, or no record
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

/** The record that comes after the first `since` ones, for what shows no ID to its user. */
export async function lastRecord(worker: Logging, since = 0): Promise<Readonly<Record<string, unknown>>> {
  await expect.poll(() => recordsOf(worker).length, { timeout: 10_000 }).toBeGreaterThan(since);
  return recordsOf(worker)[since] ?? {};
}

/** The record of a failure at this path, which is asked for once, for what shows no ID to its user. */
export async function recordAt(worker: Logging, path: string): Promise<Readonly<Record<string, unknown>>> {
  const found = () => recordsOf(worker).find(({ url }) => Object(url)['path'] === path);
  await expect.poll(found, { timeout: 10_000 }).toBeDefined();
  return found() ?? {};
}

/** Everything with a request ID that a Worker logged. */
export function recordsOf(worker: Logging): readonly Readonly<Record<string, unknown>>[] {
  return worker.logs.flatMap(({ message }) => message.filter(isRecord));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && 'request_id' in value;
}
