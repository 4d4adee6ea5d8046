/** Cloudflare's API: https://developers.cloudflare.com/api/ */
import { networkFault } from './network-fault.ts';
import { attempt, property, textProperty } from '../untrusted.ts';

/** The API could not be reached, or it refused. The message is the end of a sentence. */
export class CloudflareRefusal extends Error {
  /** The status of the answer. Absent if there was none. */
  readonly status: number | undefined;
  readonly codes: readonly unknown[];

  constructor(message: string, status?: number, codes: readonly unknown[] = []) {
    super(message);
    this.status = status;
    this.codes = codes;
  }
}

/** Asks the API, and returns the `result` of its answer. Throws CloudflareRefusal. */
export type AskCloudflare = (
  path: string,
  init?: { readonly method: 'POST' | 'PUT'; readonly body: object },
) => Promise<unknown>;

const API = 'https://api.cloudflare.com/client/v4';
const TIMEOUT_MS = 60_000;

/** The API with a token, at the address in `CLOUDFLARE_BASE_URL` if that is set. */
export function cloudflareApi(
  token: string,
  env: Readonly<Record<string, string | undefined>>,
): AskCloudflare {
  const base = (env['CLOUDFLARE_BASE_URL'] || API).replace(/\/$/, '');
  return async (path, init) => {
    const { ok, status, text } = await send(path, init).catch((error: unknown) => {
      throw new CloudflareRefusal(`${base} could not be reached: ${networkFault(error)}`);
    });
    const answer: unknown = attempt(() => JSON.parse(text));
    if (ok && property(answer, 'success') === true) return property(answer, 'result');
    const list = property(answer, 'errors');
    const errors: readonly unknown[] = Array.isArray(list) ? list : [];
    const said = errors.map((error) => textProperty(error, 'message')).filter(Boolean);
    const codes = errors.map((error) => property(error, 'code'));
    const message = said.join('; ') || 'nothing that its API says';
    throw new CloudflareRefusal(`Cloudflare answered ${status}: ${message}`, status, codes);
  };

  /** Reads the whole answer, so that a body that stalls or breaks off counts as no answer. */
  async function send(path: string, init: Parameters<AskCloudflare>[1]) {
    const response = await fetch(`${base}${path}`, {
      method: init?.method ?? 'GET',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(init && { body: JSON.stringify(init.body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { ok: response.ok, status: response.status, text: await response.text() };
  }
}
