/** What can go wrong with a query to Cloudflare, in words that help. */
import { TOKEN_HELP } from './credentials.ts';
import { duration } from '../format.ts';
import { EXIT, LookupFailure } from './exit.ts';
import { isJsonObject, numberFact, type JsonObject } from './log-line.ts';

// Cloudflare refuses some tokens with 400: 6003 and 6111 "Invalid request headers", 9109 "Invalid access token",
// 10000 "Authentication error".
const TOKEN_REFUSED = new Set([6003, 6111, 9106, 9109, 10000]);

/**
 * An answer that says no.
 * @param answer the body as JSON, undefined where it is none
 */
export function refused(status: number, headers: Headers, answer: unknown, text: string): LookupFailure {
  const list = isJsonObject(answer) ? answer['errors'] : undefined;
  const errors = Array.isArray(list) ? list.filter(isJsonObject) : [];
  const answered = `Cloudflare's API answered ${status}: ${said(errors) || text.slice(0, 300)}`;
  const codes = errors.map((error) => numberFact(error, 'code'));
  if (status === 401 || status === 403 || codes.some((code) => TOKEN_REFUSED.has(code ?? 0))) {
    return new LookupFailure(
      EXIT.permission,
      `${answered}
The token in CLOUDFLARE_API_TOKEN is not valid, or may not read the logs of the account CLOUDFLARE_ACCOUNT_ID.
${TOKEN_HELP}`,
    );
  }
  const hint = status === 404 ? '\nIs CLOUDFLARE_ACCOUNT_ID right?' : '';
  const wait = retryAfter(headers);
  const advice = wait > 0 ? `\nIt asks to try again after ${duration(wait)}.` : '';
  return new LookupFailure(EXIT.api, `${answered}${hint}${advice}`);
}

/** An answer that is none of the API, such as the page of a hotel's Wi-Fi. */
export function noResult(who: string): LookupFailure {
  return new LookupFailure(EXIT.api, `${who} did not answer as its API does.`);
}

/** The delay that `Retry-After` asks for, in milliseconds; 0 without one (RFC 9110 §10.2.3). */
export function retryAfter(headers: Headers): number {
  const text = headers.get('retry-after') ?? '';
  const delay = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return delay > 0 ? delay : 0;
}

/** The innermost reason: fetch wraps "connect ECONNREFUSED 127.0.0.1:8787" into "fetch failed". */
export function rootCause(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { cause } = thrown;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error ? rootCause(cause) : thrown.message;
}

function said(errors: readonly JsonObject[]): string {
  return errors.map(({ message, code }) => `${String(message)} (code ${String(code)})`).join('; ');
}
