/** Asks an application in the same Worker, and tells its answers from its failures. */
import { isFailed, type Failure, type Outcome } from './failure.ts';
import { begin, end, type Exchange } from './in-flight.ts';
import { asksForWebSocket } from './request.ts';
import { attempt, property } from './untrusted.ts';

/**
 * Runs an application. Never rejects. An answer that is thrown is an answer: a Response, or what has a
 * `getResponse()`, such as Hono's HTTPException.
 * @param request what the application is handed
 * @param ask calls the application
 * @returns the application's own Response, or what went wrong
 */
export async function askApplication(
  request: Request,
  requestId: string,
  ask: () => unknown,
): Promise<Outcome> {
  const exchange = begin(request, requestId);
  try {
    return outcomeOf(await ask(), request, exchange);
  } catch (exception) {
    return attempt(() => outcomeOfThrown(exception, request, exchange)) ?? threw(exception);
  } finally {
    end(exchange);
  }
}

function outcomeOf(response: unknown, request: Request, { noted }: Exchange): Outcome {
  if (noted !== undefined && response === noted.outcome) return noted.outcome;
  if (!(response instanceof Response)) return broken('returned no Response');
  if (isFailed(response)) return failedWith(readOnce(response), noted);
  if (request.method === 'HEAD' && isCopy(response, noted?.outcome)) return noted?.outcome;
  return sendable(response, request);
}

function outcomeOfThrown(exception: unknown, request: Request, { noted }: Exchange): Outcome {
  // Hono copies the answer to HEAD, and there are no copies of a status below 200 or above 599.
  if (request.method === 'HEAD' && exception instanceof RangeError && noted !== undefined)
    return noted.outcome;
  const response = answerIn(exception);
  if (response === undefined) return threw(exception);
  return isFailed(response) ? answered(readOnce(response), exception) : sendable(response, request);
}

/** The failure that a note explains says more than the answer of 5xx that was made of it. */
function failedWith(response: Response, noted: Exchange['noted']): Outcome {
  if (noted === undefined || noted.outcome instanceof Response) return answered(response);
  const { outcome } = noted;
  if (outcome?.kind === 'answered') return { ...outcome, response };
  if (outcome?.kind !== 'threw' || outcome.source === 'origin') return outcome;
  // Middleware may have made another answer of the exception.
  return response.status === 500 ? { ...outcome, response } : { ...outcome, kind: 'answered', response };
}

/** An exception of an application. */
export function threw(exception: unknown): Failure {
  return { kind: 'threw', source: 'application', exception };
}

/**
 * An answer of an application.
 * @param exception the thrown value that it was made of
 */
export function answered(response: Response, exception?: unknown): Failure {
  return { kind: 'answered', source: 'application', response, ...(exception !== undefined && { exception }) };
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

/** A subclass may throw, or say something else, when it is read once more. */
function readOnce(response: Response): Response {
  const isPlain = Object.getPrototypeOf(response) === Response.prototype;
  return isPlain ? response : new Response(response.body, response);
}

/** True where Hono made `response` of an origin's answer to HEAD, and nothing changed it. */
function isCopy(response: Response, original: Outcome): boolean {
  if (!(original instanceof Response) || response.status !== original.status) return false;
  return JSON.stringify([...response.headers]) === JSON.stringify([...original.headers]);
}

/** An answer that the runtime could not send, and would say so in its own words, is a failure. */
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
