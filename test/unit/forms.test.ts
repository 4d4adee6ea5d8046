/**
 * Every form of an answer is listed in every place that tells forms apart. A form added in one place alone fails
 * here.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { forms } from '../../src/answer/forms.ts';
import type { Form } from '../../src/answer/who-asks.ts';
import { samplesOf } from '../../src/cli/preview/samples.ts';
import { parseSettings } from '../../src/read-settings.ts';
import { rowsIn } from '../support/markdown.ts';
import { template } from '../support/sample-page.ts';

const root = join(import.meta.dirname, '../..');

/** The name of each form in the documents. The type check fails if a form is missing. */
const names: Readonly<Record<Form, string>> = {
  html: 'page',
  fragment: 'fragment',
  json: 'problem details',
  markdown: 'Markdown',
  text: 'text',
};

test('the preview shows every form', async () => {
  const shown = new Set<string>(
    (await samplesOf(template, parseSettings({}).settings)).map(({ form }) => form),
  );
  expect([...shown]).toEqual(expect.arrayContaining(Object.keys(forms)));
});

test('the documents say who gets each form', async () => {
  const [readme, table] = await Promise.all(
    ['src/answer/README.md', 'test/clients/who-gets-what.md'].map((path) =>
      readFile(join(root, path), 'utf8'),
    ),
  );
  const [, chapter = ''] = readme?.split('## Who gets what\n') ?? [];
  const told = rowsIn(chapter)
    .map(([, what]) => what)
    .join();
  const gotten = new Set(rowsIn(table ?? '').map(([, , , form]) => form));
  for (const name of Object.values(names)) {
    expect(told).toContain(name);
    expect([...gotten]).toContain(name);
  }
});
