/** Names failures for the record and for the header Proxy-Status. */
import { isOnPurpose, type Answerer, type Failure } from './failure.ts';
import { nameOfThrown, textProperty } from './untrusted.ts';

/** The names of a failure. */
export interface Diagnosis {
  /** A stable text with nothing from the request, so that Workers Issues groups by it. */
  readonly message: string;
  /** `error.type`: a Proxy-Status error type (RFC 9209 §2.3), a status, or the name of an exception (OpenTelemetry). */
  readonly type: string;
  /** Who failed. */
  readonly source: Answerer | 'network' | 'interceptor' | 'drill';
}

/** Names a failure. Never throws. */
export function diagnose(failure: Failure): Diagnosis {
  switch (failure.kind) {
    case 'answered':
      return diagnoseAnswer(failure.source, failure.response);
    case 'threw':
      return {
        message: `${titles[failure.source]} threw`,
        type: nameOfThrown(failure.exception),
        source: failure.source,
      };
    case 'unreachable':
      return noAnswer(proxyErrorIn(failure.exception) ?? 'destination_unavailable');
    case 'timed-out':
      return timedOut('http_response_timeout');
    case 'loop':
      return ours('Worker asked itself', 'proxy_loop_detected');
    case 'drill':
      return { message: 'Drill', type: 'drill', source: 'drill' };
    case 'interceptor':
      return ours('Interceptor failed', 'proxy_internal_error');
  }
}

/**
 * The statuses that Cloudflare answers with when the origin does not answer. 101 is the origin's own: it is here only
 * where nobody asked for another protocol, and then there is no answer in it either.
 * https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
 */
const cloudflareStatuses: Readonly<Record<number, Diagnosis>> = {
  101: noAnswer('http_protocol_error'),
  520: noAnswer('http_protocol_error'),
  521: noAnswer('connection_refused'),
  522: timedOut('connection_timeout'),
  523: noAnswer('destination_ip_unroutable'),
  524: timedOut('http_response_timeout'),
  525: noAnswer('tls_protocol_error'),
  526: noAnswer('tls_certificate_error'),
  530: noAnswer('destination_unavailable'),
};

const titles: Readonly<Record<Answerer, string>> = { origin: 'Origin', application: 'Application' };

function diagnoseAnswer(source: Answerer, response: Response): Diagnosis {
  const { status } = response;
  // Cloudflare's own answers have no `X-Intercept-Errors`.
  const known = source === 'origin' && !isOnPurpose(response) ? cloudflareStatuses[status] : undefined;
  return (
    known ?? {
      message: `${titles[source]} answered ${status}`,
      type: String(status),
      source,
    }
  );
}

function noAnswer(type: string): Diagnosis {
  return { message: 'Origin did not answer', type, source: 'network' };
}

function timedOut(type: string): Diagnosis {
  return { ...noAnswer(type), message: 'Origin timed out' };
}

function ours(message: string, type: string): Diagnosis {
  return { message, type, source: 'interceptor' };
}

/** The error types that intermediaries use (RFC 9209 §2.3). */
const PROXY_ERRORS = new Set([
  'dns_timeout',
  'dns_error',
  'destination_not_found',
  'destination_unavailable',
  'destination_ip_prohibited',
  'destination_ip_unroutable',
  'connection_refused',
  'connection_terminated',
  'connection_timeout',
  'connection_read_timeout',
  'connection_write_timeout',
  'connection_limit_reached',
  'tls_protocol_error',
  'tls_certificate_error',
  'tls_alert_received',
  'http_request_error',
  'http_request_denied',
  'http_response_incomplete',
  'http_response_header_section_size',
  'http_response_header_size',
  'http_response_body_size',
  'http_response_trailer_section_size',
  'http_response_trailer_size',
  'http_response_transfer_coding',
  'http_response_content_coding',
  'http_response_timeout',
  'http_upgrade_failed',
  'http_protocol_error',
  'proxy_internal_response',
  'proxy_internal_error',
  'proxy_configuration_error',
  'proxy_loop_detected',
]);

/**
 * The error type of RFC 9209 that an error names. A binding of Workers VPC throws `ProxyError: dns_error`
 * (https://developers.cloudflare.com/workers-vpc/). Never throws.
 */
export function proxyErrorIn(exception: unknown): string | undefined {
  const message = textProperty(exception, 'message');
  if (!message.includes('ProxyError')) return undefined;
  const [, word = ''] = /ProxyError: ([a-z_]{1,64})/.exec(message.slice(0, 1000)) ?? [];
  return PROXY_ERRORS.has(word) ? word : undefined;
}
