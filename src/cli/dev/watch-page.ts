/** Checks the page while somebody edits it. */
import { watch } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { pageProblems } from '../check/check.ts';
import type { Output } from '../terminal.ts';
import { printable } from '../printable.ts';

/**
 * Prints the problems of a template each time it is saved, unless they are the same as before.
 * @returns a function that ends the watch
 */
export function watchPage(page: string, output: Output): () => void {
  const name = relative('', page);
  let said = '';
  let timer: NodeJS.Timeout | undefined;
  const say = (): void => {
    const problems = pageProblems(page);
    const text =
      problems.length === 0
        ? `✓ ${name} is valid.\n`
        : problems.map(({ line, problem }) => `✗ ${name}:${line} ${printable(problem)}.\n`).join('');
    if (text !== said) output.write(text);
    said = text;
  };
  // Watch the folder, and wait a little: an editor may replace the file, and in several steps.
  const watcher = watch(dirname(page), (_, file) => {
    if (file !== basename(page)) return;
    clearTimeout(timer);
    timer = setTimeout(say, 100);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
