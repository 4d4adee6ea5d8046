/**
 * The Worker: every request goes through Hono to the origin, and every failure on the way becomes a 500 page.
 *
 *     request ─ index ─ withErrorPages ─ intercept ─ Hono app ─ origin ──▶ good: the same Response object
 *                                            └ failure ─▶ log ─▶ answer ─▶ 500
 */
import { Hono } from 'hono/tiny';
import { askOrigin } from './ask-origin.ts';
import { onError } from './on-error.ts';
import { withErrorPages } from './with-error-pages.ts';

const app = new Hono<{ Bindings: Env }>();

// Add your own routes and middleware here: app.get('/healthz', (c) => c.text('ok'));

// A request that no route answers goes to the origin. app.all('*') would miss `OPTIONS *`.
app.notFound(askOrigin);
app.onError(onError);

export default withErrorPages(app);
