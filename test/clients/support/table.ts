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
    const before = await readFile(file, 'utf8');
    const [introduction = '', ...old] = before.split(/^## /m);
    const sections = new Map(old.map((section) => [section.slice(0, section.indexOf('\n')), section]));
    for (const module of modules) {
      const [suite] = module.children;
      const rows = [...module.children.allTests()].flatMap((test) => test.meta().row ?? []);
      if (module.state() !== 'passed' || suite === undefined || rows.length === 0) continue;
      sections.set(suite.name, `${suite.name}\n\n${tableOf(rows)}\n`);
    }
    const sorted = [...sections].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const after = await format([introduction, ...sorted.map(([, section]) => section)].join('## '), {
      parser: 'markdown',
    });
    if (after === before) return;
    await writeFile(file, after);
    if (!process.env['CI'] || isDeepStrictEqual(rowNames(after), rowNames(before))) return;
    console.error('test/clients/README.md was out of date; npm run test:clients writes it anew');
    process.exitCode = 1;
  }
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ software, version, done, without, through, dead }) =>
    row(`${software} ${version}`, done, without, through === without ? 'the same' : through, dead),
  );
  const head = row('Software', 'What was done', 'Without the Worker', 'With it', 'With it, the origin dead');
  return [head, row('-', '-', '-', '-', '-'), ...lines].join('\n');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/[|<>*_`\\[\]~]/g, '\\$&')).join(' | ')} |`;
}

/** The first two cells of each row, without versions. */
function rowNames(text: string): string[] {
  return [...text.matchAll(/^\| ([^|]*)\| ([^|]*)\|/gm)].map(([, software = '', done = '']) =>
    `${software.replace(/\d+\.\S*/g, '')} ${done}`.replace(/[\s-]+/g, ' '),
  );
}
