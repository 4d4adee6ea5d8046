/** Whose fault a failure is, and what to do next. */
import { errorCodeOf } from './cause.ts';
import { kindOf, type Kind } from './diagnosis.ts';
import { recordFact, type JsonObject } from './log-line.ts';

/** For whoever is on call, in full sentences. */
export interface Advice {
  readonly fault: string;
  readonly next: readonly string[];
}

const WAY =
  'The origin is down, or what is between it and Cloudflare is: no code of yours has answered the request.';
const FAULTS: Readonly<Record<Kind, string>> = {
  'origin-answered':
    'It is the fault of the origin: it got the request and answered it with an error of its own.',
  'origin-on-purpose': "It is nobody's fault: the origin asked for its answer to be passed on as it is.",
  'origin-threw': 'It is the fault of the Worker behind the binding ORIGIN: its code threw.',
  'cloudflare-answered': WAY,
  unreachable: WAY,
  'timed-out': 'It is the fault of the origin, or of the way to it: no answer came within ORIGIN_TIMEOUT_MS.',
  'application-answered': 'It is the fault of your application: it answered with an error of its own.',
  'application-threw': 'It is the fault of your application: its code threw.',
  'asked-itself': 'It is the fault of the configuration: the request would have gone round in a circle.',
  interceptor: 'It is the fault of the edge error interceptor itself; the origin may be well.',
  drill: "It is nobody's fault: somebody sent the DRILL_TOKEN to see that failures are noticed.",
  unknown: 'The record does not say whose fault it is.',
};

const ORIGIN_LOG = "Search the origin's log for the request ID; what it logged about it is the cause.";
const FIREWALL = 'Does its firewall let in the addresses of https://www.cloudflare.com/ips/?';
const STACK = 'The stack below says where. npx wrangler rollback goes back to the version before.';

const NEXT: Readonly<Record<Kind, readonly string[]>> = {
  'origin-answered': [ORIGIN_LOG],
  'origin-on-purpose': ['If the maintenance is over, take X-Intercept-Errors: off from its answers.'],
  'origin-threw': ['Look into the log of that Worker at the same time; the exception is below.'],
  'cloudflare-answered': [
    'Ask the origin from elsewhere, past Cloudflare: curl --resolve HOST:443:ADDRESS URL',
  ],
  unreachable: ['Is the origin up, and does ORIGIN_URL (or the DNS record of the route) lead to it?'],
  'timed-out': [
    ORIGIN_LOG,
    'If such requests may take that long, raise ORIGIN_TIMEOUT_MS; if not, find what they wait for.',
  ],
  'application-answered': ['Search your own log lines of this request, below, for the reason.', STACK],
  'application-threw': [STACK],
  'asked-itself': [
    'ORIGIN_URL must not be an address that the Worker serves; without ORIGIN_URL it belongs on a Route,',
    'not on a Custom Domain. npm run check says which it is.',
  ],
  interceptor: ['npx wrangler rollback goes back to the version before; then report it, with this record.'],
  drill: [],
  unknown: [],
};

// What goes before the steps of the kind: by Cloudflare's code 1xxx, else by `error.type`.
const NEXT_BY_CODE: Readonly<Record<string, readonly string[]>> = {
  1001: ["Look at the site's DNS records in the dashboard."],
  1016: ["The origin's host name has no DNS record: look at it in the dashboard, or at ORIGIN_URL."],
  1033: ['Start cloudflared on the origin: npx wrangler tunnel list, or systemctl status cloudflared there.'],
  500: [],
  502: ['A gateway of yours answered: the application behind it is down, or broke off. Look at its process.'],
  503: ['It is overloaded, or in maintenance. If that is meant: X-Intercept-Errors: off shows its own page.'],
  504: ['A gateway of yours answered: the application behind it is too slow. Look at its process.'],
  connection_refused: ['Is the web server of the origin running, on the port that is asked?', FIREWALL],
  connection_timeout: ['Is the origin overloaded, or switched off?', FIREWALL],
  destination_ip_unroutable: ['Is the IP address in the DNS record still that of the origin?'],
  dns_error: ['Is the host name of the origin right, and does its DNS record exist?'],
  http_protocol_error: [
    'Did the process of the origin crash while it answered, or send headers of more than 128 kB?',
  ],
  http_response_timeout: ['It got the request and is slow: a query, a lock, or a service that it waits for.'],
  tls_protocol_error: ["Does the origin speak TLS on that port, with a certificate for the site's name?"],
  tls_certificate_error: [
    "Renew the origin's certificate; or it is self-signed, which SSL/TLS mode Full (strict) refuses.",
  ],
};

/**
 * Whose fault a failure is, and what to do next.
 * @param additions further records with the same ID
 */
export function adviceOn(record: JsonObject, additions: readonly JsonObject[]): Advice {
  const kind = kindOf(record);
  const code = errorCodeOf([record, ...additions]);
  const type = recordFact(record, 'error.type') ?? '';
  // An application's 503 is not that of a gateway.
  const byType = kind.startsWith('application') ? [] : (NEXT_BY_CODE[type] ?? []);
  const byCode = code === undefined ? undefined : NEXT_BY_CODE[code];
  return { fault: FAULTS[kind], next: [...(byCode ?? byType), ...NEXT[kind]] };
}
