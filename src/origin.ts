/** Asks the origin: the only fetch. */
import { proxyErrorIn } from './diagnosis.ts';
import { isFailed, type Failure } from './failure.ts';
import { hostOf } from './request.ts';
import type { Settings } from './settings.ts';
import { isChunkedUpload, relayUpload } from './upload.ts';
import { asksForWebSocket } from './request.ts';

/**
 * Hands a request to the origin: the service binding `ORIGIN`, else `ORIGIN_URL`, else the request's own
 * URL, which on a Cloudflare route is the site behind the Worker
 * (https://developers.cloudflare.com/workers/configuration/routing/routes/). Never rejects.
 * @returns the origin's own Response, redirects not followed and body unread; or what went wrong
 */
export async function fetchOrigin(request: Request, settings: Settings): Promise<Response | Failure> {
  const { ORIGIN, ORIGIN_URL, ORIGIN_TIMEOUT_MS } = settings;
  if (ORIGIN === undefined && asksItself(request, ORIGIN_URL)) return loop;

  let outbound = request;
  let limit = ORIGIN_TIMEOUT_MS;
  try {
    const host = hostOf(request);
    if (host === undefined) throw new TypeError('The Host header is no host');
    if (ORIGIN === undefined && ORIGIN_URL !== undefined) outbound = forwarded(request, ORIGIN_URL, host);
    if (limit > 0 && outbound.body !== null) {
      // How long a visitor takes to send an upload is nothing that the origin should be blamed for.
      if (isSmall(outbound)) outbound = await withWholeBody(outbound);
      else limit = 0;
    }
  } catch (exception) {
    return outbound.bodyUsed ? abandoned : { kind: 'unreachable', exception };
  }

  const answer = await askUninterrupted(outbound, ORIGIN, limit);
  if (!(answer instanceof Response)) return answer;
  if (answer.status === 502 && isFailedHandshake(request, answer)) {
    answer.body?.cancel().catch(() => {});
    return { kind: 'unreachable', exception: new Error('The WebSocket handshake failed') };
  }
  if (isFailed(answer)) return { kind: 'answered', source: 'origin', response: answer };
  return ORIGIN === undefined && ORIGIN_URL !== undefined ? redirected(answer, ORIGIN_URL, request) : answer;
}

/** The answer to a request, unless the visitor breaks its upload off, or the time until its headers is over. */
async function askUninterrupted(
  request: Request,
  ORIGIN: Fetcher | undefined,
  limitMs: number,
): Promise<Response | Failure> {
  let interruption: Failure | undefined;
  let isSettled = false;
  const isRelayed = isChunkedUpload(request);
  const controller = limitMs > 0 || isRelayed ? new AbortController() : undefined;
  const interrupt = (failure: Failure) => {
    // The body of an answer is never cut.
    if (isSettled) return;
    interruption = failure;
    controller?.abort();
  };
  const timer = limitMs > 0 ? setTimeout(interrupt, limitMs, timedOut) : undefined;
  try {
    const outbound = isRelayed ? relayUpload(request, () => interrupt(abandoned)) : request;
    const init = controller && { signal: controller.signal };
    return await (ORIGIN === undefined ? fetch(outbound, init) : ORIGIN.fetch(outbound, init));
  } catch (exception) {
    if (interruption !== undefined) return interruption;
    return ORIGIN === undefined || proxyErrorIn(exception) !== undefined
      ? { kind: 'unreachable', exception }
      : { kind: 'threw', source: 'origin', exception };
  } finally {
    isSettled = true;
    if (timer !== undefined) clearTimeout(timer);
  }
}

const timedOut: Failure = { kind: 'timed-out' };
const abandoned: Failure = { kind: 'abandoned' };

const SMALL_UPLOAD = 65_536;

function isSmall({ headers }: Request): boolean {
  const length = headers.get('content-length');
  return length !== null && Number(length) <= SMALL_UPLOAD;
}

/** The same request, once all of its body is there. */
async function withWholeBody(request: Request): Promise<Request> {
  const body = await request.arrayBuffer();
  return new Request(request, { method: request.method, body });
}

/** The same request to another origin; its target as the visitor sent it, as far as a URL can hold that. */
function forwarded(request: Request, originUrl: string, host: string): Request {
  const [prefix = '', scheme = ''] = /^(\w+):\/\/[^/?#]*/.exec(request.url) ?? [];
  const target = request.url.slice(prefix.length);
  const outbound = new Request(originUrl + (target.startsWith('/') ? target : `/${target}`), request);
  outbound.headers.set('X-Forwarded-Host', host);
  outbound.headers.set('X-Forwarded-Proto', scheme);
  return outbound;
}

/** A redirect to the origin's own address, as the visitor can follow it: at the host that they asked. */
function redirected(answer: Response, originUrl: string, { url }: Request): Response {
  if (answer.status < 300 || answer.status > 399) return answer;
  const location = answer.headers.get('location') ?? '';
  if (URL.parse(location)?.origin !== originUrl) return answer;
  const visited = URL.parse(url);
  if (visited === null) return answer;
  const target = location.replace(/^[^:]*:[/\\]*[^/?#\\]*/, '');
  const moved = new Response(answer.body, answer);
  // As browsers read it. Of a header outside of ASCII the runtime writes a warning into the log.
  moved.headers.set('Location', visited.origin + target.replace(/[^!-~]+/g, encodeURIComponent));
  return moved;
}

/** The runtime's own 502, without a header of any server, where an origin accepts a WebSocket wrongly. */
function isFailedHandshake(request: Request, { headers }: Response): boolean {
  return asksForWebSocket(request) && [...headers.keys()].every((name) => name === 'content-length');
}

const OFF_ROUTE = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\]|[^/:]+\.workers\.dev)[:/]/;

/**
 * Without an origin of its own, a Worker that is not on a route asks itself, and that one itself, without
 * end. `CF-Worker` marks a request that a Worker made
 * (https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-worker).
 */
function asksItself({ url, headers }: Request, originUrl: string | undefined): boolean {
  if (!headers.has('CF-Worker')) return false;
  return OFF_ROUTE.test(url) && (originUrl === undefined || url.startsWith(`${originUrl}/`));
}

const loop: Failure = {
  kind: 'loop',
  exception: new Error('No origin: the Worker asked itself. Set ORIGIN_URL or ORIGIN, or deploy to a route'),
};
