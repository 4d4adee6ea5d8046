/** What can go wrong, and what each failure is called. */
import { attempt } from './untrusted.ts';

/** A failed exchange. */
export type Failure =
  /** The origin, or Cloudflare in its place, answered; the answer is 500 to 599 or broke the protocol. */
  | { readonly kind: 'answered'; readonly response: Response }
  /** No answer: fetch threw. */
  | { readonly kind: 'unreachable'; readonly thrown: unknown }
  /** No response headers within `ORIGIN_TIMEOUT_MS`. */
  | { readonly kind: 'timed-out' }
  /** The code of this Worker threw. */
  | { readonly kind: 'interceptor'; readonly thrown: unknown };

/** The names of a failure. */
export interface Diagnosis {
  /** Stable text, without anything from the request, so that Workers Issues groups by it. */
  readonly message: string;
  /** `error.type`: a Proxy-Status error type (RFC 9209 §2.3), or an origin's status as text (OpenTelemetry). */
  readonly type: string;
  /** Who failed: the origin itself, the way to it, or this Worker. */
  readonly source: 'origin' | 'network' | 'interceptor';
  /** The status that describes it best (RFC 9110 §15.6), for `ERROR_STATUS = "origin"`. */
  readonly status: number;
}

/**
 * Carries a failure from where it is known to the one catch. Not an Error, because Hono hands everything
 * else that is thrown on as it is.
 */
export class FailureSignal {
  readonly failure: Failure;
  constructor(failure: Failure) {
    this.failure = failure;
  }
}

/** Whether an answer is a failure: 500 to 599, or 101 to a request that asked for no other protocol. */
export function isFailure(response: Response): boolean {
  return (
    (response.status >= 500 && response.status < 600) || (response.status === 101 && !response.webSocket)
  );
}

/** The failure behind anything thrown. */
export function failureFromThrown(thrown: unknown): Failure {
  // Asking a Proxy for its prototype may throw.
  const signalled = attempt(() => (thrown instanceof FailureSignal ? thrown.failure : undefined));
  return signalled ?? { kind: 'interceptor', thrown };
}

/** Names a failure. */
export function diagnose(failure: Failure): Diagnosis {
  switch (failure.kind) {
    case 'answered':
      return diagnoseStatus(failure.response.status);
    case 'unreachable':
      return noAnswer('destination_unavailable');
    case 'timed-out':
      return timedOut('http_response_timeout');
    case 'interceptor':
      return {
        message: 'Interceptor failed',
        type: 'proxy_internal_error',
        source: 'interceptor',
        status: 500,
      };
  }
}

/** https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/ */
function diagnoseStatus(status: number): Diagnosis {
  switch (status) {
    case 101:
    case 520:
      return noAnswer('http_protocol_error');
    case 521:
      return noAnswer('connection_refused');
    case 522:
      return timedOut('connection_timeout');
    case 523:
      return noAnswer('destination_ip_unroutable');
    case 524:
      return timedOut('http_response_timeout');
    case 525:
      return noAnswer('tls_protocol_error');
    case 526:
      return noAnswer('tls_certificate_error');
    case 530:
      return noAnswer('destination_unavailable');
    default:
      return {
        message: `Origin answered ${status}`,
        type: String(status),
        source: 'origin',
        status: status >= 527 && status <= 529 ? 502 : status,
      };
  }
}

function noAnswer(type: string): Diagnosis {
  return { message: 'Origin did not answer', type, source: 'network', status: 502 };
}

function timedOut(type: string): Diagnosis {
  return { message: 'Origin timed out', type, source: 'network', status: 504 };
}
