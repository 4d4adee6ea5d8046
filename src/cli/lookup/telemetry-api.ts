/**
 * The query API of Workers Observability, as one POST:
 * https://developers.cloudflare.com/api/resources/workers/subresources/observability/
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Credentials } from './credentials.ts';
import { EXIT, LookupFailure } from './exit.ts';
import { isJsonObject, type JsonObject } from './log-line.ts';
import { noResult, refused, retryAfter, rootCause } from './telemetry-failure.ts';
import type { TelemetryQuery } from './telemetry-types.ts';
import { attempt } from '../../untrusted.ts';

/** Sends one query and returns its result. Throws LookupFailure. */
export type QueryTelemetry = (query: TelemetryQuery) => Promise<JsonObject>;

const API = 'https://api.cloudflare.com/client/v4';
// Milliseconds before each further attempt.
const RETRIES = [500, 1500];
// As long, in milliseconds, as an operator will wait in silence.
const MAX_RETRY_AFTER = 20_000;
const TIMEOUT = 60_000;

/**
 * The query API of one account.
 * @param baseUrl another address of the API (`CLOUDFLARE_BASE_URL`); empty: Cloudflare's own
 * @param notice is told what a person should know meanwhile: that a query is tried again
 */
export function telemetryApi(
  { accountId, apiToken }: Credentials,
  baseUrl: string,
  notice: (text: string) => void,
): QueryTelemetry {
  const base = (baseUrl || API).replace(/\/$/, '');
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

  /** The whole answer, so that a body which stalls or breaks off counts as one that did not come. */
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

/** Whether it may go better in a moment, and the API does not ask to wait for longer. */
function isPassing(
  answer: { readonly thrown: unknown } | { readonly status: number; readonly headers: Headers },
): boolean {
  if ('thrown' in answer) return true;
  return (answer.status === 429 || answer.status >= 500) && retryAfter(answer.headers) <= MAX_RETRY_AFTER;
}
