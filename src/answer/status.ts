/** The status of an answer, for `ERROR_STATUS = "origin"`, and the words of each. */
import type { Failure } from '../failure.ts';

/**
 * The statuses that an answer of ours may have, in English words: the 5xx of IANA's registry
 * (https://www.iana.org/assignments/http-status-codes) but 502 and 504. Cloudflare replaces a Worker's 502 and
 * 504 by a page of its own, body and headers.
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

/** The status that stands for an origin's: the same where the visitor would get it, else 503. */
export function lastingStatus(status: number): number {
  return Object.hasOwn(reasons, status) ? status : 503;
}

/** The status that describes a failure: a drill counts as no answer, which is 503. */
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
