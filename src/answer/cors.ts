/** Lets browser apps of listed origins read a failure that their own server could not answer. */
import type { Incident } from '../incident.ts';
import { REQUEST_ID_HEADER } from '../request-id.ts';

const MAXIMUM_LENGTH = 2000;
/** A list of tokens: https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const TOKENS = /^[\w!#$%&'*+.^`|~,\t -]*$/;

/** Who may read the answer to a request by `CORS_ORIGINS`: the origin that asks, `*`, or nobody. */
function allowedOrigin({ request, settings }: Incident): string | undefined {
  const origin = request.headers.get('origin');
  if (origin === null) return undefined;
  return settings.CORS_ORIGINS.find((allowed) => allowed === '*' || allowed === origin);
}

/** The headers that let the asking app read our answer (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export function corsHeaders(incident: Incident): Readonly<Record<string, string>> {
  const allowed = allowedOrigin(incident);
  if (allowed === undefined) return {};
  return {
    'Access-Control-Allow-Origin': allowed,
    ...(allowed !== '*' && { 'Access-Control-Allow-Credentials': 'true' }),
    'Access-Control-Expose-Headers': REQUEST_ID_HEADER,
  };
}

/**
 * Whether to let a browser ask in place of an origin that cannot be asked: a preflight of a listed app that
 * failed on the network, or with 502, 503 or 504.
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
export function preflightHeaders({ request: { headers } }: Incident): Readonly<Record<string, string>> {
  const method = tokens(headers.get('access-control-request-method'));
  const names = tokens(headers.get('access-control-request-headers'));
  return {
    ...(method !== '' && { 'Access-Control-Allow-Methods': method }),
    ...(names !== '' && { 'Access-Control-Allow-Headers': names }),
    'Access-Control-Max-Age': '0',
  };
}

function tokens(value: string | null): string {
  return value !== null && value.length <= MAXIMUM_LENGTH && TOKENS.test(value) ? value : '';
}
