/** What Hono's tests have instead of an application: the same one with error pages around it. */
import { onError, withErrorPages } from '../../../src/with-error-pages.ts';

/** As much of an application as is touched. */
interface Application {
  fetch(request: Request, env?: unknown, ctx?: ExecutionContext): unknown;
  onError(handler: typeof onError): unknown;
  errorHandler: unknown;
}

let ofHono: unknown;

/**
 * Puts error pages around an application that was just made.
 * @param isHandled whether it also gets `app.onError(onError)`, as far as it has no other when it is first asked
 */
export function putErrorPagesAround(app: Application, isHandled: boolean): void {
  ofHono ??= app.errorHandler;
  const { fetch } = app;
  const wrapped = withErrorPages({ fetch });
  app.fetch = (request, env, ctx) => {
    if (isHandled && app.errorHandler === ofHono) app.onError(onError);
    return Reflect.apply(wrapped.fetch, wrapped, [request, env, ctx]);
  };
}
