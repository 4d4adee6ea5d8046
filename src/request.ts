/** Reads a request, and makes the one that goes on. Nothing here throws for a request that the runtime made. */
import { EDGE_REQUEST_ID_HEADER, REQUEST_ID_HEADER } from './request-id.ts';
import type { Settings } from './settings.ts';

/** A host name or an address, perhaps with a port. No character may change the host or path of a URL. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{0,5})?$/i;

/**
 * The host that the visitor asked, as they wrote it. Undefined if it is not a valid host. The runtime builds the URL
 * of a request from the raw Host header: `Host: a?b` would move the path into a query.
 */
export function hostOf(request: Request): string | undefined {
  // A request from another Worker has no Host header. The URL of `OPTIONS *` has no slash after the host.
  const host = request.headers.get('host') ?? /^\w+:\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(request.url)?.[1] ?? '';
  return HOST.test(host) ? host : undefined;
}

/** True if the request asks for a WebSocket (RFC 6455 §4.2.1). */
export function asksForWebSocket({ headers }: Request): boolean {
  return headers.get('upgrade')?.toLowerCase() === 'websocket';
}

/** The header of a drill. A request with the secret `DRILL_TOKEN` in it is answered as a failure. */
export const DRILL_HEADER = 'X-Error-Drill';

/** True if the request holds the token of a drill. Tokens are compared in constant time. */
export function asksForDrill(request: Request, { DRILL_TOKEN }: Settings): boolean {
  if (DRILL_TOKEN === undefined) return false;
  const sent = request.headers.get(DRILL_HEADER);
  if (sent?.length !== DRILL_TOKEN.length) return false;
  let difference = 0;
  for (let i = 0; i < DRILL_TOKEN.length; i++) difference |= sent.charCodeAt(i) ^ DRILL_TOKEN.charCodeAt(i);
  return difference === 0;
}

/**
 * The request as it goes on: with its ID, and without the token of a drill. The visitor's own `X-Request-Id`
 * stays, because the application may check its signature, echo it or use it as a key.
 */
export function onwardRequest(request: Request, requestId: string, { DRILL_TOKEN }: Settings): Request {
  const onward = new Request(request);
  const { headers } = onward;
  headers.set(EDGE_REQUEST_ID_HEADER, requestId);
  if (!headers.has(REQUEST_ID_HEADER)) headers.set(REQUEST_ID_HEADER, requestId);
  if (DRILL_TOKEN !== undefined) headers.delete(DRILL_HEADER);
  return onward;
}
