/** Asks the origin: the only fetch. */
import { proxyErrorIn } from './diagnosis.ts';
import { isFailed, type Failure, type Outcome } from './failure.ts';
import { asksForWebSocket, hostOf } from './request.ts';
import type { OriginSettings } from './settings.ts';
import { isChunkedUpload, isSmallUpload, isUpload, relayUpload, withWholeBody } from './upload.ts';

/**
 * Hands a request to the origin: the service binding `ORIGIN`, else `ORIGIN_URL`, else the request's own
 * URL. On a Cloudflare route that is the site behind the Worker
 * (https://developers.cloudflare.com/workers/configuration/routing/routes/). Never rejects.
 * @returns the origin's own Response, redirects not followed and body unread; or the failure; or undefined if the
 *   visitor stopped an upload half-way
 */
export async function fetchOrigin(request: Request, settings: OriginSettings): Promise<Outcome> {
  const { ORIGIN } = settings;
  const ORIGIN_URL = ORIGIN === undefined ? settings.ORIGIN_URL : undefined;
  if (ORIGIN === undefined && asksItself(request, ORIGIN_URL)) return loop;

  let outcome: Outcome;
  try {
    const host = hostOf(request);
    if (host === undefined) throw new TypeError('The Host header is no host');
    const outbound = ORIGIN_URL === undefined ? request : forwarded(request, ORIGIN_URL, host);
    outcome =
      settings.ORIGIN_TIMEOUT_MS > 0 || isChunkedUpload(outbound)
        ? await askWatched(outbound, ORIGIN, settings.ORIGIN_TIMEOUT_MS)
        : await (ORIGIN === undefined ? fetch(outbound) : ORIGIN.fetch(outbound));
  } catch (exception) {
    return ORIGIN === undefined || proxyErrorIn(exception) !== undefined
      ? { kind: 'unreachable', exception }
      : { kind: 'threw', source: 'origin', exception };
  }
  if (!(outcome instanceof Response)) return outcome;
  if (isFailed(outcome)) return failureOf(outcome, request);
  return ORIGIN_URL === undefined ? outcome : relocated(outcome, ORIGIN_URL, request);
}

/**
 * Asks the origin until the time limit, or until the visitor stops the upload half-way.
 * @param limitMs in milliseconds; 0 for no limit
 * @throws whatever `fetch` throws
 */
async function askWatched(request: Request, ORIGIN: Fetcher | undefined, limitMs: number): Promise<Outcome> {
  let outbound = request;
  let limit = limitMs;
  if (limit > 0 && isUpload(request)) {
    // A visitor's slow upload must not count against the origin: read a small one first, and set a large one no limit.
    if (isSmallUpload(request)) {
      const whole = await withWholeBody(request);
      if (whole === undefined) return undefined;
      outbound = whole;
    } else {
      limit = 0;
    }
  }

  let controller: AbortController | undefined = new AbortController();
  let interruption: { readonly outcome: Outcome } | undefined;
  const interrupt = (outcome: Outcome) => {
    interruption = { outcome };
    controller?.abort();
  };
  const timer = limit > 0 ? setTimeout(interrupt, limit, timedOut) : undefined;
  const { signal } = controller;
  try {
    if (isChunkedUpload(outbound)) outbound = relayUpload(outbound, () => interrupt(undefined));
    return await (ORIGIN === undefined ? fetch(outbound, { signal }) : ORIGIN.fetch(outbound, { signal }));
  } catch (exception) {
    if (interruption !== undefined) return interruption.outcome;
    throw exception;
  } finally {
    // The limit ends with the headers: never cut the body of an answer.
    if (timer !== undefined) clearTimeout(timer);
    controller = undefined;
  }
}

const timedOut: Failure = { kind: 'timed-out' };

function failureOf(answer: Response, request: Request): Failure {
  if (answer.status === 502 && isFailedHandshake(request, answer)) {
    return { kind: 'unreachable', exception: new Error('The WebSocket handshake failed') };
  }
  if (OWN_LOOP.test(answer.headers.get('proxy-status') ?? '')) {
    answer.body?.cancel().catch(() => {});
    return loop;
  }
  return { kind: 'answered', source: 'origin', response: answer };
}

/** The `Proxy-Status` of an answer that this Worker gave to itself: the request came back to it. */
const OWN_LOOP = /^edge-error-interceptor; error=proxy_loop_detected\b/;

/** The same request to another origin. Its target stays as the visitor sent it, as far as a URL allows. */
function forwarded(request: Request, originUrl: string, host: string): Request {
  const [prefix = '', scheme = ''] = /^(\w+):\/\/[^/?#]*/.exec(request.url) ?? [];
  // The rest of a URL begins with a slash, a `?` or a `#`, or is empty.
  const outbound = new Request(originUrl + request.url.slice(prefix.length), request);
  outbound.headers.set('X-Forwarded-Host', host);
  outbound.headers.set('X-Forwarded-Proto', scheme);
  return outbound;
}

/** Rewrites a `Location` at the origin's own address to the host that the visitor asked. */
function relocated(answer: Response, originUrl: string, request: Request): Response {
  if (answer.status >= 400) return answer;
  const location = answer.headers.get('location');
  if (location === null || URL.parse(location)?.origin !== originUrl) return answer;
  const visited = URL.parse(request.url);
  if (visited === null) return answer;
  const target = location.replace(/^[^:]*:[/\\]*[^/?#\\]*/, '');
  const moved = new Response(answer.body, answer);
  // Browsers percent-encode other characters too. The runtime logs a warning for a header that is not ASCII.
  moved.headers.set('Location', visited.origin + target.replace(/[^!-~]+/g, encodeURIComponent));
  return moved;
}

/**
 * True for the runtime's own 502 after an origin accepted a WebSocket wrongly. It is recognised by having no header
 * of a server.
 */
function isFailedHandshake(request: Request, { headers }: Response): boolean {
  return asksForWebSocket(request) && [...headers.keys()].every((name) => name === 'content-length');
}

const OFF_ROUTE = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\]|[^/:]+\.workers\.dev)[:/]/;

/**
 * True if the Worker would ask itself without end: it is not on a route, has no other origin, and the request comes
 * from a Worker. `CF-Worker` marks a request that a Worker made
 * (https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-worker).
 */
function asksItself(request: Request, originUrl: string | undefined): boolean {
  if (!request.headers.has('CF-Worker')) return false;
  const { url } = request;
  return OFF_ROUTE.test(url) && (originUrl === undefined || url.startsWith(`${originUrl}/`));
}

const loop: Failure = {
  kind: 'loop',
  exception: new Error('No origin: the Worker asked itself. Set ORIGIN_URL or ORIGIN, or deploy to a route'),
};
