/** Which browser apps may read a failure: by the origin's own word, or else by `CORS_ORIGINS`. */
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
 * The headers that let the asking app read our answer (https://fetch.spec.whatwg.org/#http-cors-protocol): the
 * origin's own, where they do, and otherwise ours. Never a mixture of both.
 * @param answer the headers of the origin's own answer, where there is one
 */
export function corsHeaders(incident: Incident, answer?: Headers): Readonly<Record<string, string>> {
  const theirs = answer === undefined ? {} : wordOf(answer);
  const allowed = theirs[ALLOW_ORIGIN];
  const asking = incident.request.headers.get('origin');
  return asking === null || allowed === '*' || allowed === asking ? theirs : ourWord(incident);
}

/** What the origin says, with the request ID among what an app may read. */
function wordOf(answer: Headers): Record<string, string> {
  const word: Record<string, string> = {};
  for (const name of NAMES) {
    const value = plainHeader(answer, name);
    if (value !== undefined) word[name] = value;
  }
  // A browser refuses an answer that allows both.
  if (word[ALLOW_ORIGIN] === '*') delete word[ALLOW_CREDENTIALS];
  if (ALLOW_ORIGIN in word) word[EXPOSE_HEADERS] = withRequestId(word[EXPOSE_HEADERS] ?? '');
  return word;
}

/** A list of header names, with the request ID's in it once. */
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

/** Who may read by `CORS_ORIGINS`: the origin that asks, `*`, or nobody. */
function allowedOrigin({ request, settings }: Incident): string | undefined {
  const origin = request.headers.get('origin');
  if (origin === null) return undefined;
  return settings.CORS_ORIGINS.find((allowed) => allowed === '*' || allowed === origin);
}

/**
 * True for a preflight that we answer in place of an origin that cannot be asked: of a listed app, and failed on
 * the network, or with 502, 503 or 504.
 */
export function isPreflight(incident: Incident): boolean {
  const { request, diagnosis, failure } = incident;
  if (request.method !== 'OPTIONS' || !request.headers.has('access-control-request-method')) return false;
  const allowed = allowedOrigin(incident);
  if (allowed === undefined || allowed === '*') return false;
  const status = failure.kind === 'answered' ? failure.response.status : 0;
  return diagnosis.source === 'network' || (status >= 502 && status <= 504);
}

/** What a preflight asked for, allowed; not to be remembered, as it says nothing of the origin. */
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
