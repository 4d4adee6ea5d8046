/** Every promise of SECURITY.md names a test that exists, and every action in CI is pinned. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const security = readFileSync(join(root, '.github/SECURITY.md'), 'utf8');
const workflows = readdirSync(join(root, '.github/workflows')).map((name) => ({
  name,
  text: readFileSync(join(root, '.github/workflows', name), 'utf8'),
}));

it('every measure of the threat model names a test that is there', () => {
  const measures = security.split('\n').filter((line) => /^\| (?!What|-)/.test(line));
  expect(measures.length).toBeGreaterThan(15);
  for (const measure of measures) {
    const files = [...measure.matchAll(/`(test\/[\w/.-]+\.test\.ts)`/g)].map(([, file = '']) => file);
    expect(files, measure).not.toEqual([]);
    for (const file of files) expect(existsSync(join(root, file)), file).toBe(true);
  }
});

it.each(workflows)('$name uses actions by commit, and may do no more than it says', ({ text }) => {
  const used = [...text.matchAll(/^ *- uses: (.*)$/gm)].map(([, action = '']) => action);
  expect(used).not.toEqual([]);
  for (const action of used) expect(action).toMatch(/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  expect(text).toMatch(/^permissions:(?: \{\}|\n {2}contents: read)$/m);
  expect(text).toMatch(/^concurrency:$/m);
  // An expression that is inserted into a script would be executed.
  expect(text).not.toMatch(/run: .*\$\{\{ *github\.(?:event|head_ref|ref)/);
});
