/** The ways in which a request can fail. */
/** Who answers a request: the origin, or an application in the same Worker. */
export type Answerer = 'origin' | 'application';

/** A failed exchange. */
export type Failure =
  /** An answer of 500 to 599, or one that broke the protocol; `exception` is what the answer was made of. */
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
      /** What middleware made of it: its headers may be for the visitor. */
      readonly response?: Response;
    }
  /** No answer: fetch threw. */
  | { readonly kind: 'unreachable'; readonly exception: unknown }
  /** No response headers within `ORIGIN_TIMEOUT_MS`. */
  | { readonly kind: 'timed-out' }
  /** The Worker would have asked itself. */
  | { readonly kind: 'loop'; readonly exception: unknown }
  /** The code of this Worker threw. */
  | { readonly kind: 'interceptor'; readonly exception: unknown }
  /** The operator asked for a failure. */
  | { readonly kind: 'drill' };

/** A good answer, a failure, or undefined: the visitor broke an upload off, or sent what is no HTTP. */
export type Outcome = Response | Failure | undefined;

/** True for 500 to 599, and for 101 to a request that asked for no other protocol. */
export function isFailed(response: Response): boolean {
  const { status } = response;
  return status >= 500 ? status < 600 : status === 101 && !response.webSocket;
}

/** True where an origin says that it made this answer of 5xx on purpose: then it is passed on. */
export function isOnPurpose({ status, headers }: Response): boolean {
  // Set by the application and by its web server, it comes twice.
  const [first = ''] = (headers.get('x-intercept-errors') ?? '').slice(0, 100).split(',');
  return status >= 500 && first.trim().toLowerCase() === 'off';
}
