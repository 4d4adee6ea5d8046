/** A site behind the Worker, asked for what fails; and what its answers hold. */
import { afterAll, inject, onTestFinished } from 'vitest';
import { ask, type Answer, type Question } from './ask.ts';
import type { Origin } from './origin.ts';
import { type RunningWorker, type WorkerdOptions, startWorkerd } from './workerd.ts';

/** The headers of a browser, of an API client, of a command line tool. */
export const forPeople = { Host: 'shop.example', Accept: 'text/html' };
export const forPrograms = { Host: 'shop.example', Accept: 'application/json' };
export const forScripts = { Host: 'shop.example', Accept: 'text/plain' };

/** The Worker on a route in front of the origin, with these variables, until the test is finished. */
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

/** The same, but one for all tests of a file that ask for the same: its log holds what the others did, too. */
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

/** Asks for something that fails. */
export function fail(
  worker: RunningWorker,
  headers: Question['headers'] = forPeople,
  path = '/status/503',
): Promise<Answer> {
  return ask(worker, { path, headers: headers ?? {} });
}

/** The request ID of an answer; empty where it has none. */
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
