/** Decides which browser apps may read a failure: by the origin's own CORS headers, or else by `CORS_ORIGINS`. */
import type { Incident } from '../incident.ts';
import { REQUEST_ID_HEADER } from '../request-id.ts';
import { plainHeader } from './kept-headers.ts';

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin';
const ALLOW_CREDENTIALS = 'Access-Control-Allow-Credentials';
const EXPOSE_HEADERS = 'Access-Control-Expose-Headers';
const NAMES = [
  ALLOW_ORIGIN,
  ALLOW_CREDENTIALS,
  EXPOSE_HEADERS,
  'Access-Control-Allow-Methods',
  'Access-Control-Allow-Headers',
  'Access-Control-Max-Age',
];

const MAXIMUM_LENGTH = 2000;
/** A list of tokens: https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const TOKENS = /^[\w!#$%&'*+.^`|~,\t -]*$/;

/**
 * The headers that let the asking app read our answer (https://fetch.spec.whatwg.org/#http-cors-protocol). They are
 * the origin's own if those allow it, and otherwise ours. They are never a mixture of both.
 * @param answer the headers of the origin's own answer, if there is one
 */
export function corsHeaders(incident: Incident, answer?: Headers): Readonly<Record<string, string>> {
  const theirs = answer === undefined ? {} : wordOf(answer);
  const allowed = theirs[ALLOW_ORIGIN];
  const asking = incident.request.headers.get('origin');
  return asking === null || allowed === '*' || allowed === asking ? theirs : ourWord(incident);
}

/** The origin's own CORS headers. An app that may read the answer may read the request ID too. */
function wordOf(answer: Headers): Record<string, string> {
  const word: Record<string, string> = {};
  for (const name of NAMES) {
    const value = plainHeader(answer, name);
    if (value !== undefined) word[name] = value;
  }
  // A browser refuses an answer with both `*` and credentials.
  if (word[ALLOW_ORIGIN] === '*') delete word[ALLOW_CREDENTIALS];
  if (ALLOW_ORIGIN in word) word[EXPOSE_HEADERS] = withRequestId(word[EXPOSE_HEADERS] ?? '');
  return word;
}

/** Adds the header of the request ID to a list of header names, unless it is there. */
function withRequestId(names: string): string {
  if (names.trim() === '') return REQUEST_ID_HEADER;
  const isNamed = names
    .toLowerCase()
    .split(',')
    .some((name) => name.trim() === REQUEST_ID_HEADER.toLowerCase());
  return isNamed ? names : `${names}, ${REQUEST_ID_HEADER}`;
}

function ourWord(incident: Incident): Record<string, string> {
  const allowed = allowedOrigin(incident);
  if (allowed === undefined) return {};
  return {
    [ALLOW_ORIGIN]: allowed,
    ...(allowed !== '*' && { [ALLOW_CREDENTIALS]: 'true' }),
    [EXPOSE_HEADERS]: REQUEST_ID_HEADER,
  };
}

/** The entry of `CORS_ORIGINS` that allows the asking app: its own origin, or `*`. */
function allowedOrigin({ request, settings }: Incident): string | undefined {
  const origin = request.headers.get('origin');
  if (origin === null) return undefined;
  return settings.CORS_ORIGINS.find((allowed) => allowed === '*' || allowed === origin);
}

/**
 * True for a preflight that we answer ourselves: a listed app sent it, and the origin could not be reached or
 * answered 502, 503 or 504.
 */
export function isPreflight(incident: Incident): boolean {
  const { request, diagnosis, failure } = incident;
  if (request.method !== 'OPTIONS' || !request.headers.has('access-control-request-method')) return false;
  const allowed = allowedOrigin(incident);
  if (allowed === undefined || allowed === '*') return false;
  const status = failure.kind === 'answered' ? failure.response.status : 0;
  return diagnosis.source === 'network' || (status >= 502 && status <= 504);
}

/** Allows everything that a preflight asks for. A browser must not cache it: the origin has not agreed. */
export function preflightHeaders(incident: Incident): Readonly<Record<string, string>> {
  const { headers } = incident.request;
  const method = tokenList(headers.get('access-control-request-method'));
  const names = tokenList(headers.get('access-control-request-headers'));
  return {
    ...ourWord(incident),
    ...(method !== '' && { 'Access-Control-Allow-Methods': method }),
    ...(names !== '' && { 'Access-Control-Allow-Headers': names }),
    'Access-Control-Max-Age': '0',
  };
}

function tokenList(value: string | null): string {
  return value !== null && value.length <= MAXIMUM_LENGTH && TOKENS.test(value) ? value : '';
}
