/** Keeps notes on requests in flight: outcomes that the application's answer does not show. */
import type { Outcome } from './failure.ts';
import { EDGE_REQUEST_ID_HEADER } from './request-id.ts';

/** A request that an application is answering. */
export interface Exchange {
  readonly requestId: string;
  /** The last outcome that was noted. */
  noted: { readonly outcome: Outcome } | undefined;
  /** The number of requests in flight with this ID. With `TRUST_REQUEST_ID` there can be several. */
  open: number;
  /** True once several requests had this ID. */
  isShared: boolean;
}

const byRequest = new WeakMap<Request, Exchange>();
/** The first request of each ID. */
const byId = new Map<string, Exchange>();
// When a visitor leaves, the runtime drops the request and its note is never closed. Forget the oldest beyond this.
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

/** Closes the notes of a request. Later notes are dropped. */
export function end({ requestId }: Exchange): void {
  const first = byId.get(requestId);
  if (first !== undefined && --first.open === 0) byId.delete(requestId);
}

/**
 * Notes the outcome of a request. Sentry and `mount` copy the request: a copy is recognised by its ID. If two
 * requests share the ID, the note is dropped.
 */
export function note(request: Request, outcome: Outcome): void {
  const exchange = byRequest.get(request) ?? ofCopy(request);
  if (exchange !== undefined) exchange.noted = { outcome };
}

function ofCopy({ headers }: Request): Exchange | undefined {
  const first = byId.get(headers.get(EDGE_REQUEST_ID_HEADER) ?? '');
  return first?.isShared === true ? undefined : first;
}
