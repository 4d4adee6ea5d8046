/** Checks the page while somebody edits it. */
import { relative } from 'node:path';
import { readPageFile } from '../check-page/page-file.ts';
import type { Output } from '../terminal.ts';
import { watchFile } from '../watch-file.ts';

/**
 * Prints the problems of a template each time it is saved, unless they are the same as before.
 * @returns a function that ends the watch
 */
export function watchPage(page: string, output: Output): () => void {
  let said = '';
  return watchFile(page, () => {
    const { problems } = readPageFile(page);
    const lines = problems.map((problem) => `✗ ${problem}\n`);
    const text = lines.length === 0 ? `✓ ${relative('', page)} is valid.\n` : lines.join('');
    if (text !== said) output.write(text);
    said = text;
  });
}
