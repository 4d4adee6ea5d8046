/** @sentry/cloudflare and error pages around one application, in both orders. */
import { withSentry } from '@sentry/cloudflare';
import { withErrorPages } from '../../../../src/with-error-pages.ts';

interface Env {
  readonly SENTRY_DSN: string;
  readonly VARIANT: string;
}

const shop = (): ExportedHandler<Env> => ({
  async fetch(request) {
    if (new URL(request.url).pathname === '/throws') throw new TypeError('cart is undefined');
    return new Response('Welcome');
  },
});
const options = (env: Env) => ({ dsn: env.SENTRY_DSN, tracesSampleRate: 0 });

const variants = new Map([
  ['pages outermost', withErrorPages(withSentry(options, shop()))],
  ['Sentry outermost', withSentry(options, withErrorPages(shop()))],
]);

export default {
  fetch(request: never, env: Env, ctx: ExecutionContext): unknown {
    return variants.get(env.VARIANT)?.fetch?.(request, env, ctx);
  },
};
