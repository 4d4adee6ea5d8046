/** Judges every answer to a hostile visitor, and the log of the Worker. */
import type { Answered } from '../exchange.ts';
import type { LogCall } from '../tail.ts';
import { validRecord } from '../valid-record.ts';
import { ORIGIN_HEADER } from './answers.ts';
import { OF_ORIGIN, OF_VISITOR, SECRET } from './canaries.ts';
import type { Seen } from './visitor.ts';
import type { Visit } from './visits.ts';

/** Counts of all visits to one Worker. */
export class Tally {
  /** The number of our answers with each ID. */
  readonly ours = new Map<string, number>();
  /** The number of 5xx answers that were passed on. */
  passed = 0;
  /** The number of answers below 500 that were passed on. */
  good = 0;
  /** The number of malformed requests that the runtime refused. */
  refused = 0;
  /** The number of requests whose answer nobody can have read. */
  unread = 0;

  get pages(): number {
    return [...this.ours.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Counts the answers to a visit. Returns its faults, in words. */
  add(visit: Visit, seen: Seen): string[] {
    const wrong = seen.answers.flatMap((answer) => this.#addAnswer(visit, answer));
    const missing = visit.methods.length - seen.answers.length;
    this.unread += missing;
    if (seen.hung) wrong.push('no end');
    const mayEnd =
      !visit.isWellFormed ||
      visit.ending !== 'waits' ||
      (seen.isReset && visit.hasBody) ||
      seen.answers.some(
        ({ complete, status, header }) => !complete || status === 101 || header('connection') === 'close',
      );
    if (missing > 0 && !mayEnd) wrong.push(`${missing} requests without an answer`);
    if (visit.ending === 'resets') this.unread += seen.answers.length;
    return wrong;
  }

  #addAnswer(visit: Visit, answer: Answered): string[] {
    const { status, header, complete } = answer;
    if (header(ORIGIN_HEADER) !== undefined) {
      if (status >= 500 && status < 600) this.passed += 1;
      else this.good += 1;
      return [];
    }
    if (header('proxy-status')?.startsWith('edge-error-interceptor') !== true)
      return this.#addOther(visit, answer);
    const id = header('x-request-id') ?? '';
    this.ours.set(id, (this.ours.get(id) ?? 0) + 1);
    if (!complete && visit.ending === 'waits') return ['a page that is cut'];
    return problemsOf(answer, id);
  }

  /** Counts an answer that is neither the origin's nor ours: the runtime refused, or took the visitor for gone. */
  #addOther({ isWellFormed, ending }: Visit, { status, header }: Answered): string[] {
    this.unread += 1;
    const isLastResort = header('x-request-id') !== undefined;
    if (!isLastResort) this.refused += 1;
    if (isLastResort ? ending !== 'waits' : !isWellFormed && status >= 400) return [];
    return [isLastResort ? 'the last resort' : `${status} of nobody`];
  }
}

function problemsOf({ status, headers, body }: Answered, id: string): string[] {
  const wrong: string[] = [];
  const everything = [...headers.flat(), body.toString('latin1')].join('\n');
  if (holds(everything, OF_ORIGIN) || holds(everything, SECRET))
    wrong.push(`the origin's words in ${everything.slice(0, 3000)}`);
  if (status !== 204 && (status < 500 || status > 599)) wrong.push(`a page with status ${status}`);
  if (body.length > 0 && !body.includes(id)) wrong.push('a page without its ID');
  const odd = headers.find(([, value]) => !/^[ -~]*$/.test(value));
  if (odd !== undefined) wrong.push(`the header ${JSON.stringify(odd)}`);
  const ids = headers.filter(([name]) => /^x-request-id$/i.test(name));
  if (ids.length !== 1 || id === '') wrong.push(`${ids.length} request IDs`);
  return wrong;
}

function holds(text: string, canary: string): boolean {
  return text.toLowerCase().includes(canary.toLowerCase());
}

/** The faults of a log, in words. */
export function problemsOfLog(logs: readonly LogCall[], tally: Tally): string[] {
  const wrong: string[] = [];
  const records = new Map<string, number>();
  for (const { level, message } of logs) {
    const text = JSON.stringify(message);
    if (holds(text, OF_VISITOR) || holds(text, SECRET))
      wrong.push(`a secret in the log: ${text.slice(0, 3000)}`);
    const kind = kindOf(level, message);
    if (kind === 'unknown') wrong.push(`a line that nobody expects: ${level} ${text.slice(0, 1000)}`);
    if (kind === 'failure') {
      const id = idOf(message);
      records.set(id, (records.get(id) ?? 0) + 1);
      if (text.length > 32_000) wrong.push(`a record of ${text.length} characters`);
      if (text.includes('"last-resort"')) wrong.push(`answering failed: ${text.slice(0, 2000)}`);
    }
  }
  for (const [id, answers] of tally.ours) {
    const found = records.get(id) ?? 0;
    // Two requests may have the same ID if clients choose their IDs.
    const most = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(id)
      ? 1
      : answers + tally.unread;
    if (found < answers || found > most) wrong.push(`${found} records of ${answers} pages with the ID ${id}`);
  }
  const total = [...records.values()].reduce((sum, count) => sum + count, 0);
  const least = tally.pages + tally.passed;
  if (total < least || total > least + tally.unread)
    wrong.push(`${total} records of ${least} failures, ${tally.unread} unread`);
  return wrong;
}

/**
 * A line of the runtime itself, not of a Worker's console. It begins with a place in the runtime's source.
 */
const OF_RUNTIME = /^\S+\.(?:c\+\+|h|rs):\d+: .*|^\*\*\* .*|.*contains non-ASCII characters.*/gm;

/** The faults in the output of the process, in words. */
export function problemsOfOutput(output: string): string[] {
  const wrong = (output.match(OF_RUNTIME) ?? []).map(
    (line) => `a line of the runtime: ${line.slice(0, 500)}`,
  );
  for (const canary of [OF_VISITOR, SECRET]) {
    const index = output.toLowerCase().indexOf(canary.toLowerCase());
    if (index >= 0)
      wrong.push(`a secret in the output: ${output.slice(Math.max(0, index - 300), index + 50)}`);
  }
  return wrong;
}

/** True if a log is complete. The record of a failure is written after all work for its request is done. */
export function isComplete(logs: readonly LogCall[], { ours, pages, passed }: Tally): boolean {
  const failures = logs.filter(({ level, message }) => kindOf(level, message) === 'failure');
  const ids = new Set(failures.map(({ message }) => idOf(message)));
  return failures.length >= pages + passed && [...ours.keys()].every((id) => ids.has(id));
}

type Kind = 'failure' | 'body' | 'setting' | 'unknown';

function kindOf(level: string, [first, ...more]: readonly unknown[]): Kind {
  if (more.length > 0) return 'unknown';
  if (typeof first === 'string')
    return level === 'warn' && first.startsWith('Settings not used: ') ? 'setting' : 'unknown';
  if (typeof first !== 'object' || first === null || !('message' in first)) return 'unknown';
  const text = String(first.message);
  validRecord(first);
  if (level === 'info' && text === 'Origin error body') return 'body';
  return level === 'error' || (level === 'warn' && text.endsWith(' on purpose')) ? 'failure' : 'unknown';
}

function idOf([first]: readonly unknown[]): string {
  return typeof first === 'object' && first !== null && 'request_id' in first ? String(first.request_id) : '';
}
