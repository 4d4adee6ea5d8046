/** Reads the marks of the Worker in an answer: is it the Worker's own, its ID, its status. */
import { lastingStatus } from '../../answer/status.ts';
import { isAcceptable } from '../../request-id.ts';
import { failed, passed, type Check } from './check.ts';
import type { HttpAnswer } from './http-answer.ts';

/** The settings of the deployed site. */
export interface Expectations {
  readonly errorStatus: '500' | 'origin';
  readonly intercept: 'all' | 'pages';
  readonly trustRequestId: 'false' | 'true';
}

/** The form of a request ID. */
interface IdFormat {
  readonly name: string;
  readonly test: (id: string) => boolean;
}

const UUID: IdFormat = {
  name: 'a UUIDv7',
  test: (id) => /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(id),
};
const TRUSTED_ID: IdFormat = { name: 'a request ID', test: isAcceptable };

/** The form of request IDs by the settings of the site. */
export function idFormat({ trustRequestId }: Expectations): IdFormat {
  return trustRequestId === 'true' ? TRUSTED_ID : UUID;
}

/** True if the Worker made this answer. */
export function isOurs(answer: HttpAnswer): boolean {
  return /^edge-error-interceptor *(?:[;,]|$)/.test(answer.header('Proxy-Status'));
}

/** True if this is the Worker's answer to a drill: neither the origin nor the network failed. */
export function isDrill(answer: HttpAnswer): boolean {
  return /^edge-error-interceptor *(?:,|$)/.test(answer.header('Proxy-Status'));
}

/** The request ID of an answer. Undefined if there is no valid one. */
export function requestIdOf(answer: HttpAnswer, expectations: Expectations): string | undefined {
  const id = answer.header('X-Request-Id');
  return idFormat(expectations).test(id) ? id : undefined;
}

/** Checks the status. */
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

/** The statuses that the Worker's answer may have with ERROR_STATUS = "origin". */
function keptStatuses(answer: HttpAnswer): number[] {
  const status = statusOfOrigin(answer);
  if (status !== undefined) return [lastingStatus(status)];
  // 503 stands for an origin that did not answer and for a drill; 500 for a failure of the Worker itself.
  return isDrill(answer) ? [503] : [503, 500];
}

/** The origin's status in `Proxy-Status` (RFC 9209). Undefined if the origin did not answer. */
export function statusOfOrigin(answer: HttpAnswer): number | undefined {
  const proxyStatus = answer.header('Proxy-Status');
  const [, status] = /;\s*received-status=(\d{3})\b/.exec(proxyStatus) ?? [];
  return status === undefined || /;\s*error=/.test(proxyStatus) ? undefined : Number(status);
}
