/** What a Hono application does with an exception, so that its middleware keeps its say and the record its cause. */
import { answerIn, note } from './application.ts';
import { REQUEST_ID_HEADER } from './request-id.ts';
import { attempt } from './untrusted.ts';

/** What is used of Hono's Context (https://hono.dev/docs/api/context). */
export interface ErrorContext {
  readonly req: { readonly raw: Request };
  readonly executionCtx: object;
  newResponse(body: ReadableStream | null, init: Response): Response;
}

/**
 * For `app.onError(onError)`: an exception that is an answer, such as HTTPException, is answered as Hono itself
 * would; any other with an empty 500 through Hono's Context, so that headers of middleware stay on it. Either
 * way `withErrorPages` around the application finds the exception, and puts it into its record.
 * @example app.onError(onError);
 */
export function onError(exception: unknown, c: ErrorContext): Response {
  const requestId = c.req.raw.headers.get(REQUEST_ID_HEADER);
  // Hono's getter throws where a request has no ExecutionContext.
  const ctx = attempt(() => c.executionCtx);
  note({ kind: 'threw', source: 'application', exception }, ctx, requestId);
  const answer = answerIn(exception) ?? new Response(null, { status: 500 });
  return c.newResponse(answer.body, answer);
}
