/** Reads a header in which a client weighs media types or languages, in linear time. */

/** A media range or a language range that a client accepts. */
export interface Weighted {
  /** The range in lower case, without parameters. */
  readonly name: string;
  /** The weight: above 0, up to 1. */
  readonly q: number;
}

/**
 * The ranges of `Accept` or `Accept-Language` in their own order (RFC 9110 §12.4.2). A range with the weight 0, or
 * with a weight that is no number, is left out. A weight above 1 counts as 1. Never throws.
 * @param maximumLength the number of characters of the header to read
 * @param maximumCount the number of ranges to read
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

/** Splits at separators outside of quotes (RFC 9110 §5.6.4), and trims the parts. */
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
