/** What is known of one failure: its cause, whose fault it is, and what to do next. */
import { duration } from '../format.ts';
import { ERROR_CODES, FAILURES, UNKNOWN, type Kind, type Signs } from './failure-table.ts';
import { recordFact, type JsonObject } from './log-line.ts';

/** In full sentences, for whoever is on call. */
export interface Verdict extends Pick<Kind, 'reached' | 'ours'> {
  readonly cause: string;
  readonly fault: string;
  readonly next: readonly string[];
}

/** What a record says of its kind. */
type Said = {
  readonly [Fact in 'source' | 'type' | 'message' | 'status' | 'server' | 'thrown' | 'code']?:
    string | undefined;
};

/**
 * Reads a record.
 * @param additions further records with the same ID
 * @param isLocal whether wrangler dev ran the Worker
 */
export function verdictOn(record: JsonObject, additions: readonly JsonObject[], isLocal: boolean): Verdict {
  const said = saidIn(record, additions);
  const { cause, fault, next = [], deployed = [], local = [], ...kind } = kindOf(said);
  const [, ofCode] = ERROR_CODES[Number(said.code)] ?? [];
  const took = recordFact(record, 'origin.duration_ms');
  const after = took === undefined ? '' : ` after ${duration(Number(took))}`;
  const words = {
    asked: requestOf(record),
    after,
    because: said.thrown === undefined ? '' : `: ${said.thrown}`,
    status: said.status ?? said.type,
    type: said.type,
    code: said.code && errorCodeWithMeaning(said.code),
    evidence: evidenceOf(said, after),
    message: said.message ?? 'The record does not say what failed',
  };
  return {
    ...kind,
    cause: filled(cause, words),
    fault,
    next: [...(ofCode === undefined ? [] : [ofCode]), ...next, ...(isLocal ? local : deployed)],
  };
}

/** What failed, in a few words, for a list of many. */
export function labelOf(said: { readonly type: string; readonly source: string }): string {
  return filled(kindOf(said).label, said);
}

/** Cloudflare's error code and what it means, as `1016: the origin's …`. */
export function errorCodeWithMeaning(code: string): string {
  const [meaning] = ERROR_CODES[Number(code)] ?? [];
  return meaning === undefined ? code : `${code}: ${meaning}`;
}

/** The request as its sender wrote it: method, host, a port that is not the usual one, path. */
export function requestOf(record: JsonObject): string {
  const method = recordFact(record, 'http.request.method') ?? 'a request';
  const port = recordFact(record, 'server.port');
  const host = `${recordFact(record, 'server.address') ?? ''}${port === undefined ? '' : `:${port}`}`;
  const target = `${host}${recordFact(record, 'url.path') ?? ''}`;
  return target === '' ? method : `${method} ${target}`;
}

function kindOf(said: Said): Kind {
  return FAILURES.find(([signs]) => fits(signs, said))?.[1] ?? UNKNOWN;
}

function fits({ source, type, message, status, server, evidence, code }: Signs, said: Said): boolean {
  return (
    source === said.source &&
    (type === undefined || new RegExp(`^(?:${type})$`).test(said.type ?? '')) &&
    (message === undefined || message.test(said.message ?? '')) &&
    (status === undefined || status === said.status) &&
    (server === undefined || server.test(said.server ?? '')) &&
    (evidence === undefined || evidence === ((said.status ?? said.thrown) !== undefined)) &&
    (code === undefined || code === (said.code !== undefined))
  );
}

function saidIn(record: JsonObject, additions: readonly JsonObject[]): Said {
  return {
    source: recordFact(record, 'error.source'),
    type: recordFact(record, 'error.type'),
    message: recordFact(record, 'message'),
    status: recordFact(record, 'origin.status_code'),
    server: recordFact(record, 'origin.server'),
    thrown: thrownIn(record),
    code: errorCodeIn(record, additions),
  };
}

/** Cloudflare's error code 1xxx: the Worker logs it of a 530; in other answers of Cloudflare it stands in the body. */
function errorCodeIn(record: JsonObject, additions: readonly JsonObject[]): string | undefined {
  const logged = [record, ...additions].map((one) => recordFact(one, 'cloudflare.error_code'));
  const isCloudflares = /^cloudflare/i.test(recordFact(record, 'origin.server') ?? '');
  const bodies = isCloudflares ? additions.map((one) => recordFact(one, 'origin.body') ?? '') : [];
  return [...logged, ...bodies.map((body) => /\berror (?:code:? )?(1\d{3})\b/i.exec(body)?.[1])].find(
    Boolean,
  );
}

/** The first line of what was thrown, without the dot that ends the sentence anyway. */
function thrownIn(record: JsonObject): string | undefined {
  const parts = [recordFact(record, 'exception.type'), recordFact(record, 'exception.message')];
  const [line] = parts.filter(Boolean).join(': ').split('\n');
  if (!line) return undefined;
  return (line.length > 200 ? `${line.slice(0, 200)}…` : line).replace(/\.$/, '');
}

/** How it showed that the origin did not answer. */
function evidenceOf({ status, thrown }: Said, after: string): string {
  const shown = status === undefined ? thrown : `Cloudflare answered ${status} in its place`;
  const text = `${shown ?? ''}${after}`.trim();
  return text === '' ? '' : ` (${text})`;
}

function filled(sentence: string, words: Readonly<Record<string, string | undefined>>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? '');
}
