/** Reads media types from the headers of a request or an answer. */
import { weighted, type Weighted } from './weighted.ts';

// A browser sends less than 300 characters and at most a dozen ranges.
const MAXIMUM_LENGTH = 2048;
const MAXIMUM_RANGES = 64;
const MEDIA_RANGE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/;

/** The well-formed media ranges of `Accept` (RFC 9110 §12.5.1), such as `text/html` or `image/*`. Never throws. */
export function mediaRanges(accept: string): Weighted[] {
  return weighted(accept, MAXIMUM_LENGTH, MAXIMUM_RANGES).filter(({ name }) => MEDIA_RANGE.test(name));
}

/** The `type/subtype` of a `Content-Type` in lower case. Empty if there is none. Never throws. */
export function mediaType(contentType: string | null): string {
  const [type = ''] = (contentType ?? '').slice(0, 256).split(';', 1);
  return type.trim().toLowerCase();
}
