/** Examines the page template in a file. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { printable, printableError } from '../printable.ts';
import { checkPage, type PageProblem } from './check-page.ts';
import { contrastWarnings } from './contrast.ts';

/** A template, and what is to be said of it: lines that begin with the names of the file and the line. */
export interface PageFile {
  /** Undefined if the file cannot be read. */
  readonly template: string | undefined;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Reads a template and examines it. Never throws. */
export function readPageFile(path: string): PageFile {
  const say = ({ line, problem }: PageProblem): string =>
    printable(`${relative('', path)}:${line}: ${problem}${problem.endsWith('?') ? '' : '.'}`);
  try {
    const template = readFileSync(path, 'utf8');
    const warnings = contrastWarnings(template).map(say);
    return { template, problems: checkPage(template).map(say), warnings };
  } catch (error) {
    const problems = [say({ line: 1, problem: `cannot be read: ${printableError(error)}` })];
    return { template: undefined, problems, warnings: [] };
  }
}
