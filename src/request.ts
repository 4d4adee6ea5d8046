/** Reads a request, and makes the one that goes on. Nothing here throws where the runtime made the request. */
import { EDGE_REQUEST_ID_HEADER, REQUEST_ID_HEADER } from './request-id.ts';
import type { Settings } from './settings.ts';

/** A name or an address, perhaps with a port: nothing that would mean another host or path within a URL. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{0,5})?$/i;

/**
 * The host that was asked, as the visitor wrote it; undefined where there can be no such host. The runtime puts
 * the Host header before the target as it came, so that in the URL of a request `Host: a?b` moves the path into
 * a query.
 */
export function hostOf(request: Request): string | undefined {
  // A request that another Worker made has no such header. Behind `OPTIONS *`, a URL has no slash after the host.
  const host = request.headers.get('host') ?? /^\w+:\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(request.url)?.[1] ?? '';
  return HOST.test(host) ? host : undefined;
}

/** True for a request to become a WebSocket (RFC 6455 §4.2.1). */
export function asksForWebSocket({ headers }: Request): boolean {
  return headers.get('upgrade')?.toLowerCase() === 'websocket';
}

/** A request with the secret `DRILL_TOKEN` in this header is answered as a failure. */
export const DRILL_HEADER = 'X-Error-Drill';

/** True where the operator asks for a failure, with the right token. Tokens are compared in constant time. */
export function asksForDrill(request: Request, { DRILL_TOKEN }: Settings): boolean {
  if (DRILL_TOKEN === undefined) return false;
  const sent = request.headers.get(DRILL_HEADER);
  if (sent?.length !== DRILL_TOKEN.length) return false;
  let difference = 0;
  for (let i = 0; i < DRILL_TOKEN.length; i++) difference |= sent.charCodeAt(i) ^ DRILL_TOKEN.charCodeAt(i);
  return difference === 0;
}

/**
 * The request as it goes on: with its ID, and without the token of a drill. An `X-Request-Id` of the visitor's
 * stays, since it may be signed, echoed or a key.
 */
export function onwardRequest(request: Request, requestId: string, { DRILL_TOKEN }: Settings): Request {
  const onward = new Request(request);
  const { headers } = onward;
  headers.set(EDGE_REQUEST_ID_HEADER, requestId);
  if (!headers.has(REQUEST_ID_HEADER)) headers.set(REQUEST_ID_HEADER, requestId);
  if (DRILL_TOKEN !== undefined) headers.delete(DRILL_HEADER);
  return onward;
}
