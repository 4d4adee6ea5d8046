/** Notes on requests in flight: what an application learned of its request and does not say in its answer. */
import type { Outcome } from './failure.ts';
import { EDGE_REQUEST_ID_HEADER } from './request-id.ts';

/** A request that an application is answering. */
export interface Exchange {
  readonly requestId: string;
  /** The last note. */
  noted: { readonly outcome: Outcome } | undefined;
  /** How many requests in flight have this ID. There can be more than one with `TRUST_REQUEST_ID`. */
  open: number;
  /** True once there was more than one. */
  isShared: boolean;
}

const byRequest = new WeakMap<Request, Exchange>();
/** The first request of each ID. */
const byId = new Map<string, Exchange>();
// The runtime drops a request without a word when its visitor leaves: beyond this, the oldest are forgotten.
const MOST = 1000;

/** Opens the notes of a request. */
export function begin(request: Request, requestId: string): Exchange {
  const exchange: Exchange = { requestId, noted: undefined, open: 1, isShared: false };
  byRequest.set(request, exchange);
  const first = byId.get(requestId);
  if (first === undefined) {
    byId.set(requestId, exchange);
    if (byId.size > MOST) forgetOldest();
  } else {
    first.open++;
    first.isShared = true;
  }
  return exchange;
}

function forgetOldest(): void {
  const [oldest = ''] = byId.keys();
  byId.delete(oldest);
}

/** Closes the notes of a request: what is noted later belongs to nobody. */
export function end({ requestId }: Exchange): void {
  const first = byId.get(requestId);
  if (first !== undefined && --first.open === 0) byId.delete(requestId);
}

/**
 * Notes an outcome with the request that it belongs to. A copy of a request, as Sentry or `mount` makes one, is
 * known by its ID; an ID that two requests share tells nothing, and the note is dropped.
 */
export function note(request: Request, outcome: Outcome): void {
  const exchange = byRequest.get(request) ?? ofCopy(request);
  if (exchange !== undefined) exchange.noted = { outcome };
}

function ofCopy({ headers }: Request): Exchange | undefined {
  const first = byId.get(headers.get(EDGE_REQUEST_ID_HEADER) ?? '');
  return first?.isShared === true ? undefined : first;
}
