/** Keeps the headers of an origin's failed answer that may reach the visitor, if their values are valid. */
import { secondsToWait } from './retry-after.ts';

const MAXIMUM_LENGTH = 2000;
const PRINTABLE = /^[ -~]*$/;

/** The value of a header, if it is printable ASCII of at most 2,000 characters. Clients may not get others whole. */
export function plainHeader(headers: Headers, name: string): string | undefined {
  const value = headers.get(name);
  return value !== null && value.length <= MAXIMUM_LENGTH && PRINTABLE.test(value) ? value : undefined;
}

const SITE_DATA = '"(?:cache|cookies|storage|executionContexts|\\*)"';

/** The kept headers, and the values that each may have. */
const allowedValues: Readonly<Record<string, RegExp | ((value: string) => boolean)>> = {
  'Retry-After': (value) => secondsToWait(value, 0) !== undefined,
  'WWW-Authenticate': /^/,
  'Strict-Transport-Security': /^/,
  'X-Frame-Options': /^(?:DENY|SAMEORIGIN)$/i,
  /** https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header */
  'Cross-Origin-Resource-Policy': /^(?:same-origin|same-site|cross-origin)$/,
  /** https://www.w3.org/TR/clear-site-data/#header */
  'Clear-Site-Data': new RegExp(`^${SITE_DATA}(?: *, *${SITE_DATA})*$`),
  /** For OpenAI's clients and those made like them. */
  'X-Should-Retry': /^(?:true|false)$/,
  'Retry-After-Ms': /^\d{1,10}$/,
  /** WordPress's uploader resumes a failed upload with this ID: wp-includes/js/plupload/handlers.js */
  'X-WP-Upload-Attachment-ID': /^\d{1,20}$/,
};

const kept = Object.entries(allowedValues);

/** The headers that a client needs to react to a failure, by exact name. Never throws. Takes linear time. */
export function keptHeaders(origin: Headers): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, allowed] of kept) {
    const value = plainHeader(origin, name);
    if (value === undefined) continue;
    if (typeof allowed === 'function' ? allowed(value) : allowed.test(value)) headers[name] = value;
  }
  return headers;
}
