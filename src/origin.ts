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

  let limitMs = settings.ORIGIN_TIMEOUT_MS;
  let controller: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let interruption: { readonly outcome: Outcome } | undefined;
  const interrupt = (outcome: Outcome) => {
    if (controller === undefined) return;
    interruption = { outcome };
    controller.abort();
  };

  let answer: Response;
  try {
    const host = hostOf(request);
    if (host === undefined) throw new TypeError('The Host header is no host');
    let outbound = ORIGIN_URL === undefined ? request : forwarded(request, ORIGIN_URL, host);
    if (limitMs > 0 && isUpload(outbound)) {
      // How long a visitor takes to send an upload is nothing that the origin should be blamed for.
      const whole = isSmallUpload(outbound) ? await withWholeBody(outbound) : outbound;
      if (whole === undefined) return undefined;
      if (whole === outbound) limitMs = 0;
      outbound = whole;
    }
    const isRelayed = isChunkedUpload(outbound);
    if (limitMs > 0 || isRelayed) controller = new AbortController();
    if (limitMs > 0) timer = setTimeout(interrupt, limitMs, timedOut);
    if (isRelayed) outbound = relayUpload(outbound, () => interrupt(undefined));
    const init = controller && { signal: controller.signal };
    answer = await (ORIGIN === undefined ? fetch(outbound, init) : ORIGIN.fetch(outbound, init));
  } catch (exception) {
    if (interruption !== undefined) return interruption.outcome;
    return ORIGIN === undefined || proxyErrorIn(exception) !== undefined
      ? { kind: 'unreachable', exception }
      : { kind: 'threw', source: 'origin', exception };
  } finally {
    // The body of an answer is never cut.
    if (timer !== undefined) clearTimeout(timer);
    controller = undefined;
  }

  if (isFailed(answer)) return failureOf(answer, request);
  return ORIGIN_URL === undefined ? answer : relocated(answer, ORIGIN_URL, request);
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
function relocated(answer: Response, originUrl: string, { url }: Request): Response {
  if (answer.status >= 400) return answer;
  const location = answer.headers.get('location');
  if (location === null || URL.parse(location)?.origin !== originUrl) return answer;
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
