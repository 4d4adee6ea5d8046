/** A Hono app with Sentry. Its end is the example of src/answer/README.md, word by word. */
import * as Sentry from '@sentry/cloudflare';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { onError, withErrorPages } from '../../../../src/with-error-pages.ts';

const options = (env: { readonly SENTRY_DSN: string }) => ({ dsn: env.SENTRY_DSN, tracesSampleRate: 0 });
const app = new Hono<{ Bindings: { readonly SENTRY_DSN: string } }>();
app.get('/', (c) => c.text('Welcome'));
app.get('/private', () => {
  throw new HTTPException(401, { message: 'Who are you?' });
});
app.get('/throws', () => {
  throw new TypeError('cart is undefined');
});

app.onError((error, c) => {
  const isAnswer = error instanceof HTTPException && error.status < 500; // a login prompt is no failure
  if (!isAnswer) Sentry.captureException(error);
  return onError(error, c);
});

export default withErrorPages(Sentry.withSentry(options, app));
