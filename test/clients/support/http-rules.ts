/**
 * The rules of an HTTP linter for an answer. They are those notes of REDbot (https://github.com/mnot/httplint) that
 * can apply to an error page, under REDbot's names. Libraries read structured fields and policies.
 */
import { parse as parseContentType } from 'content-type';
import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js';
import { Severity } from 'csp_evaluator/dist/finding.js';
import { CspParser } from 'csp_evaluator/dist/parser.js';
import { Token, parseItem, parseList } from 'structured-headers';
import type { Header, RawAnswer } from '../../support/exchange.ts';

/** An answer and its request. */
export interface Linted {
  readonly method: string;
  readonly requestHeaders: readonly Header[];
  readonly answer: RawAnswer;
}

/** A rule: a note of REDbot, and its test of an answer. */
export interface Rule {
  readonly note: string;
  /** The ways in which the answer breaks the rule. Empty if it keeps the rule. */
  broken(linted: Linted): readonly string[];
}

const token = /^[!#$%&'*+.^`|~\w-]+$/;
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
/** https://www.rfc-editor.org/rfc/rfc9209#name-proxy-error-types */
const proxyErrors = new Set(
  `dns_timeout dns_error destination_not_found destination_unavailable destination_ip_prohibited
  destination_ip_unroutable connection_refused connection_terminated connection_timeout connection_read_timeout
  connection_write_timeout connection_limit_reached tls_protocol_error tls_certificate_error tls_alert_received
  http_request_error http_request_denied http_response_incomplete http_response_header_section_size
  http_response_header_size http_response_body_size http_response_trailer_section_size
  http_response_trailer_size http_response_transfer_coding http_response_content_coding
  http_response_timeout http_upgrade_failed http_protocol_error proxy_internal_response
  proxy_internal_error proxy_configuration_error proxy_loop_detected`.split(/\s+/),
);
const singleFields =
  /^(?:content-type|content-length|content-language|date|etag|expires|last-modified|location|retry-after|x-frame-options|access-control-allow-origin|access-control-allow-credentials|access-control-max-age|cross-origin-embedder-policy|content-security-policy|x-request-id|x-content-type-options|referrer-policy|strict-transport-security)$/i;
const requestFields =
  /^(?:accept|accept-charset|accept-encoding|accept-language|authorization|cookie|expect|from|host|if-.*|max-forwards|origin|proxy-authorization|range|referer|te|user-agent)$/i;
const deprecatedFields =
  /^(?:pragma|p3p|content-md5|content-base|mime-version|warning|x-xss-protection|feature-policy|x-ua-compatible|public-key-pins|expect-ct|x-pad|content-transfer-encoding|via-proxy|tk|dnt|x-cache|x-powered-by|server-timing-debug)$/i;
const cacheDirectives = /^(?:no-store|no-cache|private|public|must-revalidate|max-age=\d+)$/;
const referrerPolicies = /^(?:no-referrer|same-origin|strict-origin|strict-origin-when-cross-origin)$/;
const embedderPolicies = ['require-corp', 'credentialless', 'unsafe-none'];

const when = (isWrong: boolean, what: string): readonly string[] => (isWrong ? [what] : []);
const listed = (value: string | undefined): readonly string[] =>
  value === undefined ? [] : value.split(',').map((item) => item.trim());

/** Runs a parser. If it throws, the error becomes a note. */
function attempt(action: () => readonly string[]): readonly string[] {
  try {
    return action();
  } catch (error) {
    return [String(error)];
  }
}

/** All rules. */
export const httpRules: readonly Rule[] = [
  {
    note: 'FIELD_NAME_BAD_SYNTAX',
    broken: ({ answer }) => answer.headers.flatMap(([name]) => when(!token.test(name), name)),
  },
  {
    note: 'BAD_SYNTAX',
    broken: ({ answer }) =>
      answer.headers.flatMap(([name, value]) =>
        when(!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value), name),
      ),
  },
  {
    note: 'SINGLE_HEADER_REPEAT',
    broken: ({ answer }) => {
      const names = answer.headers.map(([name]) => name.toLowerCase());
      return names.filter((name, at) => singleFields.test(name) && names.indexOf(name) !== at);
    },
  },
  {
    note: 'REQUEST_HDR_IN_RESPONSE',
    broken: ({ answer }) => answer.headers.flatMap(([name]) => when(requestFields.test(name), name)),
  },
  {
    note: 'FIELD_DEPRECATED',
    broken: ({ answer }) => answer.headers.flatMap(([name]) => when(deprecatedFields.test(name), name)),
  },
  {
    note: 'HEADER_BLOCK_TOO_LARGE',
    broken: ({ answer }) => when(JSON.stringify(answer.headers).length > 4096, 'more than 4 kB of headers'),
  },
  {
    note: 'CONTENT_TYPE: valid, with UTF-8, wherever there is content',
    broken: ({ answer }) => {
      const value = answer.header('content-type');
      if (value === undefined) return when(answer.status !== 204, 'none');
      return attempt(() => when(parseContentType(value).parameters['charset'] !== 'utf-8', value));
    },
  },
  {
    note: 'CL_INCORRECT, and no content in the answer to HEAD or in a 204',
    broken: ({ method, answer }) => [
      ...when(!answer.complete || answer.rest.length > 0, 'the length is wrong'),
      ...when(
        (method === 'HEAD' || answer.status === 204) && answer.body.length > 0,
        'content where none may be',
      ),
    ],
  },
  {
    note: 'CHARSET: the content is what its type says',
    broken: ({ method, answer }) =>
      attempt(() => {
        const text = new TextDecoder('utf-8', { fatal: true }).decode(answer.body);
        if (answer.header('content-type')?.includes('json') && method !== 'HEAD') JSON.parse(text);
        return when(text.includes('�'), 'a replacement character');
      }),
  },
  {
    note: 'CONTENT_LANGUAGE: a BCP 47 tag in its canonical form',
    broken: ({ answer }) => {
      const value = answer.header('content-language');
      if (value === undefined) return when(answer.status !== 204, 'none');
      return attempt(() => when(Intl.getCanonicalLocales(value)[0] !== value, value));
    },
  },
  {
    note: 'CC_CONFLICT, CC_MISCAP, and FRESHNESS_NONE: an error is never stored',
    broken: ({ answer }) => {
      const directives = listed(answer.header('cache-control'));
      return [
        ...directives.filter((directive) => !cacheDirectives.test(directive)),
        ...when(!directives.includes('no-store'), 'may be stored'),
        ...when(directives.length > 1, 'no-store with others'),
        ...['etag', 'last-modified', 'expires', 'age'].filter((name) => answer.header(name) !== undefined),
      ];
    },
  },
  {
    note: 'VARY: names of fields, each once, no asterisk',
    broken: ({ answer }) => {
      const names = listed(answer.header('vary')).map((name) => name.toLowerCase());
      return names.filter((name, at) => name === '*' || !token.test(name) || names.indexOf(name) !== at);
    },
  },
  {
    note: 'RETRY_AFTER: seconds or a date',
    broken: ({ answer }) => {
      const value = answer.header('retry-after');
      return when(value !== undefined && !/^\d+$/.test(value) && !httpDate.test(value), String(value));
    },
  },
  {
    note: 'BAD_DATE_SYNTAX',
    broken: ({ answer }) => {
      const value = answer.header('date');
      return when(value !== undefined && !httpDate.test(value), String(value));
    },
  },
  {
    note: 'PROXY_STATUS_UNKNOWN_PARAM, PROXY_STATUS_BAD_PARAM_VAL',
    broken: ({ answer }) =>
      attempt(() =>
        parseList(answer.header('proxy-status') ?? '').flatMap(([, parameters]) =>
          [...parameters].flatMap(([name, value]) => {
            if (name === 'error')
              return when(!(value instanceof Token && proxyErrors.has(value.toString())), String(value));
            if (name === 'received-status') return when(!Number.isInteger(value), String(value));
            return [name];
          }),
        ),
      ),
  },
  {
    note: 'CSP_DUPLICATE_DIRECTIVE, CSP_WIDE_OPEN, CSP_HTTP_URI, CSP_UNSAFE_INLINE, CSP_UNSAFE_EVAL',
    broken: ({ answer }) => {
      const value = answer.header('content-security-policy');
      if (value === undefined) return when(answer.status !== 204, 'none');
      const names = value.split(';').map((directive) => directive.trim().split(' ')[0] ?? '');
      const findings = new CspEvaluator(new CspParser(value).csp).evaluate();
      const serious = findings.filter(({ severity }) => severity <= Severity.MEDIUM);
      return [
        ...names.filter((name, at) => names.indexOf(name) !== at),
        ...when(/unsafe-|\*|http:/.test(value), value),
        ...serious.map(({ directive, description }) => `${directive}: ${description}`),
      ];
    },
  },
  {
    note: 'COEP: a token of its list',
    broken: ({ answer }) => {
      const value = answer.header('cross-origin-embedder-policy');
      if (value === undefined) return when(answer.status !== 204, 'none');
      return attempt(() => {
        const [item] = parseItem(value);
        return when(!(item instanceof Token) || !embedderPolicies.includes(item.toString()), value);
      });
    },
  },
  {
    note: 'CONTENT_TYPE_OPTIONS',
    broken: ({ answer }) =>
      when(answer.status !== 204 && answer.header('x-content-type-options') !== 'nosniff', 'none'),
  },
  {
    note: 'REFERRER_POLICY',
    broken: ({ answer }) =>
      when(answer.status !== 204 && !referrerPolicies.test(answer.header('referrer-policy') ?? ''), 'none'),
  },
  {
    note: 'ACAO_MULTIPLE_VALUES, CORS_ORIGIN_MISMATCH, ACAC_NOT_TRUE, CORS_PREFLIGHT_ONLY',
    broken: ({ method, requestHeaders, answer }) => {
      const asked = requestHeaders.find(([name]) => name === 'Origin')?.[1];
      const allowed = answer.header('access-control-allow-origin');
      const credentials = answer.header('access-control-allow-credentials');
      const preflightOnly = [
        'access-control-allow-methods',
        'access-control-allow-headers',
        'access-control-max-age',
      ];
      return [
        ...when(allowed !== undefined && allowed !== '*' && allowed !== asked, String(allowed)),
        ...when(
          credentials !== undefined && (credentials !== 'true' || allowed === '*'),
          String(credentials),
        ),
        ...preflightOnly.filter((name) => method !== 'OPTIONS' && answer.header(name) !== undefined),
      ];
    },
  },
  {
    note: 'LOCATION, SET_COOKIE: nothing that leads elsewhere or stays',
    broken: ({ answer }) =>
      ['location', 'set-cookie', 'content-location', 'refresh', 'link'].filter(
        (name) => answer.header(name) !== undefined,
      ),
  },
];
