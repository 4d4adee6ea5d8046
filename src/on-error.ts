/** An exception of a Hono application: its middleware keeps its say, and the record gets the cause. */
import { answered, answerIn, threw } from './application.ts';
import { note } from './in-flight.ts';

/** The part of Hono's Context that is used (https://hono.dev/docs/api/context). */
export interface ErrorContext {
  readonly req: { readonly raw: Request };
  newResponse(body: ReadableStream | null, init: Response): Response;
}

/**
 * For `app.onError(onError)`, or the end of a handler of your own: `return onError(error, c)`. An exception that
 * is an answer, such as HTTPException, is answered as Hono itself would; any other with an empty 500 through
 * Hono's Context, so that headers of middleware stay on it. Either way `withErrorPages` around the application
 * finds the exception, and puts it into the record of this request.
 * @example app.onError(onError);
 */
export function onError(exception: unknown, c: ErrorContext): Response {
  const answer = answerIn(exception);
  note(c.req.raw, answer === undefined ? threw(exception) : answered(answer, exception));
  const response = answer ?? new Response(null, { status: 500 });
  return c.newResponse(response.body, response);
}
