/** Notes on requests in flight: what an application learned of its request and does not say in its answer. */
import type { Outcome } from './failure.ts';
import { EDGE_REQUEST_ID_HEADER } from './request-id.ts';

/** A request that an application is answering. */
export interface Exchange {
  /** The Request that the application was handed. */
  readonly request: Request;
  readonly requestId: string;
  /** True once another request in flight had the same ID, as `TRUST_REQUEST_ID` allows. */
  isShared: boolean;
  /** The last note. */
  noted?: { readonly outcome: Outcome };
}

const inFlight = new Map<string, Exchange[]>();
// The runtime drops a request without a word when its visitor leaves: the oldest are forgotten beyond this.
const MOST = 1000;

/** Opens the notes of a request. */
export function begin(request: Request, requestId: string): Exchange {
  const others = inFlight.get(requestId) ?? [];
  for (const other of others) other.isShared = true;
  const exchange: Exchange = { request, requestId, isShared: others.length > 0 };
  inFlight.set(requestId, [...others, exchange]);
  if (inFlight.size > MOST) inFlight.delete(inFlight.keys().next().value ?? requestId);
  return exchange;
}

/** Closes the notes of a request: what is noted later belongs to nobody. */
export function end(exchange: Exchange): void {
  const others = inFlight.get(exchange.requestId)?.filter((other) => other !== exchange) ?? [];
  if (others.length > 0) inFlight.set(exchange.requestId, others);
  else inFlight.delete(exchange.requestId);
}

/**
 * Notes an outcome with the request that it belongs to. A copy of a request, as Sentry or `mount` makes one, is
 * known by its ID; an ID that two requests share tells nothing, and the note is dropped.
 */
export function note(request: Request, outcome: Outcome): void {
  const sharing = inFlight.get(request.headers.get(EDGE_REQUEST_ID_HEADER) ?? '') ?? [];
  const exchange = sharing.find((one) => one.request === request) ?? sharing.find((one) => !one.isShared);
  if (exchange !== undefined) exchange.noted = { outcome };
}
