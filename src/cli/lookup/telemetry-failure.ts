/** What can go wrong with a query to Cloudflare, in words that help. */
import { APIConnectionError, APIError } from 'cloudflare';
import { TOKEN_HELP } from './credentials.ts';
import { duration } from '../format.ts';
import { EXIT, LookupFailure } from './exit.ts';
import { isJsonObject, numberFact } from './log-line.ts';

// Cloudflare refuses some tokens with 400: 6003 and 6111 "Invalid request headers", 9109 "Invalid access token",
// 10000 "Authentication error".
const TOKEN_REFUSED = new Set([6003, 6111, 9106, 9109, 10000]);

/** Whatever the SDK throws, as a failure with an exit code. */
export function telemetryFailure(thrown: unknown, url: string): LookupFailure {
  if (thrown instanceof LookupFailure) return thrown;
  if (thrown instanceof APIConnectionError) {
    return new LookupFailure(EXIT.network, `${url} could not be reached: ${rootCause(thrown)}`);
  }
  if (!(thrown instanceof APIError)) {
    return new LookupFailure(EXIT.api, `${url} did not answer as its API does: ${String(thrown)}`);
  }
  const answered = `Cloudflare's API answered ${thrown.status}: ${said(thrown)}`;
  const codes = thrown.errors.map((error) => numberFact(error, 'code'));
  if (thrown.status === 401 || thrown.status === 403 || codes.some((code) => TOKEN_REFUSED.has(code ?? 0))) {
    return new LookupFailure(
      EXIT.permission,
      `${answered}
The token in CLOUDFLARE_API_TOKEN is not valid, or may not read the logs of the account CLOUDFLARE_ACCOUNT_ID.
${TOKEN_HELP}`,
    );
  }
  const hint = thrown.status === 404 ? '\nIs CLOUDFLARE_ACCOUNT_ID right?' : '';
  const wait = retryAfter(thrown.headers);
  const advice = wait > 0 ? `\nIt asks to try again after ${duration(wait)}.` : '';
  return new LookupFailure(EXIT.api, `${answered}${hint}${advice}`);
}

/** The delay that `Retry-After` asks for, in milliseconds; 0 without one (RFC 9110 §10.2.3). */
export function retryAfter(headers: Headers | undefined): number {
  const text = headers?.get('retry-after') ?? '';
  const delay = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return delay > 0 ? delay : 0;
}

function said(error: APIError): string {
  const errors = error.errors
    .filter(isJsonObject)
    .map(({ message, code }) => `${String(message)} (code ${String(code)})`)
    .join('; ');
  return errors === '' ? error.message.slice(0, 300) : errors;
}

/** The innermost reason: fetch wraps "connect ECONNREFUSED 127.0.0.1:8787" into "fetch failed" and "Connection error." */
function rootCause(error: Error): string {
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error ? rootCause(cause) : error.message;
}
