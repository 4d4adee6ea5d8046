/** What failed, in one sentence. */
import { meaningOfErrorCode, meaningOfErrorType, meaningOfStatus } from './cloudflare-codes.ts';
import { kindOf } from './diagnosis.ts';
import { duration } from '../format.ts';
import { recordFact, type JsonObject } from './log-line.ts';

/**
 * What failed, in one sentence, from the record of a failure.
 * @param additions further records with the same ID
 */
export function causeOf(record: JsonObject, additions: readonly JsonObject[]): string {
  const message = recordFact(record, 'message') ?? 'The record does not say what failed';
  const asked = requestOf(record);
  const took = recordFact(record, 'origin.duration_ms');
  const after = took === undefined ? '' : ` after ${duration(Number(took))}`;
  const status = recordFact(record, 'origin.status_code');
  const thrown = exceptionOf(record);
  const because = thrown === undefined ? '' : `: ${thrown}`;

  switch (kindOf(record)) {
    case 'origin-answered':
      return `The origin answered ${status ?? recordFact(record, 'error.type')} to ${asked}${after}${because}.`;
    case 'origin-on-purpose':
      return `The origin answered ${status} on purpose to ${asked}${after}: it said X-Intercept-Errors: off.`;
    case 'origin-threw':
      return `The Worker behind the binding ORIGIN threw on ${asked}${after}${because}.`;
    case 'application-answered':
      return `The application answered ${recordFact(record, 'error.type')} to ${asked}${after}${because}.`;
    case 'application-threw':
      return `The application threw on ${asked}${after}${because}.`;
    case 'timed-out':
      return `The origin timed out${after} on ${asked}.`;
    case 'unreachable':
      return `The origin did not answer ${asked}${after}${whyUnreachable(record, thrown)}.`;
    case 'cloudflare-answered': {
      if (status === '101')
        return `The origin answered 101 to ${asked}${after}, which asked for no other protocol.`;
      const failed = /timed out/i.test(message) ? 'timed out on' : 'did not answer';
      const why = meaningOf(Number(status), errorCodeOf([record, ...additions]));
      return `The origin ${failed} ${asked}; Cloudflare answered ${status} in its place${after}${why}.`;
    }
    case 'asked-itself':
      return `The Worker would have asked itself for ${asked}: what it takes for its origin is its own address.`;
    case 'interceptor':
      return `The Worker's own code failed on ${asked}: ${thrown ?? message}.`;
    case 'drill':
      return `This was a drill on ${asked}: nothing has failed.`;
    case 'unknown':
      return `${message} (${asked}).`;
  }
}

/** Cloudflare's error code 1xxx, from whichever record has it. */
export function errorCodeOf(records: readonly JsonObject[]): number | undefined {
  return records
    .map((record) => Number(recordFact(record, 'cloudflare.error_code') ?? NaN))
    .find(Number.isInteger);
}

/** The request as its sender wrote it: method, host, a port that is not the usual one, path. */
export function requestOf(record: JsonObject): string {
  const method = recordFact(record, 'http.request.method') ?? 'a request';
  const port = recordFact(record, 'server.port');
  const host = `${recordFact(record, 'server.address') ?? ''}${port === undefined ? '' : `:${port}`}`;
  const target = `${host}${recordFact(record, 'url.path') ?? ''}`;
  return target === '' ? method : `${method} ${target}`;
}

/** The first line of what was thrown, without the dot that ends the sentence anyway. */
function exceptionOf(record: JsonObject): string | undefined {
  const parts = [recordFact(record, 'exception.type'), recordFact(record, 'exception.message')];
  const [line] = parts.filter(Boolean).join(': ').split('\n');
  if (!line) return undefined;
  return (line.length > 200 ? `${line.slice(0, 200)}…` : line).replace(/\.$/, '');
}

function whyUnreachable(record: JsonObject, thrown: string | undefined): string {
  const meaning = meaningOfErrorType(recordFact(record, 'error.type') ?? '');
  if (meaning === undefined) return thrown === undefined ? '' : `: ${thrown}`;
  return `: ${meaning}${thrown === undefined ? '' : ` (${thrown})`}`;
}

function meaningOf(status: number, errorCode: number | undefined): string {
  const cloudflare = errorCode === undefined ? undefined : meaningOfErrorCode(errorCode);
  if (errorCode !== undefined) return ` with error code ${errorCode}${cloudflare ? `: ${cloudflare}` : ''}`;
  const meaning = meaningOfStatus(status);
  return meaning ? `: ${meaning}` : '';
}
