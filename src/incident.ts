/** What is known of a failed request: put together once, read by the log and by the answer. */
import { diagnose, type Diagnosis, type Failure } from './failure.ts';
import { hostOf } from './host.ts';
import type { LanguageTag } from './page/languages.ts';
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
  /** When the request arrived, in milliseconds since 1970. */
  readonly startedAt: number;
  /** When it failed, in milliseconds since 1970. */
  readonly failedAt: number;
}

/** The forms of an answer of our own: page, part of a page, problem details (RFC 9457), Markdown, plain text. */
export type Form = 'html' | 'fragment' | 'json' | 'markdown' | 'text';

/** What the visitor gets, in the words of the record. */
export interface AnswerFacts {
  readonly status: number;
  /** `origin`: the answer was passed on. `preflight`: a browser was let ask (CORS). `last-resort`: literals. */
  readonly format: Form | 'origin' | 'preflight' | 'last-resort';
  readonly language?: LanguageTag;
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
