/** The table of what can fail: one row a kind. `verdict.ts` reads it. */

/** What a record must say for a row to be about it. What a row does not name may be anything. */
export interface Signs {
  readonly source: string;
  /** A pattern for all of the error type. */
  readonly type?: string;
  readonly message?: RegExp;
  readonly status?: string;
  /** The origin's `Server` header. */
  readonly server?: RegExp;
  /** Whether a status or an exception came with it. */
  readonly evidence?: boolean;
  /** Whether Cloudflare named an error code of its own, 1xxx. */
  readonly code?: boolean;
}

/**
 * What is known of failures of one kind. Sentences may hold `{asked}` (the request), `{after}` (how long it took),
 * `{because}` (what was thrown), `{status}`, `{type}`, `{code}` (Cloudflare's code 1xxx and its meaning), and
 * `{evidence}`: how it showed, in brackets.
 */
export interface Kind {
  /** In a list of many, in a few words. */
  readonly label: string;
  readonly cause: string;
  readonly fault: string;
  /** What to do next, wherever the Worker runs. */
  readonly next?: readonly string[];
  /** What to do next where it runs at Cloudflare. */
  readonly deployed?: readonly string[];
  /** What to do next where wrangler dev runs it. */
  readonly local?: readonly string[];
  /** Whether the request may be in the origin's log. */
  readonly reached: boolean;
  /** Whether a version of this Worker may be what failed. */
  readonly ours?: boolean;
}

const OWN_LOG = "Search the origin's log for the request ID; what it logged about it is the cause.";
const FIREWALL = 'Does its firewall let in the addresses of https://www.cloudflare.com/ips/?';
const PAST_CLOUDFLARE = 'Ask the origin from elsewhere, past Cloudflare: curl --resolve HOST:443:ADDRESS URL';
const RUNNING = 'Is the web server of the origin running, on the port that is asked?';
const ROLLBACK = 'npx wrangler rollback goes back to the version before.';
const DNS: Omit<Kind, 'cause'> = {
  label: 'DNS of the origin failed',
  fault: "It is the fault of the DNS: the origin's host name leads nowhere.",
  next: ['Is the host name of the origin right, and does its DNS record exist?'],
  reached: false,
};
const ANSWERED: Omit<Kind, 'next'> = {
  label: 'origin answered {type}',
  cause: 'The origin answered {status} to {asked}{after}{because}.',
  fault: 'It is the fault of the origin: it got the request and answered it with an error of its own.',
  reached: true,
};

/**
 * The rows; the first that fits is it. What the statuses of Cloudflare (520 to 530) mean:
 * https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/.
 * The names of errors without a status are those of RFC 9209 §2.3.
 */
export const FAILURES: readonly (readonly [Signs, Kind])[] = [
  [
    { source: 'origin', message: / on purpose$/ },
    {
      label: 'origin answered {type} on purpose',
      cause: 'The origin answered {status} on purpose to {asked}{after}: it said X-Intercept-Errors: off.',
      fault: "It is nobody's fault: the origin asked for its answer to be passed on as it is.",
      next: ['If the maintenance is over, take that header from its answers.'],
      reached: true,
    },
  ],
  [
    { source: 'origin', type: '5..', code: true },
    {
      ...ANSWERED,
      cause: "Cloudflare answered {status} to {asked} in the origin's place{after}, with error code {code}.",
      fault: 'Cloudflare answered this itself; its error code says why.',
      reached: false,
    },
  ],
  [
    // Cloudflare answers so itself, and puts its page in place of an origin's own 502 and 504.
    { source: 'origin', type: '50[024]', server: /^cloudflare(?:-nginx)?$/i },
    {
      ...ANSWERED,
      cause: 'The origin answered {status} to {asked}{after}, or Cloudflare did in its place{because}.',
      fault:
        'It is the fault of the origin or of Cloudflare: "server: cloudflare" may stand for Cloudflare\'s own words.',
      next: [
        "Search the origin's log for the request ID: if it has no such answer, Cloudflare gave it.",
        'https://www.cloudflarestatus.com says whether Cloudflare has a problem.',
      ],
    },
  ],
  [
    { source: 'origin', type: '502' },
    {
      ...ANSWERED,
      next: [
        'A gateway of yours answered: the application behind it is down, or broke off. Look at its process.',
        OWN_LOG,
      ],
    },
  ],
  [
    { source: 'origin', type: '503' },
    {
      ...ANSWERED,
      next: [
        'It is overloaded, or in maintenance. If that is meant: X-Intercept-Errors: off shows its own page.',
        OWN_LOG,
      ],
    },
  ],
  [
    { source: 'origin', type: '504' },
    {
      ...ANSWERED,
      next: [
        'A gateway of yours answered: the application behind it is too slow. Look at its process.',
        OWN_LOG,
      ],
    },
  ],
  [
    { source: 'origin', type: '[0-9]{3}' },
    { ...ANSWERED, next: [OWN_LOG] },
  ],
  [
    { source: 'origin' },
    {
      label: 'Worker ORIGIN threw {type}',
      cause: 'The Worker behind the binding ORIGIN threw on {asked}{after}{because}.',
      fault: 'It is the fault of the Worker behind the binding ORIGIN: its code threw.',
      next: ['Look into the log of that Worker at the same time; the exception is below.'],
      reached: true,
    },
  ],
  [
    { source: 'network', status: '101' },
    {
      label: 'origin switched protocols',
      cause: 'The origin answered 101 to {asked}{after}, which asked for no other protocol.',
      fault: 'It is the fault of the origin: it changed to a protocol that nobody asked for.',
      next: [OWN_LOG],
      reached: true,
    },
  ],
  [
    { source: 'network', type: 'http_protocol_error|http_response_incomplete|connection_terminated' },
    {
      label: 'origin broke off',
      cause:
        'The origin broke off on {asked}: its answer was empty or no valid HTTP, or the connection closed{evidence}.',
      fault: 'It is the fault of the origin: it took the connection, and broke off.',
      next: [
        'Did its process crash or restart at that time? Did it send headers of more than 128 kB?',
        "Search the origin's log for the request ID, and its error log for that second.",
      ],
      reached: true,
    },
  ],
  [
    { source: 'network', type: 'connection_refused' },
    {
      label: 'connection refused',
      cause: 'The origin did not answer {asked}: it refused the connection{evidence}.',
      fault: 'The origin is down, or a firewall before it refuses the connection.',
      next: [RUNNING],
      deployed: [FIREWALL, PAST_CLOUDFLARE],
      reached: false,
    },
  ],
  [
    { source: 'network', type: 'connection_timeout' },
    {
      label: 'connection timed out',
      cause: 'The origin did not answer {asked}: the connection to it timed out{evidence}.',
      fault: 'The origin is down or overloaded, or a firewall drops what is sent to it.',
      next: ['Is the origin switched off, or overloaded?'],
      deployed: [FIREWALL, PAST_CLOUDFLARE],
      reached: false,
    },
  ],
  [
    { source: 'network', type: 'destination_ip_(?:unroutable|prohibited)' },
    {
      label: 'no route to the origin',
      cause: 'The origin did not answer {asked}: there is no way to its IP address{evidence}.',
      fault: 'The origin is down, or its IP address is wrong: there is no route to it.',
      next: ['Is the IP address in the DNS record still that of the origin?'],
      deployed: [PAST_CLOUDFLARE],
      reached: false,
    },
  ],
  [
    { source: 'network', type: 'http_response_timeout|connection_(?:read|write)_timeout', evidence: true },
    {
      label: 'no answer in time',
      cause:
        'The origin was too slow for {asked}: it took the connection and sent no answer in time{evidence}.',
      fault: 'The origin is slow: it took the connection, and was waited for in vain.',
      next: ['What does it wait for: a query, a lock, another service?', OWN_LOG],
      reached: true,
    },
  ],
  [
    { source: 'network', type: 'http_response_timeout' },
    {
      label: 'no answer in time',
      cause: 'The origin timed out{after} on {asked}.',
      fault: 'The origin is slow, or cannot be reached: no answer came within ORIGIN_TIMEOUT_MS.',
      next: [
        OWN_LOG,
        'If such requests may take that long, raise ORIGIN_TIMEOUT_MS; if not, find what they wait for.',
      ],
      reached: true,
    },
  ],
  [
    { source: 'network', type: 'tls_certificate_error' },
    {
      label: 'TLS certificate refused',
      cause: 'The origin did not get {asked}: its TLS certificate is not valid{evidence}.',
      fault:
        "It is the fault of the origin's TLS certificate: it is expired, self-signed, or for another name.",
      next: ["Renew it. SSL/TLS mode Full (strict) takes no self-signed one but Cloudflare's Origin CA."],
      deployed: [PAST_CLOUDFLARE],
      reached: false,
    },
  ],
  [
    { source: 'network', type: 'tls_.*' },
    {
      label: 'TLS failed',
      cause: 'The origin did not get {asked}: the TLS handshake with it failed{evidence}.',
      fault: "It is the fault of the origin's TLS settings: no handshake came about.",
      next: ["Does it speak TLS 1.2 or later on that port, with a certificate for the site's name?"],
      deployed: [PAST_CLOUDFLARE],
      reached: false,
    },
  ],
  [
    { source: 'network', type: 'dns_.*' },
    { ...DNS, cause: 'The origin did not get {asked}: its host name could not be resolved{evidence}.' },
  ],
  [
    { source: 'network', type: 'destination_not_found' },
    {
      label: 'no origin set up',
      cause: 'Nobody got {asked}: no origin is set up for it{evidence}.',
      fault: 'It is the fault of the configuration: the binding leads to no origin.',
      reached: false,
    },
  ],
  [
    { source: 'network', type: 'connection_limit_reached' },
    {
      label: 'too many connections',
      cause: 'The origin did not get {asked}: too many connections to it are open{evidence}.',
      fault: 'The origin has more connections open than it may: it is slow, or too much is asked of it.',
      reached: false,
    },
  ],
  [
    { source: 'network', status: '530', code: true },
    {
      label: 'origin not available',
      cause: 'The origin did not get {asked}: Cloudflare answered 530{after} with error code {code}.',
      fault: 'Cloudflare could not ask the origin; its error code says why.',
      reached: false,
    },
  ],
  [
    { source: 'network', status: '530' },
    {
      label: 'origin not available',
      cause: 'The origin did not get {asked}: Cloudflare could not turn to it{evidence}.',
      fault: 'Cloudflare could not ask the origin, and its error code, which says why, is not in the record.',
      deployed: ["Look at the origin's DNS record and, if it has one, at its Cloudflare Tunnel."],
      reached: false,
    },
  ],
  [
    { source: 'network' },
    {
      label: 'origin not available',
      cause: 'The origin did not answer {asked}{after}{because}.',
      fault:
        'No answer came, and nothing says why: the origin is off, it broke off, or the way to it failed.',
      next: [RUNNING],
      deployed: [FIREWALL, PAST_CLOUDFLARE],
      reached: true,
    },
  ],
  [
    { source: 'application', type: '[0-9]{3}' },
    {
      label: 'application answered {type}',
      cause: 'The application answered {type} to {asked}{after}{because}.',
      fault: 'It is the fault of your application: it answered with an error of its own.',
      next: ['Search your own log lines of this request, below, for the reason.'],
      deployed: [ROLLBACK],
      reached: false,
      ours: true,
    },
  ],
  [
    { source: 'application' },
    {
      label: 'application threw {type}',
      cause: 'The application threw on {asked}{after}{because}.',
      fault: 'It is the fault of your application: its code threw.',
      next: ['The stack below says where.'],
      deployed: [ROLLBACK],
      reached: false,
      ours: true,
    },
  ],
  [
    { source: 'interceptor', type: 'proxy_loop_detected' },
    {
      label: 'Worker asked itself',
      cause:
        'The Worker would have asked itself for {asked}: what it takes for its origin is its own address.',
      fault: 'It is the fault of the configuration: the request would have gone round in a circle.',
      deployed: [
        'ORIGIN_URL must not be an address that the Worker serves; without ORIGIN_URL it belongs on a Route, not on a Custom Domain. npx edge-error-interceptor check says which it is.',
      ],
      local: ['wrangler dev has no route: set ORIGIN_URL to the origin, in .dev.vars or with --var.'],
      reached: false,
      ours: true,
    },
  ],
  [
    { source: 'interceptor' },
    {
      label: 'interceptor failed',
      cause: "The Worker's own code failed on {asked}{because}.",
      fault: 'It is the fault of the edge error interceptor itself; the origin may be well.',
      next: ['Report it, with this record.'],
      deployed: [ROLLBACK],
      reached: false,
      ours: true,
    },
  ],
  [
    { source: 'drill' },
    {
      label: 'drill',
      cause: 'This was a drill on {asked}: nothing has failed.',
      fault: "It is nobody's fault: somebody sent the DRILL_TOKEN to see that failures are noticed.",
      reached: false,
    },
  ],
];

/** A record of which no row is. */
export const UNKNOWN: Kind = {
  label: '{type}',
  cause: '{message} ({asked}).',
  fault: 'The record does not say whose fault it is.',
  reached: true,
};

/**
 * What Cloudflare's error codes mean, and what to do about some.
 * https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/
 */
export const ERROR_CODES: Readonly<Record<number, readonly [meaning: string, next?: string]>> = {
  1000: ['the DNS record points to an IP address that is not allowed, such as one of Cloudflare itself'],
  1001: ['the host name could not be resolved', "Look at the site's DNS records in the dashboard."],
  1002: ['the DNS record points to an IP address that is not allowed'],
  1003: ['the origin was asked by IP address instead of by host name'],
  1004: ['the host is not set up to serve web traffic at Cloudflare'],
  1006: ["the visitor's IP address is banned"],
  1007: ["the visitor's IP address is banned"],
  1008: ["the visitor's IP address is banned"],
  1009: ["the visitor's country or region is banned"],
  1010: ["the visitor's browser is banned by its signature"],
  1011: ['hotlinking is denied'],
  1012: ['access is denied'],
  1013: ['the host name in HTTP and in TLS differ'],
  1014: ['the CNAME points into an account that does not allow it'],
  1015: ['the visitor is rate limited'],
  1016: [
    "the origin's host name cannot be resolved: its DNS record is missing or wrong",
    "The origin's host name has no DNS record: look at it in the dashboard, or at ORIGIN_URL.",
  ],
  1018: ['Cloudflare does not know the host yet'],
  1019: ['Workers call each other in a loop'],
  1020: ['a firewall rule denies access'],
  1023: ['Cloudflare does not know the host yet'],
  1025: ['the site is over a limit of its plan'],
  1027: ['a Worker is over its daily limit of requests'],
  1033: [
    'no cloudflared of the Cloudflare Tunnel is connected',
    'Start cloudflared on the origin: npx wrangler tunnel list, or systemctl status cloudflared there.',
  ],
  1034: ['the host name points to an IP address of Cloudflare that is restricted'],
  1042: ['a Worker asked another Worker of the same zone'],
  1101: ['a Worker threw an exception', 'Look into the logs of the Worker that the origin is.'],
  1102: ['a Worker used too much CPU time or memory', 'Look into the logs of the Worker that the origin is.'],
  1200: ['too many requests wait for the same origin'],
};
