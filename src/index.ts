/**
 * The Worker: every request goes to the origin, and every failure on the way becomes a 500 page. Hono
 * routes: a path of your own goes before `app.all`.
 *
 *     request ─ index ─ intercept ─ origin ──▶ good: the same Response object
 *                           └ failure ─▶ log ─▶ answer ─▶ 500
 */
import { Hono } from 'hono/tiny';
import { getPath } from 'hono/utils/url';
import { intercept } from './intercept.ts';
import { fetchOrigin } from './origin.ts';
import { settingsReader } from './settings.ts';

const settingsFor = settingsReader();

const app = new Hono<{ Bindings: Env }>({
  getPath(request) {
    const path = getPath(request);
    // The URL of `OPTIONS *` has no path, and no route would match.
    return path.startsWith('/') ? path : '/';
  },
});

app.all('*', (c) => fetchOrigin(c.req.raw, settingsFor(c.env)));

// Hono would answer in its own words; rethrown, every error reaches the one catch in intercept.ts.
app.onError((error) => {
  throw error;
});

export default {
  fetch(request, env, ctx) {
    const settings = settingsFor(env);
    return intercept(
      request,
      settings,
      // Hono rebuilds the answer to a HEAD request, which throws on the status codes above 599.
      (outbound) =>
        outbound.method === 'HEAD' ? fetchOrigin(outbound, settings) : app.fetch(outbound, env, ctx),
      (work) => ctx.waitUntil(work),
    );
  },
} satisfies ExportedHandler<Env>;
