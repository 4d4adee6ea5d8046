/** Asks a Worker in front of a failing site, and reads its answers. */
import { afterAll, inject, onTestFinished } from 'vitest';
import { ask, type Answer, type Question } from './ask.ts';
import type { Origin } from './origin.ts';
import { type RunningWorker, type WorkerdOptions, startWorkerd } from './workerd.ts';

/** The headers of a browser, an API client and a command line tool. */
export const forPeople = { Host: 'shop.example', Accept: 'text/html' };
export const forPrograms = { Host: 'shop.example', Accept: 'application/json' };
export const forScripts = { Host: 'shop.example', Accept: 'text/plain' };

/** Starts the Worker on a route in front of the origin with these variables, until the test has ended. */
export async function startOnRoute(
  origin: Pick<Origin, 'host'>,
  vars: WorkerdOptions['vars'] = {},
  options: Partial<WorkerdOptions> = {},
): Promise<RunningWorker> {
  const worker = await startWorkerd({ bundle: inject('bundle'), route: origin.host, vars, ...options });
  onTestFinished(() => worker.stop());
  return worker;
}

const shared = new Map<string, Promise<RunningWorker>>();
afterAll(async () => {
  for (const worker of shared.values()) await (await worker).stop();
  shared.clear();
});

/**
 * Starts one such Worker for all tests of a file that use the same variables. Its log holds records of other tests,
 * too.
 */
export function sharedOnRoute(
  origin: Origin,
  vars: WorkerdOptions['vars'] = {},
  options: Partial<WorkerdOptions> = {},
): Promise<RunningWorker> {
  const all = { bundle: inject('bundle'), route: origin.host, vars, ...options };
  const key = JSON.stringify(all);
  const worker = shared.get(key) ?? startWorkerd(all);
  shared.set(key, worker);
  return worker;
}

/** Sends a request that fails. */
export function fail(
  worker: RunningWorker,
  headers: Question['headers'] = forPeople,
  path = '/status/503',
): Promise<Answer> {
  return ask(worker, { path, headers: headers ?? {} });
}

/** The request ID of an answer, or an empty text if it has none. */
export function idOf(answer: Answer): string {
  return answer.header('X-Request-Id') ?? '';
}

/** The members of problem details. */
export function problemOf(answer: Answer): unknown {
  return JSON.parse(answer.text);
}

/** The links of a page, as a browser reads them. */
export function linksOf(answer: Answer): string[] {
  return [...answer.text.matchAll(/<a\b[^>]*\bhref="([^"]*)"/g)].map(([, href = '']) =>
    href.replaceAll('&amp;', '&'),
  );
}
