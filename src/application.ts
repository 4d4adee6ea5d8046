/** Asks an application in the same Worker, and tells its answers from its failures. */
import { isFailed, type Failure } from './failure.ts';
import { REQUEST_ID_HEADER } from './request-id.ts';
import { attempt, property } from './untrusted.ts';
import { asksForWebSocket } from './request.ts';

/**
 * Runs an application. Never rejects. An answer that is thrown is an answer: a Response, or what has a
 * `getResponse()`, such as Hono's HTTPException.
 * @param ask calls the application
 * @param ctx what the application's own error handler may have left a note with: see `note`
 * @returns the application's own Response, or what went wrong
 */
export async function askApplication(
  request: Request,
  ctx: object,
  ask: () => unknown,
): Promise<Response | Failure> {
  let response: unknown;
  let noted: Failure | undefined;
  try {
    response = await ask();
    noted = recall(ctx, request);
  } catch (exception) {
    noted = threw(exception);
    response = answerIn(exception);
    if (response === undefined) return noted;
  }
  if (!(response instanceof Response)) return broken('returned no Response');
  return isFailed(response) ? failedWith(response, noted) : sendable(response, request);
}

/** What was noted on the way to an answer of 5xx says more than the answer. */
function failedWith(response: Response, noted: Failure | undefined): Failure {
  if (noted === undefined) return { kind: 'answered', source: 'application', response };
  switch (noted.kind) {
    case 'answered':
      return { ...noted, response };
    case 'threw':
      return response.status === 500 && !isAnswer(noted.exception)
        ? { ...noted, response }
        : { ...noted, kind: 'answered', response };
    default:
      return noted;
  }
}

function threw(exception: unknown): Failure {
  return { kind: 'threw', source: 'application', exception };
}

/** Whether a thrown value is an answer by itself. Never throws. */
function isAnswer(exception: unknown): boolean {
  return isResponse(exception) || typeof property(exception, 'getResponse') === 'function';
}

/** The answer that a thrown value is; undefined for any other value. Never throws. */
export function answerIn(exception: unknown): Response | undefined {
  if (isResponse(exception)) return exception;
  const getResponse = property(exception, 'getResponse');
  if (typeof getResponse !== 'function') return undefined;
  const answer: unknown = attempt(() => Reflect.apply(getResponse, exception, []));
  return isResponse(answer) ? answer : undefined;
}

function isResponse(value: unknown): value is Response {
  return attempt(() => value instanceof Response) === true;
}

/** What the runtime could not send, and would say so in its own words, is a failure of the application. */
function sendable(response: Response, request: Request): Response | Failure {
  if (response.type === 'error') return broken('returned Response.error()');
  if (response.webSocket && !asksForWebSocket(request)) {
    return broken('returned a WebSocket to a request that asked for none');
  }
  if (response.bodyUsed || response.body?.locked) {
    // For HEAD only status and headers are needed.
    if (request.method === 'HEAD') return new Response(null, response);
    return broken('returned a Response whose body was already read');
  }
  return response;
}

function broken(what: string): Failure {
  return threw(new TypeError(`The handler ${what}`));
}

const byContext = new WeakMap<object, Failure>();
const byRequestId = new Map<string, Failure>();
// Notes are taken within the request that left them; more than this are of applications that answered otherwise.
const MAXIMUM_NOTES = 100;

/**
 * Leaves a note of what went wrong inside an application that answers by itself, for the record.
 * @param ctx the request's ExecutionContext; where there is none, the request ID serves
 */
export function note(failure: Failure, ctx: object | undefined, requestId: string | null): void {
  if (ctx !== undefined) {
    byContext.set(ctx, failure);
  } else if (requestId !== null) {
    if (byRequestId.size >= MAXIMUM_NOTES) byRequestId.clear();
    byRequestId.set(requestId, failure);
  }
}

function recall(ctx: object, { headers }: Request): Failure | undefined {
  const noted = byContext.get(ctx);
  if (noted !== undefined || byRequestId.size === 0) return noted;
  const requestId = headers.get(REQUEST_ID_HEADER) ?? '';
  const taken = byRequestId.get(requestId);
  byRequestId.delete(requestId);
  return taken;
}
