/** The one try/catch: hands the request on, judges the answer, reports a failure, answers it. */
import { answer, planAnswer } from './answer.ts';
import { failureFromThrown, isFailure, type Failure } from './failure.ts';
import { lastResort } from './last-resort.ts';
import { report, type Incident } from './log.ts';
import { disposeOfBody } from './origin-body.ts';
import { REQUEST_ID_HEADER, requestIdFor } from './request-id.ts';
import type { Settings } from './settings.ts';
import { attempt } from './untrusted.ts';

/** Where a request goes on to: the origin, or an application in the same Worker. */
export type Next = (request: Request) => Response | Promise<Response>;

/**
 * Answers a request. A good answer is the very Response that `next` returned; a failure becomes a record in
 * the log and an answer with the same request ID. Never rejects.
 * @param next gets the request with its ID in the header `X-Request-Id`
 * @param waitUntil keeps the Worker alive for what is left to do after a failed request was answered
 */
export async function intercept(
  request: Request,
  settings: Settings,
  next: Next,
  waitUntil: (work: Promise<void>) => void,
): Promise<Response> {
  const requestId = requestIdFor(request, settings.trustRequestId);
  const startedAt = Date.now();
  let failure: Failure;
  try {
    const outbound = new Request(request);
    outbound.headers.set(REQUEST_ID_HEADER, requestId);
    const response = await next(outbound);
    if (!isFailure(response)) return response;
    failure = { kind: 'answered', response };
  } catch (thrown) {
    failure = failureFromThrown(thrown);
  }
  if (request.signal.aborted) return lastResort(requestId); // nobody is there to see it

  const incident: Incident = { request, requestId, settings, failure, startedAt, failedAt: Date.now() };
  try {
    return await handle(incident, waitUntil);
  } catch (thrown) {
    report({ ...incident, failure: { kind: 'interceptor', thrown } }, { status: 500, format: 'html' });
    return lastResort(requestId);
  }
}

async function handle(incident: Incident, waitUntil: (work: Promise<void>) => void): Promise<Response> {
  const plan = planAnswer(incident);
  report(incident, plan);
  if (plan.format === 'origin') return plan.response; // it opted out, or an API client wants it (INTERCEPT)
  attempt(() => disposeOfBody(incident, waitUntil));
  return answer(incident, plan);
}
