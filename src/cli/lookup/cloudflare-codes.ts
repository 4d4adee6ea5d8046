/** What the codes and words mean with which Cloudflare answers in the origin's place. */

// https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
const STATUSES: Readonly<Record<number, string>> = {
  520: 'the origin sent an empty or invalid answer, or closed the connection',
  521: 'the origin refused the connection (its web server is down, or a firewall blocks Cloudflare)',
  522: 'the connection to the origin timed out (it is overloaded, or a firewall drops packets)',
  523: 'there is no route to the origin (its IP address in DNS may be wrong)',
  524: 'the origin accepted the connection but sent no answer in time',
  525: 'the TLS handshake with the origin failed',
  526: "the origin's TLS certificate is not valid",
  530: 'Cloudflare could not turn to the origin; its error code 1xxx says why',
};

// https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/
const ERROR_CODES: Readonly<Record<number, string>> = {
  1000: 'the DNS record points to an IP address that is not allowed, such as one of Cloudflare itself',
  1001: 'the host name could not be resolved',
  1002: 'the DNS record points to an IP address that is not allowed',
  1003: 'the origin was asked by IP address instead of by host name',
  1004: 'the host is not set up to serve web traffic at Cloudflare',
  1006: "the visitor's IP address is banned",
  1007: "the visitor's IP address is banned",
  1008: "the visitor's IP address is banned",
  1009: "the visitor's country or region is banned",
  1010: "the visitor's browser is banned by its signature",
  1011: 'hotlinking is denied',
  1012: 'access is denied',
  1013: 'the host name in HTTP and in TLS differ',
  1014: 'the CNAME points into an account that does not allow it',
  1015: 'the visitor is rate limited',
  1016: "the origin's host name cannot be resolved: its DNS record is missing or wrong",
  1018: 'Cloudflare does not know the host yet',
  1019: 'Workers call each other in a loop',
  1020: 'a firewall rule denies access',
  1023: 'Cloudflare does not know the host yet',
  1025: 'the site is over a limit of its plan',
  1027: 'a Worker is over its daily limit of requests',
  1033: 'no cloudflared of the Cloudflare Tunnel is connected',
  1034: 'the host name points to an IP address of Cloudflare that is restricted',
  1042: 'a Worker asked another Worker of the same zone',
  1101: 'a Worker threw an exception',
  1102: 'a Worker used too much CPU time or memory',
  1200: 'too many requests wait for the same origin',
};

// https://www.rfc-editor.org/rfc/rfc9209#section-2.3: those that Cloudflare's bindings to private networks name.
const ERROR_TYPES: Readonly<Record<string, string>> = {
  dns_timeout: "the lookup of the origin's host name took too long",
  dns_error: "the origin's host name cannot be resolved",
  destination_not_found: 'no origin is set up for this request',
  destination_ip_prohibited: "the origin's IP address may not be asked",
  destination_ip_unroutable: "there is no route to the origin's IP address",
  connection_refused: 'the origin refused the connection',
  connection_terminated: 'the origin closed the connection before it had answered',
  connection_timeout: 'the connection to the origin timed out',
  connection_read_timeout: 'the origin sent nothing in time',
  connection_write_timeout: 'the origin took in nothing in time',
  connection_limit_reached: 'too many connections to the origin are open',
  tls_protocol_error: 'the TLS handshake with the origin failed',
  tls_certificate_error: "the origin's TLS certificate is not valid",
  tls_alert_received: 'the origin broke the TLS handshake off',
  http_protocol_error: 'what the origin sent is no HTTP',
};

/** What an error type of RFC 9209 means. */
export function meaningOfErrorType(type: string): string | undefined {
  return ERROR_TYPES[type];
}

/** What a status of Cloudflare's own (520 to 530) means. */
export function meaningOfStatus(status: number): string | undefined {
  return STATUSES[status];
}

/** What an error code of Cloudflare (1xxx) means. */
export function meaningOfErrorCode(code: number): string | undefined {
  return ERROR_CODES[code];
}
