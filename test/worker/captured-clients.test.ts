/**
 * The form of an answer for the headers that clients really sent (test/clients/captured-headers.json). The right form
 * for each client is in a table for people, test/clients/who-gets-what.md.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Form } from '../../src/answer/who-asks.ts';
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

const keyOf = ({ client, does }: { readonly client: string; readonly does: string }) => `${client}, ${does}`;
const rowOf = new Map(rows.map((row) => [keyOf(row), row]));

/** Each captured request with its row. A request without a row is found by the first test. */
const requests = captured.flatMap((set) => {
  const row = rowOf.get(keyOf(set));
  return row === undefined ? [] : [{ ...set, ...row }];
});

const TELLING =
  /^(accept|content-type|hx-(request|boosted|history-restore-request)|sec-fetch-(dest|mode)|x-(inertia|livewire|requested-with|up-version))$/i;

/** The headers that decide the form, as the table shows them. */
function tells({ headers }: HeaderSet): string {
  const telling = headers.filter(
    ([name, value]) => TELLING.test(name) || (/^user-agent$/i.test(name) && value.startsWith('git/')),
  );
  return telling.map(([name, value]) => `${name}: ${value}`.trim()).join(' · ') || 'nothing';
}

/** The forms in the words of the table. */
const words: Readonly<Record<Form, string>> = {
  html: 'page',
  fragment: 'fragment',
  json: 'problem details',
  markdown: 'Markdown',
  text: 'text',
};

const formOf: Readonly<Record<string, Form>> = {
  'text/html': 'html',
  'application/json': 'json',
  'application/problem+json': 'json',
  'text/plain': 'text',
  'text/markdown': 'markdown',
};

/** The form of an answer in the words of the table, found from the parts that a client sees. */
function seen(answer: Answer, method: string): string {
  const form = formOf[answer.header('content-type')?.split(';')[0] ?? ''];
  if (form === undefined) return 'something else';
  const isFragment = form === 'html' && method !== 'HEAD' && !answer.text.startsWith('<!');
  return words[isFragment ? 'fragment' : form];
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
    const named = captured.map((set) => `${keyOf(set)}: ${tells(set)}`);
    expect(rows.map((row) => `${keyOf(row)}: ${row.tells}`).toSorted()).toEqual(named.toSorted());
  });

  it.for(requests)('$client, $does: $form', async (row) => {
    const { method, form, isPerson } = row;
    const headers: Record<string, string[]> = {};
    for (const [name, value] of row.headers) (headers[name] ??= []).push(value);
    const question = { method, headers, body: method === 'GET' || method === 'HEAD' ? '' : 'x' };
    expect(seen(await ask(dead, question), method)).toBe(form);
    const passed = (await ask(pages, { ...question, path: '/status/503' })).status === 503;
    expect(passed).toBe(!isPerson);
  });
});
