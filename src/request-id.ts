/** The request ID: one per request, on the page, in the response header, in the log and at the origin. */
import { ulid } from 'ulid';

/** The header that carries the request ID to the origin and to the visitor. */
export const REQUEST_ID_HEADER = 'X-Request-Id';

/**
 * What an ID that a client chose may be. Every consumer takes this form: Heroku and Plug replace an ID under 20
 * characters, Rails strips other characters.
 */
export const ACCEPTED_FROM_CLIENT = /^[A-Za-z0-9-]{20,200}$/;

/**
 * The ID of a request. Never throws.
 * @param trustClient take the client's own `X-Request-Id` where it is 20 to 200 of `[A-Za-z0-9-]`
 */
export function requestIdFor(request: Request, trustClient: boolean): string {
  const sent = trustClient ? request.headers.get(REQUEST_ID_HEADER) : null;
  return sent !== null && ACCEPTED_FROM_CLIENT.test(sent) ? sent : newRequestId();
}

/**
 * A new ULID (https://github.com/ulid/spec): 26 characters of Crockford's base32, which hold the time in
 * milliseconds and 80 random bits. Never throws.
 */
export function newRequestId(): string {
  return ulid(Date.now(), randomFraction);
}

const pool = new Uint8Array(16 * 64);
let next = pool.length;

/** A number from 0 to less than 1 in steps of 1/256: ulid() takes one for each of its 16 random characters. */
function randomFraction(): number {
  if (next === pool.length) refill();
  return (pool[next++] ?? 0) / 256;
}

function refill(): void {
  next = 0;
  try {
    crypto.getRandomValues(pool);
  } catch {
    // An ID that is a little easier to guess still leads to its record; no ID leads nowhere.
    for (let i = 0; i < pool.length; i++) pool[i] = Math.random() * 256;
  }
}
