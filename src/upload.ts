/** Finds out who broke an upload off. `fetch` says "Network connection lost." for both sides. */

/** In milliseconds. If the origin broke the upload off, `fetch` itself rejects within this time. */
const GRACE = 100;

/** True if the request has a body that is not empty, whatever its method. */
export function isUpload({ headers, body }: Request): boolean {
  return body !== null && Number(headers.get('content-length') ?? 1) !== 0;
}

/** No Worker can make a request with a body for these methods. Such a request goes on unchanged. */
const WITHOUT_BODY: readonly string[] = ['GET', 'HEAD'];

/** True if the body comes in chunks. It may end too early, or break the HTTP protocol. */
export function isChunkedUpload(request: Request): boolean {
  if (WITHOUT_BODY.includes(request.method)) return false;
  return request.body !== null && !request.bodyUsed && !request.headers.has('content-length');
}

/** In bytes. A body up to this size is read as a whole. */
const SMALL = 65_536;

/** True if the body is small enough to be read as a whole before the origin is asked. */
export function isSmallUpload({ method, headers, bodyUsed }: Request): boolean {
  const length = headers.get('content-length');
  return length !== null && Number(length) <= SMALL && !bodyUsed && !WITHOUT_BODY.includes(method);
}

/** The same request, once its whole body has come. Undefined if the visitor stopped half-way. */
export async function withWholeBody(request: Request): Promise<Request | undefined> {
  let body: ArrayBuffer;
  try {
    body = await request.arrayBuffer();
  } catch {
    return undefined;
  }
  return new Request(request, { method: request.method, body });
}

/**
 * The same request, with a body that is relayed as it comes. That costs 0.2 ms of CPU time.
 * @param onBrokenOff called when the visitor stops half-way or breaks the HTTP protocol, perhaps after `fetch` has
 *   failed. The relayed body is left open: closing it would make a broken upload look complete. Abort the request
 */
export function relayUpload(request: Request, onBrokenOff: () => void): Request {
  const relay = new IdentityTransformStream();
  // If the origin's side fails, do not cancel the visitor's side: that could overtake the answer.
  const untouched = { preventAbort: true, preventCancel: true, preventClose: true };
  request.body?.pipeTo(relay.writable, untouched).then(
    () => relay.writable.close().catch(() => undefined),
    () => setTimeout(onBrokenOff, GRACE),
  );
  return new Request(request, { method: request.method, body: relay.readable });
}
