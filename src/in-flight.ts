/** Notes on requests in flight: what an application learned of its request and does not say in its answer. */
import type { Outcome } from './failure.ts';
import { EDGE_REQUEST_ID_HEADER } from './request-id.ts';

/** A request that an application is answering. */
export interface Exchange {
  /** The Request that the application was handed. */
  readonly request: Request;
  readonly requestId: string;
  /** The last note. */
  noted?: { readonly outcome: Outcome };
}

const byRequest = new WeakMap<Request, Exchange>();

/** By ID: no exchange once several requests in flight have the same, as `TRUST_REQUEST_ID` allows. */
const byId = new Map<string, { exchange: Exchange | undefined; open: number }>();
// The runtime drops a request without a word when its visitor leaves: beyond this, the oldest are forgotten.
const MOST = 1000;

/** Opens the notes of a request. */
export function begin(request: Request, requestId: string): Exchange {
  const exchange: Exchange = { request, requestId };
  byRequest.set(request, exchange);
  const others = byId.get(requestId)?.open ?? 0;
  byId.set(requestId, { exchange: others === 0 ? exchange : undefined, open: others + 1 });
  const [oldest] = byId.size > MOST ? byId.keys() : [];
  if (oldest !== undefined) byId.delete(oldest);
  return exchange;
}

/** Closes the notes of a request: what is noted later belongs to nobody. */
export function end({ requestId }: Exchange): void {
  const entry = byId.get(requestId);
  if (entry !== undefined && --entry.open === 0) byId.delete(requestId);
}

/**
 * Notes an outcome with the request that it belongs to. A copy of a request, as Sentry or `mount` makes one, is
 * known by its ID; an ID that two requests share tells nothing, and the note is dropped.
 */
export function note(request: Request, outcome: Outcome): void {
  const requestId = request.headers.get(EDGE_REQUEST_ID_HEADER) ?? '';
  const exchange = byRequest.get(request) ?? byId.get(requestId)?.exchange;
  if (exchange !== undefined) exchange.noted = { outcome };
}
