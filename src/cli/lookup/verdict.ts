/** The verdict on one failure: its cause, whose fault it is, and what to do next. */
import { duration } from '../format.ts';
import { ERROR_CODES, FAILURES, ROLLBACK, UNKNOWN, type Kind, type Sign } from './failure-table.ts';
import { recordFact, type JsonObject } from './log-line.ts';

/** A verdict in full sentences, for the person on call. */
export interface Verdict {
  readonly cause: string;
  readonly fault: string;
  readonly next: readonly string[];
  readonly isInOriginLog: boolean;
  /** True if a rollback to an earlier version of this Worker may help. */
  readonly mayRollBack: boolean;
}

/** The facts of a record that decide its kind, and the thrown value. */
type Said = { readonly [Name in Sign | 'thrown']?: string | undefined } & Readonly<
  Record<string, string | undefined>
>;

/**
 * Judges a record by the first row of the failure table that fits.
 * @param additions further records of the same request
 * @param isLocal true if wrangler dev ran the Worker
 */
export function verdictOn(record: JsonObject, additions: readonly JsonObject[], isLocal: boolean): Verdict {
  const said = saidIn(record, additions);
  const { cause, fault, next = [], isInOriginLog = false } = kindOf(said);
  const took = recordFact(record, 'origin.duration_ms');
  const after = took === undefined ? '' : ` after ${duration(Number(took))}`;
  const shown = said.status === undefined ? said.thrown : `Cloudflare answered ${said.status} in its place`;
  const evidence = `${shown ?? ''}${after}`.trim();
  const words = {
    asked: requestOf(record),
    after,
    because: said.thrown === undefined ? '' : `: ${said.thrown}`,
    status: said.status ?? said.type,
    type: said.type,
    code: said.code && errorCodeWithMeaning(said.code),
    evidence: evidence === '' ? '' : ` (${evidence})`,
    message: said.message ?? 'The record does not say what failed',
  };
  const [, ofCode] = ERROR_CODES[said.code ?? ''] ?? [];
  return {
    cause: filled(cause, words),
    fault,
    next: [ofCode ?? [], next].flat().flatMap((step) => {
      if (typeof step === 'string') return [step];
      const own = isLocal ? 'local' in step && step.local : 'deployed' in step && step.deployed;
      return own || [];
    }),
    isInOriginLog,
    mayRollBack: !isLocal && next.includes(ROLLBACK),
  };
}

/** The kind of a failure in a few words, for a list of many. */
export function labelOf(said: { readonly type: string; readonly source: string }): string {
  return filled(kindOf(said).label, said);
}

/** Cloudflare's error code and what it means, as `1016: the origin's …`. */
export function errorCodeWithMeaning(code: string): string {
  const [meaning] = ERROR_CODES[code] ?? [];
  return meaning === undefined ? code : `${code}: ${meaning}`;
}

/** The request as its sender wrote it: method, host, port unless it is the usual one, path. */
export function requestOf(record: JsonObject): string {
  const [method = 'a request', host = '', port, path = ''] = [
    'http.request.method',
    'server.address',
    'server.port',
    'url.path',
  ].map((name) => recordFact(record, name));
  return `${method} ${host}${port === undefined ? '' : `:${port}`}${path}`.trim();
}

function kindOf(said: Said): Kind {
  const fits = ({ when }: Kind): boolean =>
    Object.entries(when).every(([sign, pattern]) =>
      new RegExp(`^(?:${pattern})$`, 'i').test(said[sign] ?? ''),
    );
  return FAILURES.find(fits) ?? UNKNOWN;
}

function saidIn(record: JsonObject, additions: readonly JsonObject[]): Said {
  const status = recordFact(record, 'origin.status_code');
  const thrown = thrownIn(record);
  return {
    source: recordFact(record, 'error.source'),
    type: recordFact(record, 'error.type'),
    message: recordFact(record, 'message'),
    status,
    server: recordFact(record, 'origin.server'),
    thrown,
    shown: status ?? thrown,
    code: errorCodeIn([record, ...additions]),
  };
}

/** Cloudflare's error code 1xxx. The Worker logs the code of a 530; other answers of Cloudflare have it in the body. */
function errorCodeIn(records: readonly JsonObject[]): string | undefined {
  const valuesOf = (path: string): string[] => records.flatMap((record) => recordFact(record, path) ?? []);
  const isCloudflares = valuesOf('origin.server').some((server) => /^cloudflare/i.test(server));
  const bodies = isCloudflares ? valuesOf('origin.body') : [];
  const inBodies = bodies.flatMap((body) => /\berror (?:code:? )?(1\d{3})\b/i.exec(body)?.[1] ?? []);
  return [...valuesOf('cloudflare.error_code'), ...inBodies][0];
}

/** The first line of the thrown value, without its last dot: the sentence around it ends with one. */
function thrownIn(record: JsonObject): string | undefined {
  const parts = [recordFact(record, 'exception.type'), recordFact(record, 'exception.message')];
  const [line = ''] = parts.filter(Boolean).join(': ').split('\n');
  const shown = line.length > 200 ? `${line.slice(0, 200)}…` : line.replace(/\.$/, '');
  return shown === '' ? undefined : shown;
}

function filled(sentence: string, words: Readonly<Record<string, string | undefined>>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? '');
}
