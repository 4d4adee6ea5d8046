/** Reads `Accept` (RFC 9110 §12.5.1) in one pass, whatever it holds. */

/** A media range that a client accepts. */
export interface MediaRange {
  /** `type/subtype` in lower case, without parameters. */
  readonly type: string;
  /** Its weight: above 0, up to 1. */
  readonly q: number;
}

// A browser sends less than 300 characters, and a dozen ranges.
const MAXIMUM_LENGTH = 2048;
const MAXIMUM_RANGES = 64;
const MEDIA_RANGE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/;

/**
 * The ranges with a weight above 0, in the order of the header. Of a header longer than 2048 characters, what
 * comes after is not read. Never throws.
 */
export function mediaRanges(accept: string): MediaRange[] {
  const ranges: MediaRange[] = [];
  for (const range of split(accept.slice(0, MAXIMUM_LENGTH), ',', MAXIMUM_RANGES)) {
    const end = range.indexOf(';');
    const type = end < 0 ? range : range.slice(0, end).trim();
    const q = end < 0 ? 1 : weight(range.slice(end + 1));
    if (q > 0 && MEDIA_RANGE.test(type)) ranges.push({ type: type.toLowerCase(), q });
  }
  return ranges;
}

/** `type/subtype` of a `Content-Type`, in lower case; empty for none. Never throws. */
export function mediaType(contentType: string | null): string {
  const type = (contentType ?? '').slice(0, 256);
  const end = type.indexOf(';');
  return (end < 0 ? type : type.slice(0, end)).trim().toLowerCase();
}

/** https://www.rfc-editor.org/rfc/rfc9110#name-quality-values: what is no weight counts as none. */
function weight(parameters: string): number {
  for (const parameter of split(parameters, ';', MAXIMUM_RANGES)) {
    const [name = '', value = ''] = split(parameter, '=', 2);
    if (name.toLowerCase() === 'q') {
      const q = Number(value);
      return value !== '' && q >= 0 && q <= 1 ? q : 1;
    }
  }
  return 1;
}

/** The parts between separators that stand outside of quotes (RFC 9110 §5.6.4), trimmed. */
function split(text: string, separator: string, maximum: number): string[] {
  if (!text.includes('"')) return text.split(separator, maximum).map((part) => part.trim());
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let i = 0; i < text.length && parts.length < maximum; i++) {
    const character = text[i];
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\' && isQuoted) i++;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  if (parts.length < maximum) parts.push(text.slice(start).trim());
  return parts;
}
