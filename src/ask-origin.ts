/** The handler for `app.notFound`: a request that no route answers goes to the origin. */
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
 * Asks the origin and notes the outcome. The note keeps the origin's failure known, whatever middleware makes of it.
 * Never rejects.
 * @returns the origin's own Response; if it failed without one, an empty 502 that only middleware sees
 */
export async function askOrigin({ req, env }: OriginContext): Promise<Response> {
  const outcome = await fetchOrigin(req.raw, settingsFor(env));
  note(req.raw, outcome);
  if (outcome instanceof Response) return outcome;
  return outcome?.kind === 'answered' ? outcome.response : new Response(null, { status: 502 });
}
