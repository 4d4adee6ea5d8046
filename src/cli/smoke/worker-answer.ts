/** Reads the marks of the Worker in an answer: is it the Worker's own, its ID, the origin's status. */
import { isAcceptable } from '../../request-id.ts';
import type { SiteSettings } from './arguments.ts';
import type { HttpAnswer } from './http-answer.ts';

/** True if the Worker made this answer. */
export function isOurs(answer: HttpAnswer): boolean {
  return /^edge-error-interceptor *(?:[;,]|$)/.test(answer.header('Proxy-Status'));
}

/** True if this is the Worker's answer to a drill: neither the origin nor the network failed. */
export function isDrill(answer: HttpAnswer): boolean {
  return /^edge-error-interceptor *(?:,|$)/.test(answer.header('Proxy-Status'));
}

/** The request ID of an answer. Undefined if there is none in the form that the site's IDs have. */
export function requestIdOf(answer: HttpAnswer, { trustRequestId }: SiteSettings): string | undefined {
  const id = answer.header('X-Request-Id');
  const isValid = trustRequestId === 'true' ? isAcceptable(id) : UUID_V7.test(id);
  return isValid ? id : undefined;
}

const UUID_V7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** The origin's status in `Proxy-Status` (RFC 9209). Undefined if the origin did not answer. */
export function statusOfOrigin(answer: HttpAnswer): number | undefined {
  const proxyStatus = answer.header('Proxy-Status');
  const [, status] = /;\s*received-status=(\d{3})\b/.exec(proxyStatus) ?? [];
  return status === undefined || /;\s*error=/.test(proxyStatus) ? undefined : Number(status);
}
