/** What an answer says of a failed request, whatever its form. */
import type { Language, LanguageTag } from './languages.ts';

/** The facts that every form is written from: the page, its fragment, problem details, Markdown and text. */
export interface PageFacts {
  readonly status: number;
  /** The status in English words. */
  readonly reason: string;
  readonly language: LanguageTag;
  /** The texts of that language. */
  readonly texts: Language;
  readonly requestId: string;
  readonly siteName: string;
  readonly supportUrl: string | undefined;
  readonly statusPageUrl: string | undefined;
  readonly failedAt: Date;
  /** True where the request may have changed something: doing it again could do it twice. */
  readonly isUnsafe: boolean;
  /** True where a program may ask again by itself. */
  readonly isRetryable: boolean;
  /** Where the link back leads after such a request. */
  readonly backUrl: string;
  /** Seconds from the failure until the origin wants to be asked again, above 0. */
  readonly retryAfter: number | undefined;
}
