/** The verdict on one failure: its cause, whose fault it is, and what to do next. */
import { duration } from '../format.ts';
import { ERROR_CODES, FAILURES, ONLY, UNKNOWN, type Kind } from './failure-table.ts';
import { recordFact, type JsonObject } from './log-line.ts';

/** The two facts of a record that name the kind of its failure. */
export interface KindOfFailure {
  readonly error_type: string;
  readonly error_source: string;
}

/**
 * Judges a record by the first row of the failure table that fits, in full sentences for the person on call.
 * @param additions further records of the same request
 * @param isLocal true if wrangler dev ran the Worker
 */
export function verdictOn(record: JsonObject, additions: readonly JsonObject[], isLocal: boolean) {
  const fact = (path: string): string | undefined => recordFact(record, path);
  const message = fact('message') ?? 'The record does not say what failed';
  const [type = '', status, thrown] = [fact('error.type'), fact('origin.status_code'), thrownIn(record)];
  const code = errorCodeIn([record, ...additions]);
  const signs = [
    status,
    code && 'code',
    isCloudflare(fact('origin.server')) && 'cloudflare',
    thrown && 'threw',
    message.endsWith(' on purpose') && 'on purpose',
  ];
  const { label, cause, fault, next = [] } = kindOf(fact('error.source'), type, ...signs);
  const took = fact('origin.duration_ms');
  const after = took === undefined ? '' : ` after ${duration(Number(took))}`;
  const shown = status === undefined ? (thrown ?? '') : `Cloudflare answered ${status} in its place`;
  const evidence = `${shown}${after}`.trim();
  const words = {
    message,
    type,
    label,
    asked: requestOf(record),
    after,
    because: thrown === undefined ? '' : `: ${thrown}`,
    code: code ? `error code ${errorCodeWithMeaning(code)}` : 'an error code that the record does not have',
    evidence: evidence === '' ? '' : ` (${evidence})`,
  };
  const [, adviceOnCode] = ERROR_CODES[code ?? ''] ?? [];
  const hasStack = fact('exception.stacktrace') !== undefined;
  const useless = [...(isLocal ? ONLY.deployed : ONLY.local), ...(hasStack ? [] : ONLY.withStack)];
  const steps = [...(adviceOnCode ? [adviceOnCode] : []), ...next];
  return {
    cause: filled(cause ?? 'The origin did not answer {asked}: {label}{evidence}.', words),
    fault,
    next: steps.filter((step) => !useless.includes(step)),
  };
}

/** The kind of a failure in a few words, for a list of many. */
export function labelOf({ error_type, error_source }: KindOfFailure): string {
  return filled(kindOf(error_source, error_type).label, { type: error_type });
}

/** Cloudflare's error code and what it means, as `1016: the origin's …`. */
export function errorCodeWithMeaning(code: string): string {
  const [meaning] = ERROR_CODES[code] ?? [];
  return meaning === undefined ? code : `${code}: ${meaning}`;
}

/** The request as its sender wrote it: method, host, port unless it is the usual one, path. */
export function requestOf(record: JsonObject): string {
  const fact = (path: string): string => recordFact(record, path) ?? '';
  const port = fact('server.port');
  const method = fact('http.request.method') || 'a request';
  return `${method} ${fact('server.address')}${port && `:${port}`}${fact('url.path')}`.trim();
}

/** The first row whose pattern fits the source, the type and the signs of a failure. */
function kindOf(...signs: readonly (string | false | undefined)[]): Kind {
  const failure = `${signs.filter(Boolean).join(' ')} `;
  const fits = ([pattern]: readonly [string, Kind]): boolean => new RegExp(`^${pattern}`, 'i').test(failure);
  return Object.entries(FAILURES).find(fits)?.[1] ?? UNKNOWN;
}

function isCloudflare(server: string | undefined): boolean {
  return /^cloudflare/i.test(server ?? '');
}

/** Cloudflare's error code 1xxx. The Worker logs the code of a 530; other answers of Cloudflare have it in the body. */
function errorCodeIn(records: readonly JsonObject[]): string | undefined {
  const valuesOf = (path: string): string[] => records.flatMap((record) => recordFact(record, path) ?? []);
  const bodies = valuesOf('origin.server').some(isCloudflare) ? valuesOf('origin.body') : [];
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

function filled(sentence: string, words: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? '');
}
