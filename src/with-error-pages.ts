/** The whole product as one function around a fetch handler. */
import { intercept } from './intercept.ts';
import { settingNames, settingsReader, type SettingsInput } from './settings.ts';
import { property } from './untrusted.ts';

export type { SettingsInput };

/** A fetch handler: what a Worker exports as `fetch`. A Hono app has one. */
export interface FetchHandler<Env> {
  fetch(request: Request, env: Env, ctx: ExecutionContext): Response | Promise<Response>;
}

/**
 * Puts error pages around a Worker: what its fetch handler throws, and every 5xx that it returns, becomes a
 * 500 page with a request ID, and one record in Workers Logs with the same ID. The handler finds that ID in
 * the request header `X-Request-Id`. Other answers pass as they are, other handlers (`scheduled`, `queue`, …)
 * stay what they were, and the new fetch handler never rejects.
 * @param handler a Worker: a plain object with a fetch handler, or a Hono app (methods of a class are not kept)
 * @param settings win over variables of the same names in `env`; a bad value is warned of and not used, and
 *   those about the origin have no effect, as the handler itself answers
 * @example
 * export default withErrorPages(app, { SUPPORT_URL: 'mailto:help@shop.example' });
 */
export function withErrorPages<Env, Handler extends FetchHandler<Env>>(
  handler: Handler & FetchHandler<Env>,
  settings: SettingsInput = {},
): Handler & FetchHandler<Env> {
  const settingsFor = settingsReader((env) => merge(env, settings));
  return {
    ...handler,
    fetch: (request: Request, env: Env, ctx: ExecutionContext) =>
      intercept(
        request,
        settingsFor(env),
        async (outbound) => usable(await handler.fetch(outbound, env, ctx)),
        (work) => ctx.waitUntil(work),
      ),
  };
}

/** @throws TypeError where the runtime could not send the answer, and would say so in its own words */
function usable(response: Response): Response {
  if (!(response instanceof Response)) throw new TypeError('The handler returned no Response');
  if (response.type === 'error') throw new TypeError('The handler returned Response.error()');
  if (response.bodyUsed || response.body?.locked) {
    throw new TypeError('The handler returned a Response whose body was already read');
  }
  return response;
}

// Those about the origin are for the Worker that asks one; here they may be variables of the application.
const USED = [
  ...settingNames.filter((name) => name !== 'ORIGIN_URL' && name !== 'ORIGIN_TIMEOUT_MS'),
  'CF_VERSION_METADATA',
];

function merge(env: unknown, settings: SettingsInput): unknown {
  return Object.fromEntries(USED.map((name) => [name, property(settings, name) ?? property(env, name)]));
}
