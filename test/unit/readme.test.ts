import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { faults, tableRows } from '../support/fault-table.ts';
import { rowsIn } from '../support/markdown.ts';

const readme = await readFile(`${import.meta.dirname}/../../README.md`, 'utf8');

test('the table in the README says what the tests of the faults expect', () => {
  // `node test/support/fault-table.ts` prints the table as it has to be.
  expect(rowsIn(chapter('What happens when…'))).toEqual(tableRows());
});

test('every error type that the README filters by is one that records have', () => {
  const logged = faults.flatMap(({ type, ways }) =>
    type === '<status>' ? ways.map(({ status }) => String(status)) : [type],
  );
  const filters = [...chapter('Find the cause').matchAll(/`error\.type` equals `([^`]+)`/g)];
  expect(filters).not.toEqual([]);
  for (const [, type] of filters) expect(logged).toContain(type);
});

/** The text under a heading of the second level. */
function chapter(heading: string): string {
  const [, text = ''] = readme.split(`\n## ${heading}\n`);
  return text.split('\n## ')[0] ?? '';
}
