/** What is wrong with the page, while somebody edits it. */
import { watch } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { pageProblems } from '../check/check.ts';
import type { Output } from '../terminal.ts';
import { printable } from '../printable.ts';

/**
 * Says what is wrong with a template each time it is saved, and nothing twice.
 * @returns ends it
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
  // An editor may put another file in its place, which only the folder notices, and in several steps.
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
