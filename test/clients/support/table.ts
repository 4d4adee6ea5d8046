/**
 * Writes what was seen in a run into README.md. A file of tests is a section, named after its outermost
 * `describe`; sections of files that did not run, or did not pass, stay as they are. With CI set, a table that
 * lacks a row, or has one too many, fails the run. What stands in the cells does not count: the tests assert
 * what matters of it, and the rest differs with the versions of the system's packages.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { format } from 'prettier';
import type { Reporter, TestModule } from 'vitest/node';
import type { Row } from './witness.ts';

const file = join(import.meta.dirname, '../README.md');

/** A reporter for vitest. */
export default class Table implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const sections = modules.flatMap((module): [string, string][] => {
      const [suite] = module.children;
      const rows = [...module.children.allTests()].flatMap((test) => test.meta().row ?? []);
      if (module.state() !== 'passed' || suite === undefined || rows.length === 0) return [];
      return [[suite.name, tableOf(rows)]];
    });
    const { before, after } = await putSections(sections);
    if (!process.env['CI'] || isDeepStrictEqual(rowNames(after), rowNames(before))) return;
    console.error('test/clients/README.md was out of date; npm run test:clients writes it anew');
    process.exitCode = 1;
  }
}

/** Puts sections, each a name and its contents, into README.md in the place of those with the same names. */
export async function putSections(
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

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ software, version, done, without, through, dead }) =>
    row(`${software} ${version}`, done, without, through === without ? 'the same' : through, dead),
  );
  const head = row('Software', 'What was done', 'Without the Worker', 'With it', 'With it, the origin dead');
  return [head, row('-', '-', '-', '-', '-'), ...lines].join('\n');
}

/** A line of a table in Markdown. */
export function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/[|<>*_`\\[\]~]/g, '\\$&')).join(' | ')} |`;
}

/** The first two cells of each row, without versions. */
function rowNames(text: string): string[] {
  return [...text.matchAll(/^\| ([^|]*)\| ([^|]*)\|/gm)].map(([, software = '', done = '']) =>
    `${software.replace(/\d+\.\S*/g, '')} ${done}`.replace(/[\s-]+/g, ' '),
  );
}
