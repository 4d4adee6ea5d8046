/** Lets browser apps of listed origins read a failure that their own server could not answer. */
import type { Incident } from '../incident.ts';
import { REQUEST_ID_HEADER } from '../request-id.ts';
import type { Settings } from '../settings.ts';

const MAXIMUM_LENGTH = 2000;
/** A list of tokens: https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const TOKENS = /^[\w!#$%&'*+.^`|~,\t -]*$/;

/**
 * The headers that let the asking app read our answer (https://fetch.spec.whatwg.org/#http-cors-protocol);
 * none where it is not listed in `CORS_ORIGINS`.
 */
export function corsHeaders({ request, settings }: Incident): Readonly<Record<string, string>> {
  const origin = request.headers.get('origin');
  if (origin === null) return {};
  if (isAnyone(settings)) {
    return { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': REQUEST_ID_HEADER };
  }
  if (!settings.CORS_ORIGINS.includes(origin)) return {};
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': REQUEST_ID_HEADER,
  };
}

function isAnyone({ CORS_ORIGINS }: Settings): boolean {
  return CORS_ORIGINS[0] === '*';
}

/**
 * Whether to let a browser ask in place of an origin that cannot be asked: a preflight of a listed app that
 * failed on the network, or with 502, 503 or 504.
 */
export function isPreflight({ request, settings, diagnosis, failure }: Incident): boolean {
  const { headers, method } = request;
  const origin = headers.get('origin');
  return (
    method === 'OPTIONS' &&
    origin !== null &&
    !isAnyone(settings) &&
    settings.CORS_ORIGINS.includes(origin) &&
    headers.has('access-control-request-method') &&
    (diagnosis.source === 'network' ||
      isUnavailable(failure.kind === 'answered' ? failure.response.status : 0))
  );
}

function isUnavailable(status: number): boolean {
  return status >= 502 && status <= 504;
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
