/** Puts error pages around the applications in Hono's tests. */
import { onError, withErrorPages } from '../../../src/with-error-pages.ts';

/** The parts of an application that are changed. */
interface Application {
  fetch(request: Request, env?: unknown, ctx?: ExecutionContext): unknown;
  onError(handler: typeof onError): unknown;
  errorHandler: unknown;
}

let ofHono: unknown;

/**
 * Puts error pages around a new application.
 * @param isHandled true to add `app.onError(onError)`, unless the application has a handler at its first request
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
