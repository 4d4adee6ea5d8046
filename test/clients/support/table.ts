/**
 * Writes the results of a run into README.md. Each test file is a section, named after its outermost `describe`. The
 * sections of files that did not run, or did not pass, stay unchanged. With CI set, a missing or an additional row
 * fails the run. The contents of cells do not count: the tests check the important parts, and the rest differs with
 * the versions of the system's packages.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { format } from 'prettier';
import type { Reporter, TestModule } from 'vitest/node';
import type {} from './witness.ts';

/** A reporter for vitest. */
export default class Table implements Reporter {
  readonly #file: string;
  readonly #head: readonly string[];

  /**
   * Makes the reporter.
   * @param folder the folder with the README.md
   * @param head the headings of the tables' columns
   */
  constructor(folder: string, head: readonly string[]) {
    this.#file = join(folder, 'README.md');
    this.#head = head;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const sections = modules.flatMap((module): [string, string][] => {
      const [suite] = module.children;
      const rows = [...module.children.allTests()].flatMap((test) => test.meta().rows ?? []);
      if (module.state() !== 'passed' || suite === undefined || rows.length === 0) return [];
      return [[suite.name, tableOf([this.#head, this.#head.map(() => '-'), ...rows])]];
    });
    const { before, after } = await putSections(this.#file, sections);
    if (!process.env['CI'] || isDeepStrictEqual(rowNames(after), rowNames(before))) return;
    console.error(`${this.#file} was out of date; the run of these tests has written it anew`);
    process.exitCode = 1;
  }
}

/** Replaces sections of README.md by those with the same names. Each is a name and its contents. */
export async function putSections(
  file: string,
  sections: readonly (readonly [name: string, contents: string])[],
): Promise<{ readonly before: string; readonly after: string }> {
  const before = await readFile(file, 'utf8');
  const [introduction = '', ...old] = before.split(/^## /m);
  const all = new Map(old.map((section) => [section.slice(0, section.indexOf('\n')), section]));
  for (const [name, contents] of sections) all.set(name, `${name}\n\n${contents}\n`);
  const sorted = [...all].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const after = await format([introduction, ...sorted.map(([, section]) => section)].join('## '), {
    parser: 'markdown',
  });
  if (after !== before) await writeFile(file, after);
  return { before, after };
}

function tableOf(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => row(...cells)).join('\n');
}

/** A row of a Markdown table. */
export function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/[|<>*_`\\[\]~]/g, '\\$&')).join(' | ')} |`;
}

/** The first two cells of each row, without versions. */
function rowNames(text: string): string[] {
  return [...text.matchAll(/^\| ([^|]*)\| ([^|]*)\|/gm)].map(([, software = '', done = '']) =>
    `${software.replace(/\d+\.\S*/g, '')} ${done}`.replace(/[\s-]+/g, ' '),
  );
}
