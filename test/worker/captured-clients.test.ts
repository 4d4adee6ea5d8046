/**
 * The form of an answer for the headers that clients really sent (test/clients/captured-headers.json). The right form
 * for each client is in a table for people, test/clients/who-gets-what.md.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ask, type Answer } from '../support/ask.ts';
import { startOrigin, unusedPort, type Origin } from '../support/origin.ts';
import { startWorkerd, type RunningWorker } from '../support/workerd.ts';

interface HeaderSet {
  readonly client: string;
  readonly does: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

const clients = join(import.meta.dirname, '../clients');
const captured: readonly HeaderSet[] = JSON.parse(
  readFileSync(join(clients, 'captured-headers.json'), 'utf8'),
);

/** The rows of the table, each as its cells. */
const rows = readFileSync(join(clients, 'who-gets-what.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\', '')))
  .map(([, client = '', does = '', tells = '', form = '', reader = '']) => ({
    client,
    does,
    tells,
    form,
    isPerson: reader === 'a person',
  }));

const TELLING =
  /^(accept|content-type|hx-(request|boosted|history-restore-request)|sec-fetch-(dest|mode)|x-(inertia|livewire|requested-with|up-version))$/i;

/** The headers that decide the form, as the table shows them. */
function tells({ headers }: HeaderSet): string {
  const telling = headers.filter(
    ([name, value]) => TELLING.test(name) || (/^user-agent$/i.test(name) && value.startsWith('git/')),
  );
  return telling.map(([name, value]) => `${name}: ${value}`.trim()).join(' · ') || 'nothing';
}

const formOf: Readonly<Record<string, string>> = {
  'text/html': 'page',
  'application/json': 'problem details',
  'application/problem+json': 'problem details',
  'text/plain': 'text',
  'text/markdown': 'Markdown',
};

/** The form of an answer, found from the parts that a client sees. */
function seen(answer: Answer, method: string): string {
  const form = formOf[answer.header('content-type')?.split(';')[0] ?? ''] ?? 'something else';
  return form === 'page' && method !== 'HEAD' && !answer.text.startsWith('<!') ? 'fragment' : form;
}

describe('who gets what', () => {
  let origin: Origin;
  let dead: RunningWorker;
  let pages: RunningWorker;

  beforeAll(async () => {
    origin = await startOrigin();
    const bundle = inject('bundle');
    const nobody = `http://127.0.0.1:${await unusedPort()}`;
    dead = await startWorkerd({ bundle, vars: { ORIGIN_URL: nobody } });
    pages = await startWorkerd({ bundle, vars: { ORIGIN_URL: origin.url, INTERCEPT: 'pages' } });
  });

  afterAll(async () => {
    await Promise.all([dead.stop(), pages.stop()]);
    await origin.stop();
  });

  it('is said of every client whose headers were captured, and of no other', () => {
    const named = captured.map((set) => [set.client, set.does, tells(set)]);
    expect(rows.map((row) => [row.client, row.does, row.tells])).toEqual(named);
  });

  it.for(captured.map((set, i) => ({ ...set, ...rows[i] })))('$client, $does: $form', async (row) => {
    const { method, form, isPerson } = row;
    const headers: Record<string, string[]> = {};
    for (const [name, value] of row.headers) (headers[name] ??= []).push(value);
    const question = { method, headers, body: method === 'GET' || method === 'HEAD' ? '' : 'x' };
    expect(seen(await ask(dead, question), method)).toBe(form);
    const passed = (await ask(pages, { ...question, path: '/status/503' })).status === 503;
    expect(passed).toBe(!isPerson);
  });
});
