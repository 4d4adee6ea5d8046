/** Tells who broke an upload off: of either side, `fetch` says "Network connection lost." and no more. */

/** Within this time, in milliseconds, `fetch` itself rejects where it was the other side. */
const GRACE = 100;

/** True of a request with a body that is not empty, whatever its method. */
export function isUpload({ headers, body }: Request): boolean {
  return body !== null && Number(headers.get('content-length') ?? 1) !== 0;
}

/** No Worker can make a request of these methods with a body: theirs goes on as it came. */
const WITHOUT_BODY: readonly string[] = ['GET', 'HEAD'];

/** True of a body that comes in chunks: it may end too early, or be no HTTP. */
export function isChunkedUpload(request: Request): boolean {
  if (WITHOUT_BODY.includes(request.method)) return false;
  return request.body !== null && !request.bodyUsed && !request.headers.has('content-length');
}

/** In bytes. */
const SMALL = 65_536;

/** True of a body that may be read whole before the origin is asked. */
export function isSmallUpload({ method, headers, bodyUsed }: Request): boolean {
  const length = headers.get('content-length');
  return length !== null && Number(length) <= SMALL && !bodyUsed && !WITHOUT_BODY.includes(method);
}

/** The same request, once all of its body is there; undefined where the visitor broke it off. */
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
