/** The ways in which a request can fail. */
/** Who answers a request: the origin, or an application in the same Worker. */
export type Answerer = 'origin' | 'application';

/** A failed exchange. */
export type Failure =
  /** An answer of 500 to 599, or one that broke the protocol. The answer may be made of the `exception`. */
  | {
      readonly kind: 'answered';
      readonly source: Answerer;
      readonly response: Response;
      readonly exception?: unknown;
    }
  /** A bound or wrapped Worker threw. */
  | {
      readonly kind: 'threw';
      readonly source: Answerer;
      readonly exception: unknown;
      /** The answer that middleware made. Its headers may be for the visitor. */
      readonly response?: Response;
    }
  /** There was no answer: fetch threw. */
  | { readonly kind: 'unreachable'; readonly exception: unknown }
  /** The response headers did not come within `ORIGIN_TIMEOUT_MS`. */
  | { readonly kind: 'timed-out' }
  /** The Worker would have asked itself. */
  | { readonly kind: 'loop'; readonly exception: unknown }
  /** The code of this Worker threw. */
  | { readonly kind: 'interceptor'; readonly exception: unknown }
  /** The operator asked for a failure. */
  | { readonly kind: 'drill' };

/** A good answer, a failure, or undefined if the visitor stopped an upload half-way or broke the HTTP protocol. */
export type Outcome = Response | Failure | undefined;

/** True for 500 to 599, and for 101 to a request that asked for no other protocol. */
export function isFailed(response: Response): boolean {
  const { status } = response;
  return status >= 500 ? status < 600 : status === 101 && !response.webSocket;
}

/** True if the answer is a 5xx with `X-Intercept-Errors: off`: the origin wants it passed on as it is. */
export function isOnPurpose({ status, headers }: Response): boolean {
  // The header comes twice if the application and its web server both set it.
  const [first = ''] = (headers.get('x-intercept-errors') ?? '').slice(0, 100).split(',');
  return status >= 500 && first.trim().toLowerCase() === 'off';
}
