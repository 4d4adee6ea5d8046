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
  const ranges = split(accept.slice(0, MAXIMUM_LENGTH), ',').slice(0, MAXIMUM_RANGES);
  return ranges.flatMap((range) => {
    const [type = '', ...parameters] = split(range, ';');
    const q = weight(parameters);
    return q > 0 && MEDIA_RANGE.test(type) ? [{ type: type.toLowerCase(), q }] : [];
  });
}

/** `type/subtype` of a `Content-Type`, in lower case; empty for none. Never throws. */
export function mediaType(contentType: string | null): string {
  const [type = ''] = (contentType ?? '').slice(0, 256).split(';', 1);
  return type.trim().toLowerCase();
}

/** https://www.rfc-editor.org/rfc/rfc9110#name-quality-values: what is no weight counts as none. */
function weight(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const [name = '', value = ''] = split(parameter, '=');
    if (name.toLowerCase() !== 'q') continue;
    const q = Number(value);
    return value !== '' && q >= 0 && q <= 1 ? q : 1;
  }
  return 1;
}

/** The parts between separators that stand outside of quotes (RFC 9110 §5.6.4), trimmed. */
function split(text: string, separator: string): string[] {
  if (!text.includes('"')) return text.split(separator).map((part) => part.trim());
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\' && isQuoted) i++;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return [...parts, text.slice(start).trim()];
}
