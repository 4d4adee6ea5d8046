/** The statuses of our answers, with their English words, and the status for `ERROR_STATUS = "origin"`. */
import type { Failure } from '../failure.ts';

/**
 * The statuses that our answers may have, in English words: the 5xx of IANA's registry
 * (https://www.iana.org/assignments/http-status-codes) without 502 and 504. Cloudflare replaces the body and the
 * headers of a Worker's 502 and 504 by its own.
 */
export const reasons: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'HTTP Version Not Supported',
  506: 'Variant Also Negotiates',
  507: 'Insufficient Storage',
  508: 'Loop Detected',
  510: 'Not Extended',
  511: 'Network Authentication Required',
};

/** The status to answer for an origin's status: the same if Cloudflare lets it through, else 503. */
export function lastingStatus(status: number): number {
  return Object.hasOwn(reasons, status) ? status : 503;
}

/** The status that describes a failure. A drill counts as an origin that did not answer, which is 503. */
export function statusOf(failure: Failure): number {
  switch (failure.kind) {
    case 'answered':
      return lastingStatus(failure.response.status);
    case 'unreachable':
    case 'timed-out':
    case 'drill':
      return 503;
    default:
      return 500;
  }
}
