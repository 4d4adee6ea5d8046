/**
 * The query API of Workers Observability, as one POST:
 * https://developers.cloudflare.com/api/resources/workers/subresources/observability/
 * Its types are the members used here of `TelemetryQueryParams` in Cloudflare's SDK (npm package `cloudflare` 7.3.0,
 * resources/workers/observability/telemetry.d.ts, Apache-2.0).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt } from '../../untrusted.ts';
import type { Surroundings } from '../command.ts';
import { commandLine } from '../terminal.ts';
import { duration } from '../format.ts';
import { isJsonObject, numberFact, type JsonObject } from './log-line.ts';
import { EXIT, LookupFailure, type TimeWindow } from './log-store.ts';

/** One query without its `queryId`. */
export interface TelemetryQuery {
  readonly view: 'events' | 'calculations';
  readonly timeframe: TimeWindow;
  readonly parameters: TelemetryParameters;
  /** The maximum number of events, or of groups of calculations. */
  readonly limit?: number;
  /** The `$metadata.id` of the last event of the page before. */
  readonly offset?: string;
  readonly offsetDirection?: 'next' | 'prev';
  /** The number of parts that the time is divided into. */
  readonly granularity?: number;
  /** True to leave out the values of these parts. */
  readonly ignoreSeries?: boolean;
}

/** Filters, and calculations over the events that pass them. */
export interface TelemetryParameters {
  readonly filters: readonly TelemetryFilter[];
  readonly filterCombination: 'and';
  readonly calculations?: readonly {
    readonly operator: 'count' | 'min' | 'max';
    readonly key?: string;
    readonly keyType?: 'number';
    readonly alias: string;
  }[];
  readonly groupBys?: readonly { readonly type: 'string'; readonly value: string }[];
  /** `value` is the alias of a calculation. */
  readonly orderBy?: { readonly value: string; readonly order: 'asc' | 'desc' };
  /** The maximum number of groups. */
  readonly limit?: number;
}

/** A filter. It sees only values of its own type. */
export interface TelemetryFilter {
  readonly key: string;
  readonly operation: 'eq' | 'neq' | 'exists' | 'is_null' | 'regex';
  readonly type: 'string';
  readonly value?: string;
}

/** The account to query, and a token for it. */
export interface Credentials {
  readonly accountId: string;
  readonly apiToken: string;
}

const TOKEN_HELP = `Make one at https://dash.cloudflare.com/profile/api-tokens with the permission
"Account > Workers Observability > Read". The login of wrangler does not carry that permission.`;

const ACCOUNT_HELP = 'It is on the overview page of Workers & Pages, or: npx wrangler whoami';

/** The names of the credential variables that are not set. */
export function missingCredentials(environment: Surroundings['env']): string[] {
  return ['CLOUDFLARE_ACCOUNT_ID', 'CLOUDFLARE_API_TOKEN'].filter((name) => !environment[name]?.trim());
}

/**
 * Reads the account and the token from the environment.
 * @param argv the typed arguments. The error repeats them in its advice to ask wrangler dev
 * @throws LookupFailure that names the variables that are missing or cannot be right
 */
export function credentialsFrom(environment: Surroundings['env'], argv: readonly string[]): Credentials {
  const accountId = environment['CLOUDFLARE_ACCOUNT_ID']?.trim() ?? '';
  const apiToken = environment['CLOUDFLARE_API_TOKEN']?.trim() ?? '';
  const missing = missingCredentials(environment);
  if (missing.length > 0) {
    throw new LookupFailure(
      EXIT.credentials,
      `${missing.join(' and ')} must be set in the environment to read Workers Logs.
${apiToken === '' ? TOKEN_HELP : ACCOUNT_HELP}
To ask a running wrangler dev instead:
  ${commandLine('lookup', ['--local', ...argv])}`,
    );
  }
  if (!/^[0-9a-f]{32}$/i.test(accountId)) {
    throw new LookupFailure(
      EXIT.credentials,
      `CLOUDFLARE_ACCOUNT_ID is not an account ID, which is 32 characters of 0-9 and a-f. ${ACCOUNT_HELP}`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(apiToken)) {
    throw new LookupFailure(
      EXIT.credentials,
      'CLOUDFLARE_API_TOKEN holds a space or another character that no token has.',
    );
  }
  return { accountId, apiToken };
}

/** Sends one query and returns its result. Throws LookupFailure. */
export type QueryTelemetry = (query: TelemetryQuery) => Promise<JsonObject>;

const API = 'https://api.cloudflare.com/client/v4';
// Milliseconds before each further attempt.
const RETRIES = [500, 1500];
// Milliseconds. An operator will not wait longer in silence.
const MAX_RETRY_AFTER = 20_000;
const TIMEOUT = 60_000;

/**
 * Makes the function that queries one account.
 * @param env may name another address of the API (`CLOUDFLARE_BASE_URL`)
 * @param notice is called with a sentence for the operator when a query is tried again
 */
export function telemetryApi(
  { accountId, apiToken }: Credentials,
  env: Surroundings['env'],
  notice: (text: string) => void,
): QueryTelemetry {
  const base = (env['CLOUDFLARE_BASE_URL'] || API).replace(/\/$/, '');
  const url = `${base}/accounts/${accountId}/workers/observability/telemetry/query`;

  return async (query) => {
    const body = JSON.stringify({ queryId: 'edge-error-interceptor-lookup', ...query });
    const { status, headers, text } = await send(body);
    const answer: unknown = attempt(() => JSON.parse(text));
    if (status >= 400 || (isJsonObject(answer) && answer['success'] === false)) {
      throw refused(status, headers, answer, text);
    }
    if (!isJsonObject(answer) || !isJsonObject(answer['result'])) throw noResult(base);
    return answer['result'];
  };

  async function send(body: string) {
    for (let retry = 0; ; retry++) {
      const answer = await post(body);
      const delay = RETRIES[retry];
      if (delay === undefined || !isPassing(answer)) {
        if (!('thrown' in answer)) return answer;
        throw new LookupFailure(EXIT.network, `${base} could not be reached: ${rootCause(answer.thrown)}`);
      }
      const how = 'thrown' in answer ? 'could not be reached' : `answered ${answer.status}`;
      notice(`Cloudflare's API ${how}: trying again.`);
      await sleep('thrown' in answer ? delay : Math.max(delay, retryAfter(answer.headers)));
    }
  }

  /** Reads the whole answer here, so that a body that stalls or breaks off counts as no answer. */
  async function post(body: string) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(TIMEOUT),
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (thrown) {
      return { thrown };
    }
  }
}

/** True if a retry may succeed soon. False if the API asks for a longer wait than `MAX_RETRY_AFTER`. */
function isPassing(
  answer: { readonly thrown: unknown } | { readonly status: number; readonly headers: Headers },
): boolean {
  if ('thrown' in answer) return true;
  return (answer.status === 429 || answer.status >= 500) && retryAfter(answer.headers) <= MAX_RETRY_AFTER;
}

// Cloudflare refuses some tokens with 400: 6003 and 6111 "Invalid request headers", 9109 "Invalid access token",
// 10000 "Authentication error".
const TOKEN_REFUSED = new Set([6003, 6111, 9106, 9109, 10000]);

/**
 * The failure for an error answer of the API.
 * @param answer the parsed body, undefined if it is not JSON
 */
function refused(status: number, headers: Headers, answer: unknown, text: string): LookupFailure {
  const list = isJsonObject(answer) ? answer['errors'] : undefined;
  const errors = Array.isArray(list) ? list.filter(isJsonObject) : [];
  const answered = `Cloudflare's API answered ${status}: ${said(errors) || text.slice(0, 300)}`;
  const codes = errors.map((error) => numberFact(error, 'code'));
  if (status === 401 || status === 403 || codes.some((code) => TOKEN_REFUSED.has(code ?? 0))) {
    return new LookupFailure(
      EXIT.permission,
      `${answered}
The token in CLOUDFLARE_API_TOKEN is not valid, or may not read the logs of the account CLOUDFLARE_ACCOUNT_ID.
${TOKEN_HELP}`,
    );
  }
  const hint = status === 404 ? '\nIs CLOUDFLARE_ACCOUNT_ID right?' : '';
  const wait = retryAfter(headers);
  const advice = wait > 0 ? `\nIt asks to try again after ${duration(wait)}.` : '';
  return new LookupFailure(EXIT.api, `${answered}${hint}${advice}`);
}

/** The failure for an answer that is not the API's, such as the login page of a hotel's Wi-Fi. */
export function noResult(who: string): LookupFailure {
  return new LookupFailure(EXIT.api, `${who} did not answer as its API does.`);
}

/** The delay that `Retry-After` asks for, in milliseconds; 0 without one (RFC 9110 §10.2.3). */
function retryAfter(headers: Headers): number {
  const text = headers.get('retry-after') ?? '';
  const delay = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return delay > 0 ? delay : 0;
}

/** The innermost message. fetch wraps "connect ECONNREFUSED 127.0.0.1:8787" into "fetch failed". */
function rootCause(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { cause } = thrown;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error ? rootCause(cause) : thrown.message;
}

function said(errors: readonly JsonObject[]): string {
  return errors.map(({ message, code }) => `${String(message)} (code ${String(code)})`).join('; ');
}
