/** The statements of the READMEs are true: tables, record, links, width. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { faults, tableRows } from '../support/fault-table.ts';
import { rowsIn } from '../support/markdown.ts';
import { noteOf } from '../support/png-text.ts';
import { validRecord } from '../support/valid-record.ts';

const root = join(import.meta.dirname, '../..');
const readme = await readFile(join(root, 'README.md'), 'utf8');
const ofTheRecord = await readFile(join(root, 'src/log/README.md'), 'utf8');

test('the table of failures says what the tests of the faults expect', () => {
  // `npx node test/support/fault-table.ts` prints the right table.
  expect(rowsIn(chapter('What is called what', ofTheRecord))).toEqual(tableRows());
});

test('the README names every kind of failure', () => {
  const messages = tableRows().map(([, message = '']) => message.replace('<status>', '503'));
  for (const message of messages) expect(chapter('What happens when…')).toContain(message);
});

test('every error type that the README filters by is one that records have', () => {
  const logged = faults.flatMap(({ type, ways }) =>
    type === '<status>' ? ways.map(({ status }) => String(status)) : [type],
  );
  const filters = [...chapter('Find the cause').matchAll(/`error\.type` equals `([^`]+)`/g)];
  expect(filters).not.toEqual([]);
  for (const [, type] of filters) expect(logged).toContain(type);
});

test('the record beside the page is one that the Worker could have written', () => {
  const [, record = ''] = /```json\n([^]*?)```/.exec(readme) ?? [];
  expect(validRecord(JSON.parse(record))).toMatchObject({ message: 'Origin answered 503' });
});

test.each(['light', 'dark'])('the picture in %s colours shows the ID of that record', async (scheme) => {
  // `npm run screenshot` takes both pictures and writes the record.
  const [, requestId] = /```json\n[^]*?"request_id": "([^"]+)"/.exec(readme) ?? [];
  const picture = await readFile(join(root, `.images/page-${scheme}.png`));
  expect(noteOf(picture, 'Request ID')).toBe(requestId);
});

test('the record and the commands show one ID', () => {
  const ids = readme.match(/[\da-f]{8}-[\da-f]{4}-7[\da-f-]{21}/g) ?? [];
  expect(ids.length).toBeGreaterThan(2);
  expect(new Set(ids).size).toBe(1);
});

/** The width of a README on GitHub in pixels, and the average width of a letter in a table. */
const WIDTH = 1012;
const LETTER = 8.5;
const PADDING = 27;

const documents = [
  'README.md',
  'CHANGELOG.md',
  'src/answer/README.md',
  'src/cli/README.md',
  'src/cli/lookup/README.md',
  'src/cli/smoke/README.md',
  'src/log/README.md',
  'src/page/README.md',
  'src/scrub/README.md',
  'test/bench/README.md',
  '.github/CONTRIBUTING.md',
  '.github/SECURITY.md',
];

test.each(documents)('every link in %s to a file of this project leads there', async (name) => {
  const text = await readFile(join(root, name), 'utf8');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(
    ([, link, image]) => link ?? image ?? '',
  );
  const dead: string[] = [];
  for (const target of targets.filter((link) => !/^(?:https?|data):/.test(link))) {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? join(root, name) : join(root, dirname(name), path);
    const isThere =
      existsSync(file) && (anchor === undefined || anchorsIn(await readFile(file, 'utf8')).includes(anchor));
    if (!isThere) dead.push(target);
  }
  expect(dead).toEqual([]);
});

test.each(documents)('no table in %s is wider than its page', async (name) => {
  const text = await readFile(join(root, name), 'utf8');
  const tables = text.match(/(?:^\|.*\|$\n?)+/gm) ?? [];
  const tooWide = tables.filter((table) => {
    const rows = rowsIn(table);
    const widths = (rows[0] ?? []).map((_, column) =>
      Math.max(...rows.map((row) => Math.max(...wordsOf(row[column] ?? '').map(({ length }) => length)))),
    );
    return widths.reduce((sum, width) => sum + width * LETTER + PADDING, 0) > WIDTH;
  });
  expect(tooWide).toEqual([]);
});

/**
 * The parts of a cell between which a line may break: at white space, also within code. A link counts as its text.
 */
function wordsOf(cell: string): string[] {
  return cell.replace(/\]\([^)]*\)/g, ']').split(/\s+/);
}

/** The anchors of a text: those that GitHub makes of headings, and those that the text sets itself. */
function anchorsIn(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  const own = [...markdown.matchAll(/<a id="([^"]+)">/g)].map(([, anchor = '']) => anchor);
  return [...headings, ...own];
}

/** The text under a heading of level two. */
function chapter(heading: string, document = readme): string {
  const [, text = ''] = document.split(`\n## ${heading}\n`);
  return text.split('\n## ')[0] ?? '';
}
