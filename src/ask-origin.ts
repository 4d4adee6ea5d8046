/** The handler that asks the origin, for `app.notFound`: whatever no route of one's own answers ends here. */
import { note } from './in-flight.ts';
import { fetchOrigin } from './origin.ts';
import { originSettingsReader } from './read-settings.ts';

/** The part of Hono's Context that is used (https://hono.dev/docs/api/context). */
export interface OriginContext {
  readonly req: { readonly raw: Request };
  readonly env: unknown;
}

const settingsFor = originSettingsReader();

/**
 * Asks the origin, and notes what came of it, so that a failure stays the origin's own behind any middleware.
 * Never rejects.
 * @returns the origin's own Response; for a failure without one an empty 502, which only middleware sees
 */
export async function askOrigin({ req, env }: OriginContext): Promise<Response> {
  const outcome = await fetchOrigin(req.raw, settingsFor(env));
  note(req.raw, outcome);
  if (outcome instanceof Response) return outcome;
  return outcome?.kind === 'answered' ? outcome.response : new Response(null, { status: 502 });
}
