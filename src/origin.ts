/** Asks the origin: the only fetch. */
import { proxyErrorIn } from './diagnosis.ts';
import { isFailed, type Failure, type Outcome } from './failure.ts';
import { asksForWebSocket, hostOf } from './request.ts';
import type { OriginSettings } from './settings.ts';
import { isChunkedUpload, isSmallUpload, isUpload, relayUpload, withWholeBody } from './upload.ts';

/**
 * Hands a request to the origin: the service binding `ORIGIN`, else `ORIGIN_URL`, else the request's own
 * URL, which on a Cloudflare route is the site behind the Worker
 * (https://developers.cloudflare.com/workers/configuration/routing/routes/). Never rejects.
 * @returns the origin's own Response, redirects not followed and body unread; or what went wrong; or undefined
 *   for a visitor who broke the upload off
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
 * Asks for as long as the limit allows and the visitor goes on with the upload.
 * @throws whatever `fetch` throws
 */
async function askWatched(request: Request, ORIGIN: Fetcher | undefined, limitMs: number): Promise<Outcome> {
  let outbound = request;
  let limit = limitMs;
  if (limit > 0 && isUpload(request)) {
    // How long a visitor takes to send an upload is nothing that the origin should be blamed for.
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
    if (controller === undefined) return;
    interruption = { outcome };
    controller.abort();
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
    // The body of an answer is never cut.
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

/** The request came back to this Worker, which says so. */
const OWN_LOOP = /^edge-error-interceptor; error=proxy_loop_detected\b/;

/** The same request to another origin; its target as the visitor sent it, as far as a URL can hold that. */
function forwarded(request: Request, originUrl: string, host: string): Request {
  const [prefix = '', scheme = ''] = /^(\w+):\/\/[^/?#]*/.exec(request.url) ?? [];
  const target = request.url.slice(prefix.length);
  const outbound = new Request(originUrl + (target.startsWith('/') ? target : `/${target}`), request);
  outbound.headers.set('X-Forwarded-Host', host);
  outbound.headers.set('X-Forwarded-Proto', scheme);
  return outbound;
}

/** An answer that names the origin's own address, as the visitor can follow it: at the host that they asked. */
function relocated(answer: Response, originUrl: string, request: Request): Response {
  if (answer.status >= 400) return answer;
  const location = answer.headers.get('location');
  if (location === null || URL.parse(location)?.origin !== originUrl) return answer;
  const visited = URL.parse(request.url);
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
function asksItself(request: Request, originUrl: string | undefined): boolean {
  if (!request.headers.has('CF-Worker')) return false;
  const { url } = request;
  return OFF_ROUTE.test(url) && (originUrl === undefined || url.startsWith(`${originUrl}/`));
}

const loop: Failure = {
  kind: 'loop',
  exception: new Error('No origin: the Worker asked itself. Set ORIGIN_URL or ORIGIN, or deploy to a route'),
};
