/** What of an origin's failed answer reaches the visitor: these headers, if their values are plain. */
import { REQUEST_ID_HEADER } from '../request-id.ts';
import { secondsToWait } from './retry-after.ts';

const MAXIMUM_LENGTH = 2000;
const PRINTABLE = /^[ -~]*$/;
const anyValue = (): boolean => true;

/** The headers that are kept, and which values of printable ASCII they may have. */
const kept: Readonly<Record<string, (value: string) => boolean>> = {
  'Retry-After': (value) => secondsToWait(value, 0) !== undefined,
  'WWW-Authenticate': anyValue,
  'Strict-Transport-Security': anyValue,
  'X-Frame-Options': (value) => /^(?:DENY|SAMEORIGIN)$/i.test(value),
  'Access-Control-Allow-Origin': anyValue,
  'Access-Control-Allow-Credentials': anyValue,
  'Access-Control-Allow-Methods': anyValue,
  'Access-Control-Allow-Headers': anyValue,
  'Access-Control-Expose-Headers': anyValue,
  'Access-Control-Max-Age': anyValue,
};

/**
 * The headers that a client needs to react to a failure, by exact name; a browser app must see a failure with
 * its ID, and not a refusal. A value of other characters is left out, as it would not reach every client.
 */
export function keptHeaders(origin: Headers): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, isAllowed] of Object.entries(kept)) {
    const value = origin.get(name);
    if (value === null || value.length > MAXIMUM_LENGTH || !PRINTABLE.test(value)) continue;
    if (isAllowed(value)) headers[name] = value;
  }
  if ('Access-Control-Allow-Origin' in headers) headers[EXPOSE] = withRequestId(headers[EXPOSE] ?? '');
  return headers;
}

const EXPOSE = 'Access-Control-Expose-Headers';

/** A list of header names, with the request ID's in it once. */
function withRequestId(names: string): string {
  if (names.trim() === '') return REQUEST_ID_HEADER;
  const isNamed = names
    .toLowerCase()
    .split(',')
    .some((name) => name.trim() === REQUEST_ID_HEADER.toLowerCase());
  return isNamed ? names : `${names}, ${REQUEST_ID_HEADER}`;
}
