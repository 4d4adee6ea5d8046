/** Asks the origin: the only fetch. */
import { FailureSignal } from './failure.ts';
import type { Settings } from './settings.ts';

/**
 * Hands a request to the origin: the service binding `ORIGIN`, else `ORIGIN_URL`, else the request's own
 * URL, which on a Cloudflare route is the site behind the Worker
 * (https://developers.cloudflare.com/workers/configuration/routing/routes/).
 * @returns the origin's own Response: redirects not followed, body unread
 * @throws FailureSignal where there is no answer; Error where the Worker would ask itself
 */
export async function fetchOrigin(request: Request, settings: Settings): Promise<Response> {
  const { origin, originUrl, originTimeoutMs } = settings;
  if (origin === undefined) refuseLoop(request, originUrl);
  const outbound = origin === undefined && originUrl !== undefined ? forwarded(request, originUrl) : request;
  const ask: Ask = (init) => (origin === undefined ? fetch(outbound, init) : origin.fetch(outbound, init));

  let response: Response;
  if (originTimeoutMs > 0 && arrivesAtOnce(request)) {
    response = await askInTime(ask, originTimeoutMs);
  } else {
    try {
      response = await ask();
    } catch (thrown) {
      throw new FailureSignal({ kind: 'unreachable', thrown });
    }
  }
  if (response.status === 502 && isFailedHandshake(request, response)) {
    response.body?.cancel().catch(() => {});
    throw new FailureSignal({ kind: 'unreachable', thrown: new Error('The WebSocket handshake failed') });
  }
  return response;
}

type Ask = (init?: RequestInit) => Promise<Response>;

/** The same request to another origin; its target as the visitor sent it, as far as a URL can hold that. */
function forwarded(request: Request, originUrl: string): Request {
  // The target of `OPTIONS *` is no path.
  const [, scheme = '', host = '', target = ''] = /^(\w+):\/\/([^/?#*]*)\*?(.*)$/s.exec(request.url) ?? [];
  const outbound = new Request(originUrl + (target.startsWith('/') ? target : `/${target}`), request);
  outbound.headers.set('X-Forwarded-Host', host);
  outbound.headers.set('X-Forwarded-Proto', scheme);
  return outbound;
}

const SMALL_UPLOAD = 65_536;

/**
 * Whether a request has no body, or one that comes with its headers. A longer upload takes as long as the
 * visitor needs for it, which nobody can tell from the time that the origin takes.
 */
function arrivesAtOnce({ body, headers }: Request): boolean {
  const length = headers.get('content-length');
  return body === null || (length !== null && Number(length) <= SMALL_UPLOAD);
}

/** The runtime's own 502, without a header of any server, where an origin accepts a WebSocket wrongly. */
function isFailedHandshake(request: Request, { headers }: Response): boolean {
  const isWebSocket = request.headers.get('upgrade')?.toLowerCase() === 'websocket';
  return isWebSocket && [...headers.keys()].every((name) => name === 'content-length');
}

/** Not AbortSignal.timeout(), which would go on to cut the body. */
async function askInTime(ask: Ask, timeoutMs: number): Promise<Response> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    return await ask({ signal: controller.signal });
  } catch (thrown) {
    throw new FailureSignal(
      controller.signal.aborted ? { kind: 'timed-out' } : { kind: 'unreachable', thrown },
    );
  } finally {
    clearTimeout(timer);
  }
}

const OFF_ROUTE = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\]|[^/:]+\.workers\.dev)[:/]/;

/**
 * Without an origin of its own, a Worker that is not on a route asks itself, and that one itself, without
 * end. `CF-Worker` marks a request that a Worker made
 * (https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-worker).
 */
function refuseLoop({ url, headers }: Request, originUrl: string | undefined): void {
  const isOwnAddress = OFF_ROUTE.test(url) && (originUrl === undefined || url.startsWith(`${originUrl}/`));
  if (isOwnAddress && headers.has('CF-Worker')) {
    throw new Error('No origin: the Worker asked itself. Set ORIGIN_URL or ORIGIN, or deploy to a route');
  }
}
