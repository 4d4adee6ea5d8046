/** Says in plain words why there was no answer. */
import { textProperty } from '../untrusted.ts';

/** Node's codes in words: https://nodejs.org/api/errors.html, https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, 'its name cannot be resolved'],
  [/^ECONNREFUSED$/, 'nothing listens there'],
  [/^(?:ECONNRESET|EPIPE)$/, 'the connection was closed without an answer'],
  [/^(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/, 'it cannot be reached'],
  [/^HPE_/, 'what it answered is not HTTP'],
  [/CERT|SIGNATURE|ISSUER/, 'its TLS certificate is not valid'],
  [/^(?:EPROTO|ERR_SSL)/, 'the TLS handshake failed'],
];

/** The reason behind an error of `node:http` or `fetch`, as the end of a sentence. */
export function networkFault(error: unknown): string {
  // Node collects one error for each address that it tried, and fetch hides the error behind its own.
  if (error instanceof AggregateError && error.errors.length > 0) return networkFault(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return networkFault(error.cause);
  const [, meaning] = MEANINGS.find(([pattern]) => pattern.test(textProperty(error, 'code'))) ?? [];
  return meaning === undefined ? error.message : `${meaning} (${error.message})`;
}
