/**
 * Two applications of itty-router: one leaves its errors to the code around it, and one has its own error handler.
 */
import { AutoRouter, Router, StatusError, json, withParams } from 'itty-router';
import { withErrorPages } from '../../../../src/with-error-pages.ts';

const plain = Router({ base: '/plain' });
plain
  .get('/hello/:name', withParams, ({ params }) => json({ hello: params['name'] }))
  .get('/missing', () => json({ error: 'No such thing' }, { status: 404 }))
  .get('/throws', () => {
    throw new RangeError('shelf 7 does not exist');
  });

const auto = AutoRouter({ base: '/auto' });
auto
  .get('/hello', () => ({ hello: 'auto' }))
  .get('/teapot', () => {
    throw new StatusError(418, 'A teapot');
  })
  .get('/throws', () => {
    throw new RangeError('shelf 7 does not exist');
  });

const site = {
  fetch: (request: Request) =>
    (new URL(request.url).pathname.startsWith('/plain') ? plain : auto).fetch(request),
};
const wrapped = withErrorPages(site);

export default {
  fetch(request: Request, env: { readonly VARIANT: string }, ctx: never): unknown {
    return env.VARIANT === 'bare'
      ? site.fetch(request)
      : Reflect.apply(wrapped.fetch, wrapped, [request, env, ctx]);
  },
};
