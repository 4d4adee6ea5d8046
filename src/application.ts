/** Asks an application in the same Worker, and decides if it answered or failed. */
import { isFailed, type Failure, type Outcome } from './failure.ts';
import { begin, end, type Exchange } from './in-flight.ts';
import { asksForWebSocket } from './request.ts';
import { attempt, property } from './untrusted.ts';

/**
 * Runs an application. Never rejects. A thrown Response counts as an answer. So does a thrown object with a
 * `getResponse()`, such as Hono's HTTPException.
 * @param request the request that the application gets
 * @param ask calls the application
 * @returns the application's own Response, or the failure
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
  if (!(response instanceof Response)) return broken('returned no Response');
  // Ask no more of the origin's own answer: it is nearly every answer.
  if (response === noted?.outcome && !response.bodyUsed) return response;
  if (isFailed(response)) return failedWith(readOnce(response), noted);
  if (request.method === 'HEAD' && isCopy(response, noted?.outcome)) return noted?.outcome;
  return sendable(response, request);
}

function outcomeOfThrown(exception: unknown, request: Request, { noted }: Exchange): Outcome {
  // Hono copies the answer to HEAD. A copy with a status below 200 or above 599 is a RangeError.
  if (request.method === 'HEAD' && exception instanceof RangeError && noted !== undefined)
    return noted.outcome;
  const response = answerIn(exception);
  if (response === undefined) return threw(exception);
  return isFailed(response) ? answered(readOnce(response), exception) : sendable(response, request);
}

/** The failure behind an answer of 5xx. A noted failure says more than the answer that was made of it. */
function failedWith(response: Response, noted: Exchange['noted']): Outcome {
  if (noted === undefined || noted.outcome instanceof Response) return answered(response);
  const { outcome } = noted;
  if (outcome?.kind === 'answered') return { ...outcome, response };
  if (outcome?.kind !== 'threw' || outcome.source === 'origin') return outcome;
  // With a status other than 500, middleware chose its own answer to the exception.
  return response.status === 500 ? { ...outcome, response } : { ...outcome, kind: 'answered', response };
}

/** The failure of an application that threw. */
export function threw(exception: unknown): Failure {
  return { kind: 'threw', source: 'application', exception };
}

/**
 * The failure of an application that answered with an error.
 * @param exception the thrown value that the answer was made of, if any
 */
export function answered(response: Response, exception?: unknown): Failure {
  return { kind: 'answered', source: 'application', response, ...(exception !== undefined && { exception }) };
}

/** The answer in a thrown value: a Response, or that of `getResponse()`. Undefined for other values. Never throws. */
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

/** Copies a subclass of Response: reading it again may throw, or give another value. */
function readOnce(response: Response): Response {
  const isPlain = Object.getPrototypeOf(response) === Response.prototype;
  return isPlain ? response : new Response(response.body, response);
}

/** True if `response` is Hono's unchanged copy of the origin's answer to HEAD. */
function isCopy(response: Response, original: Outcome): boolean {
  if (!(original instanceof Response) || response.status !== original.status) return false;
  return JSON.stringify([...response.headers]) === JSON.stringify([...original.headers]);
}

/** Turns an answer that the runtime cannot send into a failure. The runtime would show an error of its own. */
function sendable(response: Response, request: Request): Response | Failure {
  if (response.type === 'error') return broken('returned Response.error()');
  if (response.webSocket && !asksForWebSocket(request)) {
    return broken('returned a WebSocket to a request that asked for none');
  }
  if (response.bodyUsed || response.body?.locked) {
    // An answer to HEAD needs only status and headers.
    if (request.method === 'HEAD') return new Response(null, response);
    return broken('returned a Response whose body was already read');
  }
  return response;
}

function broken(what: string): Failure {
  return threw(new TypeError(`The handler ${what}`));
}
