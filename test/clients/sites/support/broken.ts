/**
 * A site that is broken for real: the visitor's answer, the operator's record, and the texts that are kept of both.
 */
import { type TestContext, expect } from 'vitest';
import type { Question } from '../../../support/ask.ts';
import type { RunningWorker } from '../../../support/workerd.ts';
import { requestIdPattern } from '../../support/behind.ts';
import { type Visit, textOf, visit } from '../../support/visit.ts';
import { addRow, tidy } from '../../support/witness.ts';
import { keep } from './corpus.ts';

/** One way to break a site, and the expected result. */
export interface Breakage extends Question {
  readonly software: string;
  readonly failure: string;
  /** The `message` of the record. */
  readonly message: string;
  /** Texts that the record of the origin's error page must contain. */
  readonly cause?: readonly string[];
  /** Texts that no record and no page may contain. */
  readonly secret?: readonly string[];
}

/**
 * Visits a broken site at its origin and through the Worker, which logs 8,192 bytes of error bodies. Expects
 * the page, a record with its ID, the cause in the second record, and no secret anywhere. Adds the results to
 * the table and the corpus.
 * @returns the visitor's answer
 */
export async function expectBroken(
  context: TestContext,
  { origin, worker }: { readonly origin: { readonly port: number }; readonly worker: RunningWorker },
  { software, failure, message, cause = [], secret = [], ...question }: Breakage,
): Promise<Visit> {
  const headers = { Host: worker.host, ...question.headers };
  const direct = await visit(origin, question.path, { ...question, headers }).catch(
    (error: unknown) => error,
  );
  const seen = await visit(worker, question.path, { ...question, headers });
  expect(seen.status, seen.text).toBe(500);
  const id = requestIdPattern.exec(seen.text)?.[0] ?? '';
  const body = isVisit(direct) ? direct.html : '';
  const records = await worker.recordsOf(id, body.trim() === '' ? 1 : 2);
  const [record = {}, second = {}] = records;
  expect(record).toMatchObject({ message });
  expect(seen.html).not.toMatch(anyOf([...cause, ...secret]));
  expect(JSON.stringify(records)).not.toMatch(anyOf(secret));
  const logged = spaced(String(Object(second['origin'])['body']));
  for (const words of cause) expect(logged).toContain(spaced(words));

  addRow(context, [
    software,
    failure,
    isVisit(direct) ? shown(direct) : 'no answer',
    'the page',
    tidy([message, ...cause].join('; ')),
  ]);
  const contentType = isVisit(direct) ? direct.headers['content-type'] : undefined;
  if (contentType !== undefined) {
    keep(context, { failure, contentType, body, stays: cause, secret, records });
  }
  return seen;
}

/** The text that a visitor sees, cut to 150 characters. */
export function shown({ status, html, headers }: Visit): string {
  const text = headers['content-type']?.includes('html') ? textOf(html) : html;
  return tidy(`${status}: ${text.slice(0, 150)}`);
}

function isVisit(value: unknown): value is Visit {
  return typeof value === 'object' && value !== null && 'html' in value;
}

function spaced(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function anyOf(texts: readonly string[]): RegExp {
  const escaped = texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(escaped.length === 0 ? '(?!)' : escaped.join('|'));
}
