/**
 * Hono's middleware (https://hono.dev/docs/middleware/builtin/basic-auth and its neighbours) with the options of its
 * documentation. The application runs in three forms: bare, with error pages around it, and with
 * `app.onError(onError)` too. The variable `VARIANT` says which form answers.
 */
import { Hono, type MiddlewareHandler } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { bearerAuth } from 'hono/bearer-auth';
import { bodyLimit } from 'hono/body-limit';
import { cache } from 'hono/cache';
import { every, except, some } from 'hono/combine';
import { compress } from 'hono/compress';
import { contextStorage, getContext } from 'hono/context-storage';
import { cors } from 'hono/cors';
import { csrf } from 'hono/csrf';
import { etag } from 'hono/etag';
import { html } from 'hono/html';
import { HTTPException } from 'hono/http-exception';
import { ipRestriction } from 'hono/ip-restriction';
import { jsxRenderer } from 'hono/jsx-renderer';
import { jwk } from 'hono/jwk';
import { jwt } from 'hono/jwt';
import { languageDetector } from 'hono/language';
import { logger } from 'hono/logger';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { methodOverride } from 'hono/method-override';
import { poweredBy } from 'hono/powered-by';
import { prettyJSON } from 'hono/pretty-json';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { timeout } from 'hono/timeout';
import { setMetric, timing } from 'hono/timing';
import { appendTrailingSlash, trimTrailingSlash } from 'hono/trailing-slash';
import { onError, withErrorPages } from '../../../../src/with-error-pages.ts';

const secret = 'a secret of the tests';
const keys = ({ env }: { readonly env: { readonly KEYS: string } }) => JSON.parse(env.KEYS);
const visitorAt = (address: string) => () => address;

/** The variables that the middleware sets for handlers, and the keys of the tests. */
interface Environment {
  Bindings: { readonly VARIANT: string; readonly KEYS: string };
  Variables: { language: string; requestId: string };
}
type Application = Hono<Environment>;

/** The middleware, by the first segment of the path. */
const examplesFor = (app: Application): Readonly<Record<string, MiddlewareHandler>> => ({
  basic: basicAuth({ username: 'ada', password: 'engine' }, { username: 'eve', password: 'apple' }),
  'basic-verified': basicAuth({
    verifyUser: (username, password) => username === 'dynamic' && password === 'word',
    realm: 'back office',
    invalidUserMessage: { message: 'Who are you?' },
  }),
  bearer: bearerAuth({ token: ['token-of-ada', 'token-of-eve'] }),
  'bearer-verified': bearerAuth({
    verifyToken: async (token) => token === 'dynamic-token',
    headerName: 'X-Token',
    prefix: '',
    noAuthenticationHeader: { message: { error: 'No token' } },
    invalidToken: { message: () => ({ error: 'Not this token' }) },
  }),
  limit: bodyLimit({ maxSize: 10 }),
  'limit-told': bodyLimit({ maxSize: 10, onError: (c) => c.text('overflow :(', 413) }),
  cache: cache({ cacheName: 'tests', cacheControl: 'max-age=60' }),
  'cache-by-key': cache({
    cacheName: 'tests',
    cacheControl: 'public, max-age=60',
    vary: 'Accept-Language',
    keyGenerator: (c) => `${new URL(c.req.url).origin}/kept/${c.req.query('for')}`,
    cacheableStatusCodes: [200, 404],
  }),
  some: some(bearerAuth({ token: 'one' }), basicAuth({ username: 'a', password: 'b' })),
  every: every(bearerAuth({ token: 'one' }), bodyLimit({ maxSize: 10 })),
  except: except('/except/open', bearerAuth({ token: 'one' })),
  compress: compress({ threshold: 1 }),
  stored: contextStorage(),
  cors: cors(),
  'cors-listed': cors({
    origin: ['https://app.example', 'https://other.example'],
    allowMethods: ['GET', 'PUT'],
    allowHeaders: ['X-App'],
    exposeHeaders: ['X-Total'],
    maxAge: 600,
    credentials: true,
  }),
  'cors-decided': cors({
    origin: (origin) => (origin.endsWith('.example') ? origin : 'https://shop.example'),
  }),
  csrf: csrf(),
  'csrf-listed': csrf({ origin: ['https://app.example'], secFetchSite: ['same-origin', 'none'] }),
  etag: etag(),
  'etag-weak': etag({ weak: true }),
  denied: ipRestriction(visitorAt('203.0.113.9'), { denyList: ['203.0.113.0/24'] }),
  allowed: ipRestriction(visitorAt('203.0.113.9'), { allowList: ['203.0.113.9', '::1'] }),
  'allowed-others': ipRestriction(visitorAt('198.51.100.7'), { allowList: ['203.0.113.9'] }, (_, c) =>
    c.text('Not from there', 403),
  ),
  rendered: jsxRenderer(({ children }) => html`<main>${children}</main>`),
  jwk: jwk({ keys, alg: ['RS256'] }),
  'jwk-anonymous': jwk({ keys, alg: ['RS256'], allow_anon: true }),
  jwt: jwt({ secret, alg: 'HS256' }),
  'jwt-in-cookie': jwt({ secret, alg: 'HS256', cookie: 'auth' }),
  language: languageDetector({ supportedLanguages: ['en', 'de'], fallbackLanguage: 'en' }),
  'language-by-query': languageDetector({
    supportedLanguages: ['en', 'de'],
    fallbackLanguage: 'en',
    order: ['querystring', 'cookie'],
    lookupQueryString: 'in',
    caches: false,
  }),
  logged: logger(),
  'method-known': methodNotAllowed({ app }),
  override: methodOverride({ app }),
  'override-by-header': methodOverride({ app, header: 'X-Method' }),
  'override-by-query': methodOverride({ app, query: '_method' }),
  powered: poweredBy(),
  'powered-by-us': poweredBy({ serverName: 'Kettle' }),
  pretty: prettyJSON(),
  'pretty-always': prettyJSON({ force: true, space: 4 }),
  id: requestId({ limitLength: 64 }),
  secure: secureHeaders(),
  'secure-policies': secureHeaders({
    xFrameOptions: 'DENY',
    strictTransportSecurity: 'max-age=63072000; includeSubDomains; preload',
    contentSecurityPolicy: { defaultSrc: ["'self'"], frameAncestors: ["'none'"] },
    permissionsPolicy: { camera: false, geolocation: ['self'] },
    crossOriginEmbedderPolicy: true,
    crossOriginResourcePolicy: 'same-site',
  }),
  timeout: timeout(20),
  'timeout-told': timeout(20, new HTTPException(408, { message: 'Too slow: try again' })),
  'timeout-long': timeout(20_000),
  timing: timing({ total: false }),
  trim: trimTrailingSlash(),
  'trim-always': trimTrailingSlash({ alwaysRedirect: true }),
  append: appendTrailingSlash(),
});

function application(): Application {
  const app: Application = new Hono();
  for (const [name, middleware] of Object.entries(examplesFor(app))) app.use(`/${name}/*`, middleware);
  app.get('/*/throws', () => {
    throw new TypeError('cart is undefined');
  });
  app.get('/*/answers-503', (c) => c.json({ error: 'closed' }, 503));
  app.get('/*/slow', async (c) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return c.text('late');
  });
  app.get('/rendered/ok', (c) => c.render(html`<h1>Welcome</h1>`));
  app.get('/stored/ok', (c) => c.text(getContext().req.path));
  app.get('/language/ok', (c) => c.text(c.get('language')));
  app.get('/language-by-query/ok', (c) => c.text(c.get('language')));
  app.get('/id/ok', (c) => c.text(c.get('requestId')));
  app.get('/timing/ok', (c) => {
    setMetric(c, 'region', 'europe-west3');
    setMetric(c, 'custom', 23.8, 'My custom metric');
    return c.text('timed');
  });
  app.get('/append/ok/', (c) => c.text('with a slash'));
  app.delete('/override/ok', (c) => c.text('deleted'));
  app.delete('/override-by-header/ok', (c) => c.text('deleted'));
  app.delete('/override-by-query/ok', (c) => c.text('deleted'));
  app.get('/method-known/ok', (c) => c.text('got'));
  app.get('/*/ok', (c) => c.json({ ok: true, list: [1, 2] }, 200, { 'X-Total': '1' }));
  app.put('/cors-listed/ok', (c) => c.json({ ok: true }));
  app.post('/*/ok', async (c) => c.text(`posted ${(await c.req.text()).length}`));
  app.get('/except/open', (c) => c.text('open to all'));
  return app;
}

const handled = application();
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
