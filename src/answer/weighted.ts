/** Reads the headers in which a client weighs what it accepts, in one pass, whatever they hold. */

/** What a client accepts: a media range, a language range. */
export interface Weighted {
  /** In lower case, without parameters. */
  readonly name: string;
  /** Its weight: above 0, up to 1. */
  readonly q: number;
}

/**
 * The list of `Accept` or `Accept-Language` in its own order, without what has the weight 0, or one that is no
 * number; above 1 counts as 1 (RFC 9110 §12.4.2). Never throws.
 * @param maximumLength of the header; what comes after is not read
 * @param maximumCount of the list; what comes after is not read
 */
export function weighted(header: string, maximumLength: number, maximumCount: number): Weighted[] {
  const ranges = split(header.slice(0, maximumLength), ',').slice(0, maximumCount);
  return ranges.flatMap((range) => {
    const [name = '', ...parameters] = split(range, ';');
    const q = weight(parameters);
    return q > 0 ? [{ name: name.toLowerCase(), q: Math.min(q, 1) }] : [];
  });
}

function weight(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const [name = '', value = ''] = split(parameter, '=');
    if (name.toLowerCase() === 'q') return Number(value);
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
