/** Collects the experience of users of some software, for the table in README.md. */
import type { TestContext } from 'vitest';
import { requestIdPattern } from './behind.ts';

export interface Row {
  readonly software: string;
  readonly version: string;
  /** The action in the software. */
  readonly done: string;
  /** The text that the user sees without the Worker. */
  readonly without: string;
  /** The text that the user sees with the Worker. */
  readonly through: string;
  /** The text that the user sees with the Worker when the origin is dead. */
  readonly dead: string;
}

declare module 'vitest' {
  interface TaskMeta {
    /** Cells of the table. */
    rows?: string[][];
  }
}

/** Adds a row to the table. `npm run test:clients` writes it to README.md. */
export function witness(context: TestContext, row: Row): void {
  const [without, through, dead] = [tidy(row.without), tidy(row.through), tidy(row.dead)];
  const software = `${row.software} ${row.version}`;
  addRow(context, [software, row.done, without, through === without ? 'the same' : through, dead]);
}

/** Adds a row of these cells to the table. */
export function addRow({ task }: TestContext, cells: readonly string[]): void {
  task.meta.rows = [...(task.meta.rows ?? []), [...cells]];
}

/** A text on one line of at most 300 characters, without the parts that change from run to run. */
export function tidy(text: string): string {
  const line = text
    .replace(new RegExp(requestIdPattern, 'g'), 'ID')
    .replace(/\b(?:127\.0\.0\.1|localhost):\d+/g, 'shop.example')
    .replace(/\/tmp\/[\w./-]+/g, 'FOLDER')
    .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, 'TIME')
    .replace(/<!doctype html>[^]*<\/html>/i, '(the page, as HTML)')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
