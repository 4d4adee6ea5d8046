/**
 * A Hono application in three forms: bare, with error pages around it, and with `app.onError(onError)` too. The
 * variable `VARIANT` says which form answers.
 */
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import { streamSSE, streamText } from 'hono/streaming';
import { validator } from 'hono/validator';
import { onError, withErrorPages } from '../../../../src/with-error-pages.ts';

/**
 * @param onMounted the error handler of a mounted application, which the outer application's handler does not replace
 */
function application(onMounted?: typeof onError): Hono {
  const app = new Hono();
  app.use(
    '/cors/*',
    cors({ origin: 'https://app.example', credentials: true, exposeHeaders: ['X-Total'], maxAge: 60 }),
  );

  app.get('/', (c) => c.html('<h1>Welcome</h1>'));
  app.post(
    '/valid',
    validator('json', (value, c) => (value.tea === undefined ? c.json({ error: 'No tea' }, 422) : value)),
    (c) => c.json(c.req.valid('json'), 201),
  );
  app.get('/stream', (c) =>
    streamText(c, async (stream) => void (await stream.writeln('one'), await stream.writeln('two'))),
  );
  app.get('/events', (c) => streamSSE(c, async (stream) => stream.writeSSE({ data: 'one', id: '1' })));
  app.get('/moved', (c) => c.redirect('/', 301));
  app.get('/gone', () => {
    throw new HTTPException(404, { message: 'No such page' });
  });
  app.get('/login', () => {
    const res = new Response('Sign in', {
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer realm="shop"' },
    });
    throw new HTTPException(401, { res });
  });
  app.get('/thrown-response', () => {
    throw Response.json({ error: 'Not yours' }, { status: 403 });
  });
  app.get('/*/throws', () => {
    throw new TypeError('cart is undefined');
  });
  app.get('/*/answers-503', (c) => c.json({ error: 'closed' }, 503, { 'Retry-After': '120' }));
  app.get('/closed', () => {
    throw new HTTPException(503, { message: 'closed' });
  });
  app.get('/throws-text', () => {
    throw 'out of stock';
  });

  const sub = new Hono();
  sub.get('/conflict', () => {
    throw new Error('twice');
  });
  sub.onError((error, c) => c.json({ error: error.message }, 409));
  app.route('/sub', sub);

  const mounted = new Hono().get('/', (c) => c.text('mounted'));
  mounted.get('/login', () => {
    throw new HTTPException(401, { message: 'Sign in to the mounted one' });
  });
  mounted.get('/breaks', () => {
    throw new RangeError('mounted and broken');
  });
  if (onMounted !== undefined) mounted.onError(onMounted);
  app.mount('/mounted', mounted.fetch);
  app.mount('/foreign', () => {
    throw new RangeError('no Hono at all');
  });

  app.all('/*/ok', (c) => c.json({ ok: true }, 200, { 'X-Total': '1' }));
  return app;
}

const handled = application(onError);
handled.onError(onError);

/** The application in its three forms. */
const variants = new Map([
  ['bare', application()],
  ['wrapped', withErrorPages(application())],
  ['handled', withErrorPages(handled)],
]);

export default {
  fetch(request: Request, env: { readonly VARIANT: string }, ctx: never): Response | Promise<Response> {
    return variants.get(env.VARIANT)?.fetch(request, env, ctx) ?? new Response('Which?', { status: 404 });
  },
};
