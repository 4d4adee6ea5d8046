/**
 * Keeps the logged texts of real failures for the tests of scrubbing: test/unit/corpus/sites-records.jsonl. The lines
 * of sites that did not run, or did not pass, stay unchanged.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

/** A failure. */
export interface Kept {
  readonly failure: string;
  readonly contentType: string;
  /** The start of the origin's error body, as long as the Worker ever reads. */
  readonly body: string;
  /** Texts that the log must keep, in this order. */
  readonly stays: readonly string[];
  /** Texts that the log must not contain. */
  readonly secret: readonly string[];
  /** The logged text. */
  readonly records: readonly unknown[];
}

declare module 'vitest' {
  interface TaskMeta {
    /** New lines for the corpus. */
    kept?: string[];
  }
}

/** Texts that differ from run to run, or belong to this machine, each with its replacement. */
const replaced: readonly (readonly [RegExp, string])[] = [
  [/\/tmp\/[\w-]+/g, '/srv/site'],
  [/(127\.0\.0\.1|localhost):\d+/g, '$1:8080'],
  [/"port":\d+/g, '"port":8080'],
  [/"duration_ms":\d+/g, '"duration_ms":12'],
];

/** Adds a failure to the corpus. */
export function keep({ task }: TestContext, kept: Kept): void {
  const line = JSON.stringify({ site: task.suite?.name, ...kept, body: kept.body.slice(0, 33_792) });
  const steady = replaced.reduce((text, [pattern, to]) => text.replace(pattern, to), line);
  task.meta.kept = [...(task.meta.kept ?? []), steady];
}

const file = join(import.meta.dirname, '../../../unit/corpus/sites-records.jsonl');

/** A reporter for vitest. */
export default class Corpus implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const passed = modules.filter((module) => module.state() === 'passed');
    const lines = passed.flatMap(({ children }) =>
      [...children.allTests()].flatMap((test) => test.meta().kept ?? []),
    );
    const ran = new Set(lines.map(siteOf));
    const others = (await readFile(file, 'utf8'))
      .split('\n')
      .filter((line) => line !== '' && !ran.has(siteOf(line)));
    const sorted = [...others, ...lines].toSorted((a, b) => (siteOf(a) < siteOf(b) ? -1 : 1));
    await writeFile(file, sorted.map((line) => `${line}\n`).join(''));
  }
}

function siteOf(line: string): string {
  const { site }: { site?: unknown } = JSON.parse(line);
  return String(site);
}
