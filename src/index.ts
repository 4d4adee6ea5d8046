/**
 * The Worker: every request goes to the origin, and every failure on the way becomes a 500 page.
 *
 *     request ─ index ─ intercept ─ origin ──▶ good: the same Response object
 *                           └ failure ─▶ log ─▶ answer ─▶ 500
 */
import { Hono } from 'hono/tiny';
import { askApplication, note } from './application.ts';
import { intercept } from './intercept.ts';
import { fetchOrigin } from './origin.ts';
import { onError } from './on-error.ts';
import { page } from './page/page.ts';
import { settingsReader } from './read-settings.ts';

const app = new Hono<{ Bindings: Env }>();

// A path of your own, or middleware, goes here: app.get('/healthz', (c) => c.text('ok'));

// Middleware goes on to the origin.
app.notFound(async (c) => {
  const outcome = await fetchOrigin(c.req.raw, settingsFor(c.env));
  if (outcome instanceof Response) return outcome;
  note(outcome, c.executionCtx, null);
  return outcome.kind === 'answered' ? outcome.response : c.body(null, 502);
});

app.onError(onError);

const settingsFor = settingsReader();

export default {
  fetch(request, env, ctx) {
    const settings = settingsFor(env);
    const around = { settings, page, waitUntil: (work: Promise<void>) => ctx.waitUntil(work) };
    return intercept(request, around, (onward) =>
      isOwn(onward)
        ? askApplication(onward, ctx, () => app.fetch(onward, env, ctx))
        : fetchOrigin(onward, settings),
    );
  },
} satisfies ExportedHandler<Env>;

/** Whether a path of one's own, or middleware, is there for a request. HEAD is answered by what answers GET. */
function isOwn(request: Request): boolean {
  if (app.routes.length === 0) return false;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  return app.router.match(method, app.getPath(request))[0].length > 0;
}
