/** The request ID. It is on the page, in the response header, in the log and at the origin. */
import { attempt } from './untrusted.ts';

/** The request header that always brings the ID to the origin or the application. */
export const EDGE_REQUEST_ID_HEADER = 'X-Edge-Request-Id';

/** The header that brings the ID to the visitor, and to the origin unless the visitor sent one of their own. */
export const REQUEST_ID_HEADER = 'X-Request-Id';

/** The IDs that proxies and clouds send. None of the characters needs escaping in HTML or in logs. */
const FROM_CLIENT = /^[A-Za-z0-9][A-Za-z0-9._:@#/+=~-]{7,199}$/;
const EMAIL_ADDRESS = /^[^@]+@[^@]+\.[^@]+$/;
const IP_ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|[\da-f]*:[\da-f]*:[\da-f:.]*)$/i;

/** True if `TRUST_REQUEST_ID` accepts this ID from a client. */
export function isAcceptable(id: string): boolean {
  // An e-mail or IP address must not be logged as an ID.
  return FROM_CLIENT.test(id) && !EMAIL_ADDRESS.test(id) && !IP_ADDRESS.test(id);
}

/**
 * The ID of a request. Never throws.
 * @param trustClient true to take the client's own `X-Request-Id` if it is acceptable
 */
export function requestIdFor(request: Request, trustClient: boolean): string {
  const sent = trustClient ? attempt(() => request.headers.get(REQUEST_ID_HEADER)) : undefined;
  return sent && isAcceptable(sent) ? sent : newRequestId();
}

/** A new UUIDv7 (https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7) in lower case. Never throws. */
export function newRequestId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUuid().slice(15)}`;
}

function randomUuid(): string {
  try {
    return crypto.randomUUID();
  } catch {
    // Without crypto, an ID that is easier to guess still leads to its record.
    return `${'0'.repeat(18)}-8${digits(3)}-${digits(12)}`;
  }
}

function digits(length: number): string {
  return Math.random().toFixed(length).slice(2);
}
