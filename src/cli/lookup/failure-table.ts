/** The table of failures, one row for each kind, and the table of Cloudflare's error codes. `verdict.ts` reads both. */

/**
 * A kind of failure, and the sentences about it. They may hold `{asked}` (the request), `{after}` (how long it took),
 * `{because}` (the thrown value), `{evidence}` (that or the status, in brackets), `{type}`, `{label}` and `{code}`
 * (Cloudflare's error code and its meaning).
 */
export interface Kind {
  /** The kind in a few words, for a list. */
  readonly label: string;
  /** Absent: the origin did not answer, as the label says. */
  readonly cause?: string;
  readonly fault: string;
  /** The things to do next. Some help only where `ONLY` says. */
  readonly next?: readonly string[];
}

/** The step for failures that a new version of this Worker may have caused. */
export const ROLLBACK = 'npx wrangler rollback goes back to the version before.';
/** The step for failures of which the origin's log may tell. */
export const ORIGIN_LOG = "Search the origin's log for the request ID; what it logged about it is the cause.";
const RUNNING = 'Is the web server of the origin running, on the port that is asked?';
const ELSEWHERE = 'Ask the origin past Cloudflare: curl --resolve HOST:443:ADDRESS URL';
const FIREWALL = 'Does its firewall let the addresses of https://www.cloudflare.com/ips/ in?';
const CLOUDFLARE_STATUS = 'Has Cloudflare a problem? See https://www.cloudflarestatus.com.';
const TUNNEL = "Look at the origin's DNS record and, if it has one, at its Cloudflare Tunnel.";
const GATEWAY = 'A gateway of yours answered: is the application behind it down, or too slow?';
const MAINTENANCE =
  'It is overloaded, or in maintenance. If that is meant: X-Intercept-Errors: off shows its own page.';
const STACK = 'The stack below says where.';
const LOOP =
  'ORIGIN_URL must not be an address that the Worker serves; without it the Worker belongs on a Route, not on a Custom Domain. npx edge-error-interceptor check says which it is.';
const LOCAL_LOOP = 'wrangler dev has no route: set ORIGIN_URL to the origin, in .dev.vars or with --var.';
/** The steps that help only a Worker at Cloudflare, only one in wrangler dev, or only with a stack. */
export const ONLY: Readonly<Record<'deployed' | 'local' | 'withStack', readonly string[]>> = {
  deployed: [ROLLBACK, ELSEWHERE, FIREWALL, CLOUDFLARE_STATUS, TUNNEL, LOOP],
  local: [LOCAL_LOOP],
  withStack: [STACK],
};
const OWN_LOG = 'Search your own log lines of this request, below, for the reason.';
const ON_ERROR =
  'Has a Hono app or sub-app its own error handler, or none? With return onError(error, c) at its end the record has the exception.';
const APPLICATION_ANSWERED = {
  label: 'application answered {type}',
  cause: 'The application answered {type} to {asked}{after}{because}.',
  fault: 'It is the fault of your application: it answered with an error of its own.',
};
const ANSWERED = {
  label: 'origin answered {type}',
  cause: 'The origin answered {type} to {asked}{after}{because}.',
  fault: 'It is the fault of the origin: it got the request and answered it with an error of its own.',
};

/**
 * The rows, of which the first that fits counts. A key is the start of a pattern: source and type of the failure, and
 * then those of these that the record has: the status that Cloudflare gave, `code`, `cloudflare` (the Server header),
 * `threw`, `on purpose`. The meaning of the statuses 520 to 530 is from
 * https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/.
 * Error types that are not a status have their names from RFC 9209 §2.3.
 */
export const FAILURES: Readonly<Record<string, Kind>> = {
  'origin .* on purpose': {
    label: 'origin answered {type} on purpose',
    cause: 'The origin answered {type} on purpose to {asked}{after}: it said X-Intercept-Errors: off.',
    fault: "It is nobody's fault: the origin asked for its answer to be passed on as it is.",
    next: ['If the maintenance is over, take that header from its answers.'],
  },
  'origin 5.. .*code': {
    label: ANSWERED.label,
    cause: "Cloudflare answered {type} to {asked} in the origin's place{after}, with {code}.",
    fault: 'Cloudflare answered this itself; its error code says why.',
  },
  // Cloudflare gives these answers itself, and it replaces an origin's own 502 and 504.
  'origin 50[024] .*cloudflare': {
    label: ANSWERED.label,
    cause: 'The origin answered {type} to {asked}{after}, or Cloudflare did in its place{because}.',
    fault: `It is the fault of the origin or of Cloudflare: "server: cloudflare" is on Cloudflare's own answers too.`,
    next: [ORIGIN_LOG, 'If that log has no such answer, Cloudflare gave it.', CLOUDFLARE_STATUS],
  },
  'origin 50[24]': { ...ANSWERED, next: [GATEWAY, ORIGIN_LOG] },
  'origin 503': { ...ANSWERED, next: [MAINTENANCE, ORIGIN_LOG] },
  'origin [0-9]{3} ': { ...ANSWERED, next: [ORIGIN_LOG] },
  'origin ': {
    label: 'Worker ORIGIN threw {type}',
    cause: 'The Worker behind the binding ORIGIN threw on {asked}{after}{because}.',
    fault: 'It is the fault of the Worker behind the binding ORIGIN: its code threw.',
    next: ['The log of that Worker is the log of the origin; the exception is below.', ORIGIN_LOG],
  },
  'network .* 101': {
    label: 'origin switched protocols',
    cause: 'The origin answered 101 to {asked}{after}, which asked for no other protocol.',
    fault: 'It is the fault of the origin: it changed to a protocol that nobody asked for.',
    next: [ORIGIN_LOG],
  },
  'network (http_protocol_error|http_response_incomplete|connection_terminated)': {
    label: 'origin broke off',
    fault: 'It is the fault of the origin: it broke off, or its answer was empty or no valid HTTP.',
    next: ['Did its process crash or restart, or send headers of more than 128 kB?', ORIGIN_LOG],
  },
  'network connection_refused': {
    label: 'connection refused',
    fault: 'The origin is down, or a firewall before it refuses the connection.',
    next: [RUNNING, FIREWALL, ELSEWHERE],
  },
  'network connection_timeout': {
    label: 'connection timed out',
    fault: 'The origin is down or overloaded, or a firewall drops what is sent to it.',
    next: ['Is the origin switched off, or overloaded?', FIREWALL, ELSEWHERE],
  },
  'network destination_ip_': {
    label: 'no route to the origin',
    fault: 'The origin is down, or its IP address is wrong: there is no route to it.',
    next: ['Is the IP address in the DNS record still that of the origin?', ELSEWHERE],
  },
  'network (http_response|connection_(read|write))_timeout (\\d|threw)': {
    label: 'no answer in time',
    fault: 'The origin is slow: it took the connection, and was waited for in vain.',
    next: ['What does it wait for: a query, a lock, another service?', ORIGIN_LOG],
  },
  'network http_response_timeout': {
    label: 'no answer in time',
    cause: 'The origin timed out{after} on {asked}.',
    fault: 'The origin is slow, or cannot be reached: no answer came within ORIGIN_TIMEOUT_MS.',
    next: ['If such requests may take that long, raise ORIGIN_TIMEOUT_MS.', ORIGIN_LOG],
  },
  'network tls_certificate_error': {
    label: 'TLS certificate refused',
    fault: "The origin's TLS certificate is at fault: it is expired, self-signed, or for another name.",
    next: ["Renew it. Full (strict) takes no self-signed one but Cloudflare's Origin CA.", ELSEWHERE],
  },
  'network tls_': {
    label: 'TLS failed',
    fault: "It is the fault of the origin's TLS settings: no handshake came about.",
    next: ["Does it speak TLS 1.2 or later, with a certificate for the site's name?", ELSEWHERE],
  },
  'network dns_': {
    label: 'DNS of the origin failed',
    fault: "It is the fault of the DNS: the origin's host name leads nowhere.",
    next: ['Is the host name of the origin right, and does its DNS record exist?'],
  },
  'network .* 530': {
    label: 'origin not available',
    cause: 'The origin did not get {asked}: Cloudflare answered 530{after} with {code}.',
    fault: 'Cloudflare could not ask the origin; its error code says why.',
    next: [TUNNEL],
  },
  'network ': {
    label: 'origin not available',
    cause: 'The origin did not answer {asked}{after}{because}.',
    fault: 'No answer came, and nothing says why: the origin is off, it broke off, or the way to it failed.',
    next: [RUNNING, FIREWALL, ELSEWHERE, ORIGIN_LOG],
  },
  'application [0-9]{3} .*threw': { ...APPLICATION_ANSWERED, next: [STACK, ROLLBACK] },
  'application [0-9]{3} ': { ...APPLICATION_ANSWERED, next: [OWN_LOG, ON_ERROR, ROLLBACK] },
  'application ': {
    label: 'application threw {type}',
    cause: 'The application threw on {asked}{after}{because}.',
    fault: 'It is the fault of your application: its code threw.',
    next: [STACK, ROLLBACK],
  },
  'interceptor proxy_loop_detected': {
    label: 'Worker asked itself',
    cause: 'The Worker would have asked itself for {asked}: what it takes for its origin is its own address.',
    fault: 'It is the fault of the configuration: the request would have gone round in a circle.',
    next: [LOOP, LOCAL_LOOP],
  },
  'interceptor ': {
    label: 'interceptor failed',
    cause: "The Worker's own code failed on {asked}{because}.",
    fault: 'It is the fault of the edge error interceptor itself; the origin may be well.',
    next: ['Report it, with this record.', ROLLBACK],
  },
  'drill ': {
    label: 'drill',
    cause: 'This was a drill on {asked}: nothing has failed.',
    fault: "It is nobody's fault: somebody sent the DRILL_TOKEN to see that failures are noticed.",
  },
};

/** The kind of a record that no row fits. */
export const UNKNOWN: Kind = {
  label: '{type}',
  cause: '{message} ({asked}).',
  fault: 'The record does not say whose fault it is.',
  next: [ORIGIN_LOG],
};

const DNS = "Look at the DNS record of the origin's host, and at ORIGIN_URL.";
const ITS_LOG = 'Look into the logs of the Worker that the origin is.';

/**
 * The meaning of the error codes that come with 5xx. Some have advice.
 * https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/
 */
export const ERROR_CODES: Readonly<Record<string, readonly [meaning: string, next?: string]>> = {
  1000: ['the DNS record points to an IP address that is not allowed, such as one of Cloudflare itself', DNS],
  1001: ['the host name could not be resolved', DNS],
  1004: ['the host is not set up to serve web traffic at Cloudflare'],
  1014: ['the CNAME points into an account that does not allow it', DNS],
  1016: ["the origin's host name cannot be resolved: it has no DNS record, or a wrong one", DNS],
  1018: ['Cloudflare does not know the host yet'],
  1019: ['Workers call each other in a loop'],
  1023: ['Cloudflare does not know the host yet'],
  1033: ['no cloudflared of the Cloudflare Tunnel is connected', 'Start cloudflared on the origin.'],
  1034: ['the host name points to an IP address of Cloudflare that is restricted', DNS],
  1042: ['a Worker asked another Worker of the same zone'],
  1101: ['a Worker threw an exception', ITS_LOG],
  1102: ['a Worker used too much CPU time or memory', ITS_LOG],
  1200: ['too many requests wait for the same origin'],
};
