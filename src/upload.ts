/** Tells who broke an upload off: of either side, `fetch` says "Network connection lost." and no more. */

/** Within this time, in milliseconds, `fetch` itself rejects where it was the other side. */
const GRACE = 100;

/** Whether a request has a body that comes in chunks: it may end too early, or be no HTTP. */
export function isChunkedUpload({ method, headers, body }: Request): boolean {
  return body !== null && !headers.has('content-length') && method !== 'GET' && method !== 'HEAD';
}

/**
 * The same request, its body handed on as it comes. That costs 0.2 ms of CPU time.
 * @param onBrokenOff called once the visitor's side has ended before the body is whole, or is no HTTP, and
 *   perhaps after `fetch` has failed. The part that was handed on has no end, lest it be taken for the whole:
 *   what it went to is to be aborted
 */
export function relayUpload(request: Request, onBrokenOff: () => void): Request {
  const relay = new IdentityTransformStream();
  // To cancel the visitor's side, where the other one failed, could overtake the answer.
  const untouched = { preventAbort: true, preventCancel: true, preventClose: true };
  request.body?.pipeTo(relay.writable, untouched).then(
    () => relay.writable.close().catch(() => undefined),
    () => setTimeout(onBrokenOff, GRACE),
  );
  return new Request(request, { method: request.method, body: relay.readable });
}
