import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { tableRows } from '../support/fault-table.ts';

const HEADING = '## What happens when…';

test('the table in the README says what the tests of the faults expect', async () => {
  const readme = await readFile(`${import.meta.dirname}/../../README.md`, 'utf8');
  expect(readme).toContain(`\n${HEADING}\n`);
  const [section = ''] = readme.slice(readme.indexOf(`\n${HEADING}\n`) + HEADING.length).split(/\n## /);
  // `node test/support/fault-table.ts` prints the table as it has to be.
  expect(rowsIn(section)).toEqual(tableRows());
});

/** The rows of the first Markdown table: the heading, then the rest; each row is its cells. */
function rowsIn(markdown: string): string[][] {
  const [table = ''] = /(?:^\|.*\|$\n?)+/m.exec(markdown) ?? [];
  return table
    .trim()
    .split('\n')
    .filter((line) => !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}
