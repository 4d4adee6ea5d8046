/** The request ID: one per request, on the page, in the response header, in the log and at the origin. */

/** The header that carries the request ID to the origin and to the visitor. */
export const REQUEST_ID_HEADER = 'X-Request-Id';

/** What an ID that a client chose may be: what proxies and clouds send, and HTML and logs take as it stands. */
const FROM_CLIENT = /^[A-Za-z0-9][A-Za-z0-9._:@#/+=~-]{7,199}$/;
const EMAIL_ADDRESS = /^[^@]+@[^@]+\.[^@]+$/;
const IP_ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|[\da-f]*:[\da-f]*:[\da-f:.]*)$/i;

/** Whether an ID that a client chose is taken where `TRUST_REQUEST_ID` says so. */
export function isAcceptable(id: string): boolean {
  // A personal datum as a whole would be logged as the ID.
  return FROM_CLIENT.test(id) && !EMAIL_ADDRESS.test(id) && !IP_ADDRESS.test(id);
}

/**
 * The ID of a request. Never throws.
 * @param trustClient take the client's own `X-Request-Id` where it is acceptable
 */
export function requestIdFor(request: Request, trustClient: boolean): string {
  const sent = trustClient ? request.headers.get(REQUEST_ID_HEADER) : null;
  return sent !== null && isAcceptable(sent) ? sent : newRequestId();
}

/** Crockford's base32: https://www.crockford.com/base32.html */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;

/**
 * A new ULID (https://github.com/ulid/spec): 26 characters of Crockford's base32, which hold the time in
 * milliseconds and 80 random bits. Never throws.
 */
export function newRequestId(): string {
  let id = '';
  for (let time = Date.now(), i = 0; i < TIME_LENGTH; i++) {
    id = ALPHABET.charAt(time % 32) + id;
    time = Math.floor(time / 32);
  }
  if (next === pool.length) refill();
  for (const end = next + RANDOM_LENGTH; next < end; next++) id += ALPHABET.charAt((pool[next] ?? 0) & 31);
  return id;
}

// One call into the runtime for many IDs.
const pool = new Uint8Array(RANDOM_LENGTH * 64);
let next = pool.length;

function refill(): void {
  next = 0;
  try {
    crypto.getRandomValues(pool);
  } catch {
    // An ID that is a little easier to guess still leads to its record; no ID leads nowhere.
    for (let i = 0; i < pool.length; i++) pool[i] = Math.random() * 256;
  }
}
