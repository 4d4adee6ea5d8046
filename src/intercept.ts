/** The one try/catch: hands the request on, and turns a failure into a record and an answer. */
import { answerTo } from './answer/answer.ts';
import { lastResort } from './answer/last-resort.ts';
import { planAnswer } from './answer/plan.ts';
import { asksForDrill } from './request.ts';
import type { Failure } from './failure.ts';
import { incidentOf, type Incident } from './incident.ts';
import { disposeOfBody } from './log/origin-body.ts';
import { report } from './log/report.ts';
import type { Page } from './page/create-page.ts';
import { onwardRequest } from './request.ts';
import { requestIdFor } from './request-id.ts';
import type { Settings } from './settings.ts';

/** What an interceptor works with. */
export interface Surroundings {
  readonly settings: Settings;
  readonly page: Page;
  /** Keeps the Worker alive for what is left to do after a failed request was answered. */
  waitUntil(work: Promise<void>): void;
}

/** Where a request goes on to: the origin, or an application in the same Worker. */
export type Next = (request: Request) => Promise<Response | Failure>;

/**
 * Answers a request. A good answer is the very Response that `next` returned; a failure becomes a record in
 * the log and an answer with the same request ID. Never rejects.
 * @param next gets the request with its ID in the header `X-Request-Id`
 */
export async function intercept(request: Request, around: Surroundings, next: Next): Promise<Response> {
  const { settings } = around;
  const requestId = requestIdFor(request, settings.TRUST_REQUEST_ID);
  const startedAt = Date.now();
  let outcome: Response | Failure;
  try {
    outcome = asksForDrill(request, settings)
      ? { kind: 'drill' }
      : await next(onwardRequest(request, requestId, settings));
  } catch (exception) {
    outcome = { kind: 'interceptor', exception };
  }
  if (outcome instanceof Response) return outcome;
  if (request.signal.aborted || outcome.kind === 'abandoned') return lastResort(requestId); // nobody is there

  const incident = incidentOf(request, requestId, settings, outcome, startedAt);
  try {
    return await respond(incident, around);
  } catch (exception) {
    const bug = {
      ...incidentOf(request, requestId, settings, { kind: 'interceptor', exception }, startedAt),
      previous: incident.diagnosis.message,
    };
    report(bug, { status: 500, format: 'last-resort' });
    return lastResort(requestId);
  }
}

async function respond(incident: Incident, { page, waitUntil }: Surroundings): Promise<Response> {
  const plan = planAnswer(incident);
  report(incident, plan, plan.format === 'origin' && plan.onPurpose);
  if (plan.format === 'origin') return plan.response;
  disposeOfBody(incident, waitUntil);
  return answerTo(incident, plan, page);
}
