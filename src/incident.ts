/** What is known of a failed request: put together once, read by the log and by the answer. */
import { diagnose, type Diagnosis } from './diagnosis.ts';
import type { Failure } from './failure.ts';
import { hostOf } from './request.ts';
import type { Settings } from './settings.ts';

/** A failed request. */
export interface Incident {
  readonly request: Request;
  /** The request's URL; undefined where its Host header is no host. */
  readonly url: URL | undefined;
  readonly requestId: string;
  readonly settings: Settings;
  readonly failure: Failure;
  readonly diagnosis: Diagnosis;
  /** The message of the failure that could not be answered, where `failure` is what went wrong with that. */
  readonly previous?: string;
  /** When the request arrived, in milliseconds since 1970. */
  readonly startedAt: number;
  /** When it failed, in milliseconds since 1970. */
  readonly failedAt: number;
}

/** Puts together what is known. Never throws. */
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
