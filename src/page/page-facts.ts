import type { Language, LanguageTag } from './languages.ts';

/** The facts of a failed request from which every form of an answer is written. */
export interface PageFacts {
  readonly status: number;
  /** The status in English words. */
  readonly reason: string;
  readonly language: LanguageTag;
  /** The texts of `language`. */
  readonly texts: Language;
  readonly requestId: string;
  readonly siteName: string;
  readonly supportUrl: string | undefined;
  readonly statusPageUrl: string | undefined;
  readonly failedAt: Date;
  /** True if the request may have changed something: repeating it could do that twice. */
  readonly isUnsafe: boolean;
  /** True if a program may ask again by itself. */
  readonly isRetryable: boolean;
  /** The target of the link back, after a request that may have changed something. */
  readonly backUrl: string;
  /** Seconds from the failure until the origin may be asked again. Above 0; undefined if the origin does not say. */
  readonly retryAfter: number | undefined;
}
