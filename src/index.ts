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

app.all('*', (c) => {
  const response = fetchOrigin(c.req.raw, settingsFor(c.env));
  // Hono rebuilds what it returns for HEAD, which throws on the status codes above 599; not what is thrown.
  return c.req.method === 'HEAD' ? response.then(thrown) : response;
});

// Hono would answer in its own words; rethrown, every error reaches the one catch in intercept.ts.
app.onError((error) => {
  throw error;
});

export default {
  fetch(request, env, ctx) {
    return intercept(
      request,
      settingsFor(env),
      (outbound) =>
        outbound.method === 'HEAD' ? routeHead(outbound, env, ctx) : app.fetch(outbound, env, ctx),
      (work) => ctx.waitUntil(work),
    );
  },
} satisfies ExportedHandler<Env>;

function thrown(response: Response): never {
  throw response;
}

async function routeHead(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
  try {
    return await app.fetch(request, env, ctx);
  } catch (error) {
    if (error instanceof Response) return error;
    throw error;
  }
}
