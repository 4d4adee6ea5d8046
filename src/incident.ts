/** Collects the facts of a failed request once, for the log and for the answer. */
import { diagnose, type Diagnosis } from './diagnosis.ts';
import type { Failure } from './failure.ts';
import { hostOf } from './request.ts';
import type { Settings } from './settings.ts';

/** A failed request. */
export interface Incident {
  readonly request: Request;
  /** The request's URL. Undefined if the Host header is not a valid host. */
  readonly url: URL | undefined;
  readonly requestId: string;
  readonly settings: Settings;
  readonly failure: Failure;
  readonly diagnosis: Diagnosis;
  /** The message of the first failure. Set if `failure` happened while that one was being answered. */
  readonly previous?: string;
  /** When the request arrived, in milliseconds since 1970. */
  readonly startedAt: number;
  /** When it failed, in milliseconds since 1970. */
  readonly failedAt: number;
}

/** Collects the facts and names the failure. Never throws. */
export function incidentOf(
  request: Request,
  requestId: string,
  settings: Settings,
  failure: Failure,
  startedAt: number,
): Incident {
  return {
    request,
    url: hostOf(request) === undefined ? undefined : (URL.parse(request.url) ?? undefined),
    requestId,
    settings,
    failure,
    diagnosis: diagnose(failure),
    startedAt,
    failedAt: Date.now(),
  };
}
