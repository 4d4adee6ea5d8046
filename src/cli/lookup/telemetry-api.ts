/**
 * The query API of Workers Observability, as one POST:
 * https://developers.cloudflare.com/api/resources/workers/subresources/observability/
 * Its types are the members used here of `TelemetryQueryParams` in Cloudflare's SDK (npm package `cloudflare` 7.3.0,
 * resources/workers/observability/telemetry.d.ts, Apache-2.0).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, property, textProperty } from '../../untrusted.ts';
import type { Surroundings } from '../command.ts';
import { commandLine } from '../terminal.ts';
import { isJsonObject, type JsonObject } from './log-line.ts';
import { EXIT, LookupFailure, type Filter, type TimeWindow } from './log-store.ts';

/** One query without its `queryId`. Undefined members are not sent. */
export interface TelemetryQuery {
  readonly view: 'events' | 'calculations';
  readonly timeframe: TimeWindow;
  readonly parameters: {
    readonly filters: readonly Filter[];
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
  };
  /** The maximum number of events, or of groups of calculations. */
  readonly limit?: number;
  /** The `$metadata.id` of the last event of the page before. */
  readonly offset?: string;
  readonly offsetDirection?: 'next';
  /** The number of parts that the time is divided into. */
  readonly granularity?: number;
  /** True to leave out the values of these parts. */
  readonly ignoreSeries?: boolean;
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
    refuse(`${missing.join(' and ')} must be set in the environment to read Workers Logs.
${apiToken === '' ? TOKEN_HELP : ACCOUNT_HELP}
To ask a running wrangler dev instead:
  ${commandLine('lookup', ['--local', ...argv])}`);
  }
  if (!/^[0-9a-f]{32}$/i.test(accountId))
    refuse(`CLOUDFLARE_ACCOUNT_ID is not an account ID: 32 characters of 0-9 and a-f. ${ACCOUNT_HELP}`);
  if (!/^[\x21-\x7e]+$/.test(apiToken))
    refuse('CLOUDFLARE_API_TOKEN holds a space or another character that no token has.');
  return { accountId, apiToken };

  function refuse(complaint: string): never {
    throw new LookupFailure(EXIT.credentials, complaint);
  }
}

/** Sends one query and returns its result. Throws LookupFailure. */
export type QueryTelemetry = (query: TelemetryQuery) => Promise<JsonObject>;

const API = 'https://api.cloudflare.com/client/v4';
// Milliseconds before each further attempt.
const RETRIES = [500, 1500];
const TIMEOUT = 60_000;
// Cloudflare refuses some tokens with 400: 6003 and 6111 "Invalid request headers", 9109 "Invalid access token",
// 10000 "Authentication error".
const TOKEN_REFUSED = new Set<unknown>([6003, 6111, 9106, 9109, 10000]);

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
    const { status, text } = await send(
      JSON.stringify({ queryId: 'edge-error-interceptor-lookup', ...query }),
    );
    const answer: unknown = attempt(() => JSON.parse(text));
    if (status >= 400 || property(answer, 'success') === false) throw refused(status, answer, text);
    const result = property(answer, 'result');
    if (!isJsonObject(result)) throw noResult(base);
    return result;
  };

  /** Reads the whole answer here, so that a body that stalls or breaks off counts as no answer. */
  async function send(body: string, retry = 0): Promise<{ readonly status: number; readonly text: string }> {
    const delay = RETRIES[retry];
    let failed: string;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(TIMEOUT),
      });
      const { status } = response;
      const answer = { status, text: await response.text() };
      if (delay === undefined || (status !== 429 && status < 500)) return answer;
      failed = `answered ${status}`;
    } catch (thrown) {
      if (delay === undefined)
        throw new LookupFailure(EXIT.network, `${base} could not be reached: ${rootCause(thrown)}`);
      failed = 'could not be reached';
    }
    notice(`Cloudflare's API ${failed}: trying again.`);
    await sleep(delay);
    return send(body, retry + 1);
  }
}

/**
 * The failure for an error answer of the API.
 * @param answer the parsed body, undefined if it is not JSON
 */
function refused(status: number, answer: unknown, text: string): LookupFailure {
  const list = property(answer, 'errors');
  const errors = Array.isArray(list) ? list.filter(isJsonObject) : [];
  const said = errors.map((error) => `${textProperty(error, 'message')} (code ${String(error['code'])})`);
  const answered = `Cloudflare's API answered ${status}: ${said.join('; ') || text.slice(0, 300)}`;
  if ([401, 403].includes(status) || errors.some(({ code }) => TOKEN_REFUSED.has(code))) {
    return new LookupFailure(
      EXIT.permission,
      `${answered}
The token in CLOUDFLARE_API_TOKEN is not valid, or may not read the logs of the account CLOUDFLARE_ACCOUNT_ID.
${TOKEN_HELP}`,
    );
  }
  return new LookupFailure(
    EXIT.api,
    `${answered}${status === 404 ? '\nIs CLOUDFLARE_ACCOUNT_ID right?' : ''}`,
  );
}

/** The failure for an answer that is not the API's, such as the login page of a hotel's Wi-Fi. */
export function noResult(who: string): LookupFailure {
  return new LookupFailure(EXIT.api, `${who} did not answer as its API does.`);
}

/** The innermost message. fetch wraps "connect ECONNREFUSED 127.0.0.1:8787" into "fetch failed". */
function rootCause(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return rootCause(thrown.errors[0]);
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? rootCause(thrown.cause) : thrown.message;
}
