/** What there is to see of the Worker in an answer: whether it is its own, its ID, its status. */
import { lastingStatus } from '../../answer/status.ts';
import { isAcceptable } from '../../request-id.ts';
import { failed, passed, type Check } from './check.ts';
import type { HttpAnswer } from './http-answer.ts';

/** How the site was deployed; the settings of the same names. */
export interface Expectations {
  readonly errorStatus: '500' | 'origin';
  readonly intercept: 'all' | 'pages';
  readonly trustRequestId: 'false' | 'true';
}

/** What a request ID has to be. */
interface IdFormat {
  readonly name: string;
  readonly test: (id: string) => boolean;
}

const UUID: IdFormat = {
  name: 'a UUIDv7',
  test: (id) => /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(id),
};
const TRUSTED_ID: IdFormat = { name: 'a request ID', test: isAcceptable };

/** What an ID has to be, as the site was deployed. */
export function idFormat({ trustRequestId }: Expectations): IdFormat {
  return trustRequestId === 'true' ? TRUSTED_ID : UUID;
}

/** Whether the Worker made this answer. */
export function isOurs(answer: HttpAnswer): boolean {
  return /^edge-error-interceptor *(?:[;,]|$)/.test(answer.header('Proxy-Status'));
}

/** Whether this is the Worker's answer to a drill: no origin failed, and no network. */
export function isDrill(answer: HttpAnswer): boolean {
  return /^edge-error-interceptor *(?:,|$)/.test(answer.header('Proxy-Status'));
}

/** The request ID of an answer; undefined where what it has is none. */
export function requestIdOf(answer: HttpAnswer, expectations: Expectations): string | undefined {
  const id = answer.header('X-Request-Id');
  return idFormat(expectations).test(id) ? id : undefined;
}

/** A check of the status. */
export function checkStatus(who: string, answer: HttpAnswer, { errorStatus }: Expectations): Check {
  const { status } = answer;
  const expected = errorStatus === 'origin' ? keptStatuses(answer) : [500];
  if (expected.includes(status)) return passed(`${who} ${status}`);
  const hint =
    errorStatus === '500' && keptStatuses(answer).includes(status)
      ? '; with ERROR_STATUS = "origin": --error-status origin'
      : '';
  return failed(`${who} ${status}, expected ${expected.join(' or ')}${hint}`);
}

/** What an answer of the Worker's may have as its status with ERROR_STATUS = "origin". */
function keptStatuses(answer: HttpAnswer): number[] {
  const status = statusOfOrigin(answer);
  if (status !== undefined) return [lastingStatus(status)];
  // No answer of the origin's is 503, and so is a drill; a failure of the Worker is 500.
  return isDrill(answer) ? [503] : [503, 500];
}

/** The status that the origin answered, by `Proxy-Status` (RFC 9209); undefined where it did not answer. */
export function statusOfOrigin(answer: HttpAnswer): number | undefined {
  const proxyStatus = answer.header('Proxy-Status');
  const [, status] = /;\s*received-status=(\d{3})\b/.exec(proxyStatus) ?? [];
  return status === undefined || /;\s*error=/.test(proxyStatus) ? undefined : Number(status);
}
