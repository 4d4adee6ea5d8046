/** Reading values that others made: settings, thrown values, header texts. */

/** A property of anything. A getter or Proxy that throws counts as undefined. */
export function property(holder: unknown, name: string): unknown {
  return attempt(() =>
    (typeof holder === 'object' && holder !== null) || typeof holder === 'function'
      ? Reflect.get(holder, name)
      : undefined,
  );
}

/** A property that is a text, else the empty text. */
export function textProperty(holder: unknown, name: string): string {
  const value = property(holder, name);
  return typeof value === 'string' ? value : '';
}

/** What `read` returns, or undefined where it throws. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * Makes a text fit to be logged: cut to `limit` characters (and then saying how many there were), without
 * control characters and lone surrogates, and without the password and the query of any URL in it.
 */
export function cleanText(text: string, limit: number): string {
  const cut = text.length > limit ? `${text.slice(0, limit - 24)}… (${text.length} characters)` : text;
  // Nearly every text is this plain, and saves the work below.
  if (/^[ -~]*$/.test(cut) && !/[?@]/.test(cut)) return cut;
  return cut
    .toWellFormed()
    .replace(/(?![\n\t])\p{Cc}/gu, '\ufffd')
    .replace(/:\/\/[^\s/?#@]+@/g, '://…@')
    .replace(/(\/[^\s?/]*)\?[^\s"<>]*/g, '$1?…');
}
