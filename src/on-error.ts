/** Hono's error handler: it keeps the headers of middleware, and puts the exception into the record. */
import { answered, answerIn, threw } from './application.ts';
import { note } from './in-flight.ts';

/** The part of Hono's Context that is used (https://hono.dev/docs/api/context). */
export interface ErrorContext {
  readonly req: { readonly raw: Request };
  newResponse(body: ReadableStream | null, init: Response): Response;
}

/**
 * Use it as `app.onError(onError)`, or at the end of your own handler: `return onError(error, c)`. An exception that
 * holds an answer, such as HTTPException, gets the answer that Hono gives. Any other exception gets an empty 500 from
 * Hono's Context, so that headers of middleware stay on it. `withErrorPages` around the application puts the
 * exception into the record of this request.
 * @example app.onError(onError);
 */
export function onError(exception: unknown, c: ErrorContext): Response {
  const answer = answerIn(exception);
  note(c.req.raw, answer === undefined ? threw(exception) : answered(answer, exception));
  const response = answer ?? new Response(null, { status: 500 });
  return c.newResponse(response.body, response);
}
