/**
 * The query API of Workers Observability, as one POST:
 * https://developers.cloudflare.com/api/resources/workers/subresources/observability/
 */
import { cloudflareApi, CloudflareRefusal } from '../cloudflare-api.ts';
import type { Surroundings } from '../command.ts';
import { commandLine } from '../terminal.ts';
import { isJsonObject, type JsonObject } from './log-line.ts';
import { EXIT, LookupFailure } from './log-store.ts';

/** Sends the body of a query, and returns the result. Throws LookupFailure. */
export type QueryTelemetry = (body: object) => Promise<JsonObject>;

const TOKEN_HELP = `Make one at https://dash.cloudflare.com/profile/api-tokens with the permission
"Account > Workers Observability > Read". The login of wrangler does not carry that permission.`;
const ACCOUNT_HELP = 'It is on the overview page of Workers & Pages, or: npx wrangler whoami';
// Cloudflare refuses some tokens with 400: 6003 and 6111 "Invalid request headers", 9109 "Invalid access token",
// 10000 "Authentication error".
const TOKEN_REFUSED = new Set<unknown>([6003, 6111, 9106, 9109, 10000]);

/** The names of the credential variables that are not set. */
export function missingCredentials(env: Surroundings['env']): string[] {
  return ['CLOUDFLARE_ACCOUNT_ID', 'CLOUDFLARE_API_TOKEN'].filter((name) => !env[name]?.trim());
}

/**
 * Makes the function that queries the account in the environment.
 * @param argv the typed arguments. An error repeats them in its advice to ask wrangler dev
 * @throws LookupFailure that names the variables that are missing or cannot be right
 */
export function telemetryApi(env: Surroundings['env'], argv: readonly string[]): QueryTelemetry {
  const [account, token] = [env['CLOUDFLARE_ACCOUNT_ID']?.trim() ?? '', env['CLOUDFLARE_API_TOKEN']?.trim()];
  const missing = missingCredentials(env);
  if (missing.length > 0) {
    const complaint = `${missing.join(' and ')} must be set in the environment to read Workers Logs.`;
    const advice = `To ask a running wrangler dev instead:\n  ${commandLine('lookup', ['--local', ...argv])}`;
    throw new LookupFailure(
      EXIT.credentials,
      [complaint, token ? ACCOUNT_HELP : TOKEN_HELP, advice].join('\n'),
    );
  }
  if (!/^[0-9a-f]{32}$/i.test(account)) {
    const complaint = 'CLOUDFLARE_ACCOUNT_ID is not an account ID: 32 characters of 0-9 and a-f.';
    throw new LookupFailure(EXIT.credentials, `${complaint} ${ACCOUNT_HELP}`);
  }
  const ask = cloudflareApi(token ?? '', env);
  const path = `/accounts/${account}/workers/observability/telemetry/query`;
  return async (body) => {
    const result = await ask(path, { method: 'POST', body }).catch((error: unknown) => {
      throw error instanceof CloudflareRefusal ? refused(error) : error;
    });
    if (!isJsonObject(result)) throw noResult();
    return result;
  };
}

function refused({ message, status, codes }: CloudflareRefusal): LookupFailure {
  if (status === undefined) return new LookupFailure(EXIT.network, message);
  if (status === 401 || status === 403 || codes.some((code) => TOKEN_REFUSED.has(code))) {
    const complaint =
      'The token in CLOUDFLARE_API_TOKEN is not valid, or may not read the logs of the account CLOUDFLARE_ACCOUNT_ID.';
    return new LookupFailure(EXIT.permission, [message, complaint, TOKEN_HELP].join('\n'));
  }
  const hint = status === 404 ? '\nIs CLOUDFLARE_ACCOUNT_ID right?' : '';
  return new LookupFailure(EXIT.api, `${message}${hint}`);
}

/** The failure for an answer that is not the API's. */
export function noResult(): LookupFailure {
  return new LookupFailure(EXIT.api, 'Cloudflare did not answer as its API does.');
}
