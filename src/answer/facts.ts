import type { Incident } from '../incident.ts';
import type { Language, LanguageTag } from '../page/languages.ts';
import type { PageFacts } from '../page/page-facts.ts';
import { secondsToWait } from './retry-after.ts';
import { supportLink, withHost } from './site-links.ts';
import { reasons } from './status.ts';
import { unicodeHost } from './unicode-host.ts';

/**
 * Works out the facts of an answer from an incident. Never throws.
 * @param texts the texts of `language`
 * @param kept the headers of the origin's answer that reach the visitor
 */
export function factsOf(
  { request, url, requestId, settings, failedAt }: Incident,
  status: number,
  language: LanguageTag,
  texts: Language,
  kept: Readonly<Record<string, string>>,
): PageFacts {
  const host = url?.hostname ?? '';
  const { SUPPORT_URL, STATUS_PAGE_URL, SITE_NAME } = settings;
  const wait = secondsToWait(kept['Retry-After'] ?? '', failedAt) ?? 0;
  const isUnsafe = UNSAFE_METHODS.has(request.method);
  return {
    status,
    reason: reasons[status] ?? 'Server Error',
    language,
    texts,
    requestId,
    siteName: SITE_NAME ?? unicodeHost(url?.host ?? ''),
    supportUrl: SUPPORT_URL && supportLink(SUPPORT_URL, requestId, host),
    statusPageUrl: STATUS_PAGE_URL && withHost(STATUS_PAGE_URL, host),
    failedAt: new Date(failedAt),
    isUnsafe,
    isRetryable: isRetryable(request.method, kept['X-Should-Retry']),
    backUrl: isUnsafe ? backUrlOf(request.headers.get('referer'), url) : '/',
    retryAfter: wait > 0 ? wait : undefined,
  };
}

/** Methods that ask for a change (RFC 9110 §9.2.1). */
const UNSAFE_METHODS = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** True if the origin says so. Without its word, true for methods that change nothing (RFC 9110 §9.2.1). */
function isRetryable(method: string, shouldRetry?: string): boolean {
  return shouldRetry === undefined ? ['GET', 'HEAD', 'OPTIONS'].includes(method) : shouldRetry === 'true';
}

const MAXIMUM_REFERER_LENGTH = 2000;

/** The page that the visitor came from, if it is on the same site, else the start page. */
function backUrlOf(referer: string | null, url: URL | undefined): string {
  if (referer === null || referer.length > MAXIMUM_REFERER_LENGTH) return '/';
  const back = URL.parse(referer);
  if (back === null || url === undefined || back.origin !== url.origin) return '/';
  back.hash = '';
  return back.href;
}
