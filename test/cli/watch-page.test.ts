/** While somebody edits the page, each save prints the errors that `check` would find. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { watchPage } from '../../src/cli/dev/watch-page.ts';
import { repository } from './run-command.ts';
import { folderWith } from './wrangler-toml.ts';

it('names line and problem, says when it is mended, and says nothing twice', async () => {
  const shipped = await readFile(join(repository, 'src/page/page.html'), 'utf8');
  const folder = await folderWith({ 'page.html': shipped });
  const page = join(folder, 'page.html');
  const name = relative('', page);
  let said = '';
  onTestFinished(watchPage(page, { write: (text) => (said += text) }));

  await writeFile(page, shipped.replace('{{heading}}', '{{headin}}'));
  await expect.poll(() => said, { timeout: 60_000 }).toContain('{{headin}}');
  expect(said).toMatch(/^✗ \S*page\.html:\d+: .*did you mean \{\{heading\}\}\?/m);

  // Editors save this way: they write another file and move it in place of the old one.
  said = '';
  await writeFile(join(folder, 'page.html~'), shipped);
  await rename(join(folder, 'page.html~'), page);
  await expect.poll(() => said, { timeout: 60_000 }).toBe(`✓ ${name} is valid.\n`);

  said = '';
  await writeFile(page, `${shipped}\n`);
  await writeFile(join(folder, 'another.html'), '{{headin}}');
  await writeFile(page, shipped.replace('{{heading}}', '{{unknown}}'));
  await expect.poll(() => said, { timeout: 60_000 }).toContain('✗ ');
  expect(said).not.toContain('is valid');
  expect(said).not.toContain('headin}}');
});
