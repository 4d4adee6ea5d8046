/** Cloudflare's API: https://developers.cloudflare.com/api/ */
import { attempt, property, textProperty } from '../untrusted.ts';

/** The API could not be reached, or it refused. The message is the end of a sentence. */
export class CloudflareRefusal extends Error {}

/** Asks the API, and returns the `result` of its answer. Throws CloudflareRefusal. */
export type AskCloudflare = (
  path: string,
  init?: { readonly method: 'PUT'; readonly body: object },
) => Promise<unknown>;

const API = 'https://api.cloudflare.com/client/v4';
const TIMEOUT_MS = 30_000;

/** The API with a token, at the address in `CLOUDFLARE_BASE_URL` if that is set. */
export function cloudflareApi(
  token: string,
  env: Readonly<Record<string, string | undefined>>,
): AskCloudflare {
  const base = (env['CLOUDFLARE_BASE_URL'] || API).replace(/\/$/, '');
  return async (path, init) => {
    const response = await fetch(`${base}${path}`, {
      method: init?.method ?? 'GET',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(init && { body: JSON.stringify(init.body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new CloudflareRefusal(`${base} could not be reached`, { cause: error });
    });
    const text = await response.text().catch(() => '');
    const answer: unknown = attempt(() => JSON.parse(text));
    if (response.ok && property(answer, 'success') === true) return property(answer, 'result');
    const errors = property(answer, 'errors');
    const said = (Array.isArray(errors) ? errors : []).map((error: unknown) =>
      textProperty(error, 'message'),
    );
    throw new CloudflareRefusal(
      `Cloudflare answered ${response.status}: ${said.filter(Boolean).join('; ') || 'nothing that its API says'}`,
    );
  };
}
