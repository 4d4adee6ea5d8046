/** The one try/catch: it hands the request on, and turns a failure into a record and an answer. */
import { answerTo } from './answer/answer.ts';
import { lastResort } from './answer/last-resort.ts';
import { planAnswer } from './answer/plan.ts';
import { diagnose } from './diagnosis.ts';
import type { Outcome } from './failure.ts';
import { incidentOf, type Incident } from './incident.ts';
import { disposeOfBody } from './log/origin-body.ts';
import { report } from './log/report.ts';
import type { Page } from './page/create-page.ts';
import { asksForDrill, onwardRequest } from './request.ts';
import { requestIdFor } from './request-id.ts';
import type { Settings } from './settings.ts';
import { attempt } from './untrusted.ts';

/** Everything that an interceptor needs besides the request. */
export interface Means {
  readonly settings: Settings;
  readonly page: Page;
  /** Keeps the Worker alive until work that goes on after the answer is done. */
  waitUntil(work: Promise<void>): void;
}

/** Hands a request on to the application. */
export type Next = (request: Request, requestId: string) => Promise<Outcome>;

/**
 * Answers a request. A good answer is the very Response that `next` returned. A failure becomes a record in the
 * log and an answer with the same request ID. Never rejects.
 * @param next gets the request with its ID in the header `X-Edge-Request-Id`
 */
export async function intercept(request: Request, means: Means, next: Next): Promise<Response> {
  const { settings } = means;
  const requestId = requestIdFor(request, settings.TRUST_REQUEST_ID);
  const startedAt = Date.now();
  let outcome: Outcome;
  try {
    outcome = asksForDrill(request, settings)
      ? { kind: 'drill' }
      : await next(onwardRequest(request, requestId, settings), requestId);
  } catch (exception) {
    outcome = { kind: 'interceptor', exception };
  }
  if (outcome instanceof Response) return outcome;
  if (outcome === undefined || request.signal.aborted) return lastResort(requestId); // nobody is there

  const failure = outcome;
  try {
    return await respond(incidentOf(request, requestId, settings, failure, startedAt), means);
  } catch (exception) {
    attempt(() => {
      const bug = incidentOf(request, requestId, settings, { kind: 'interceptor', exception }, startedAt);
      const previous = attempt(() => diagnose(failure).message);
      report({ ...bug, ...(previous && { previous }) }, { status: 500, format: 'last-resort' });
    });
    return lastResort(requestId);
  }
}

async function respond(incident: Incident, { page, waitUntil }: Means): Promise<Response> {
  const plan = planAnswer(incident);
  report(incident, plan, plan.format === 'origin' && plan.onPurpose);
  if (plan.format === 'origin') return plan.response;
  disposeOfBody(incident, waitUntil);
  return answerTo(incident, plan, page);
}
