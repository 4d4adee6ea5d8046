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
  const outbound = origin === undefined && originUrl !== undefined ? redirected(request, originUrl) : request;
  const ask = (init?: RequestInit): Promise<Response> =>
    origin === undefined ? fetch(outbound, init) : origin.fetch(outbound, init);

  if (originTimeoutMs > 0) return askInTime(ask, originTimeoutMs);
  try {
    return await ask();
  } catch (thrown) {
    throw new FailureSignal({ kind: 'unreachable', thrown });
  }
}

/** The same request to another origin, with the request target as the visitor sent it, as far as a URL can hold it. */
function redirected(request: Request, originUrl: string): Request {
  const { url } = request;
  const authority = url.indexOf('://') + 3;
  const outbound = new Request(originUrl + url.slice(url.indexOf('/', authority)), request);
  outbound.headers.set('X-Forwarded-Host', url.slice(authority, url.indexOf('/', authority)));
  outbound.headers.set('X-Forwarded-Proto', url.slice(0, url.indexOf(':')));
  return outbound;
}

/** Not AbortSignal.timeout(), which would go on to cut the body. */
async function askInTime(
  ask: (init: RequestInit) => Promise<Response>,
  timeoutMs: number,
): Promise<Response> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    return await ask({ signal: controller.signal });
  } catch (thrown) {
    throw new FailureSignal(
      controller.signal.aborted ? { kind: 'timed-out', timeoutMs } : { kind: 'unreachable', thrown },
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
