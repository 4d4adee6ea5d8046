/** What failed, in one sentence. */
import { meaningOfErrorCode, meaningOfStatus } from './cloudflare-codes.ts';
import { duration } from '../format.ts';
import { fact, numberFact, textFact, type JsonObject } from './log-line.ts';

/**
 * What failed, in one sentence, from the record of a failure.
 * @param additions further records with the same ID
 */
export function causeOf(record: JsonObject, additions: readonly JsonObject[]): string {
  const message = textFact(record, 'message') ?? 'The record does not say what failed';
  const asked = requestOf(record);
  const took = numberFact(record, 'origin.duration_ms');
  const after = took === undefined ? '' : ` after ${duration(took)}`;
  const status = numberFact(record, 'origin.status_code');
  const thrown = exceptionOf(record);

  switch (textFact(record, 'error.source')) {
    case 'interceptor':
      return `The Worker's own code failed: ${thrown ?? message} (${asked}).`;
    case 'origin':
      return status === undefined
        ? `${message} (${asked}).`
        : `The origin answered ${status} to ${asked}${after}.`;
    case 'network': {
      const timedOut = /timed out/i.test(message);
      if (status === 101)
        return `The origin answered 101 to ${asked}${after}, which asked for no other protocol.`;
      if (status !== undefined) {
        const why = meaningOf(status, errorCodeOf([record, ...additions]));
        const failed = timedOut ? 'timed out on' : 'did not answer';
        return `The origin ${failed} ${asked}; Cloudflare answered ${status} in its place${after}${why}.`;
      }
      return timedOut
        ? `The origin timed out${after} on ${asked}.`
        : `The origin did not answer ${asked}${thrown ? `: ${thrown}` : ''}${took === undefined ? '' : ` (after ${duration(took)})`}.`;
    }
    default:
      return `${message} (${asked}).`;
  }
}

/** Cloudflare's error code 1xxx, from whichever record has it. */
function errorCodeOf(records: readonly JsonObject[]): number | undefined {
  return records.map((record) => Number(fact(record, 'cloudflare.error_code') ?? NaN)).find(Number.isInteger);
}

function requestOf(record: JsonObject): string {
  const method = textFact(record, 'http.request.method') ?? 'a request';
  const target = `${textFact(record, 'server.address') ?? ''}${textFact(record, 'url.path') ?? ''}`;
  return target === '' ? method : `${method} ${target}`;
}

/** The first line of what was thrown, without the dot that ends the sentence anyway. */
function exceptionOf(record: JsonObject): string | undefined {
  const parts = [textFact(record, 'exception.type'), textFact(record, 'exception.message')];
  const [line] = parts.filter(Boolean).join(': ').split('\n');
  if (!line) return undefined;
  return (line.length > 200 ? `${line.slice(0, 200)}…` : line).replace(/\.$/, '');
}

function meaningOf(status: number, errorCode: number | undefined): string {
  const cloudflare = errorCode === undefined ? undefined : meaningOfErrorCode(errorCode);
  if (errorCode !== undefined) return ` with error code ${errorCode}${cloudflare ? `: ${cloudflare}` : ''}`;
  const meaning = meaningOfStatus(status);
  return meaning ? `: ${meaning}` : '';
}
