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

/** A path may carry a session: `/cart;jsessionid=…`. OpenTelemetry has `url.path` scrubbed of such secrets. */
export function withoutParameterValues(path: string): string {
  return path.replace(/(;[^;/=]+=)[^;/]+/g, '$1…');
}

/**
 * Makes a text fit to be logged: at most `limit` characters (and where it had more, saying how many), without
 * control characters, lone surrogates, and the passwords and queries of URLs.
 */
export function cleanText(text: string, limit: number): string {
  if (text.length <= limit) return redact(text, false);
  const remark = limit < 64 ? '…' : `… (${text.length} characters)`;
  return redact(text.slice(0, limit - remark.length), true) + remark;
}

/**
 * Takes out what a log must not hold: see `cleanText`. The result is never longer than the text.
 * @param isCut whether the text may end in the middle of a URL
 */
export function redact(text: string, isCut: boolean): string {
  // Nearly every text is this plain, and saves the work below.
  if (/^[ -~]*$/.test(text) && !/\?|:\/\//.test(text)) return text;
  const clean = text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '\ufffd')
    .replace(/:\/\/[^\s/?#]+@/g, '://…@')
    .replace(/:\/\/[^\s"<>?#]+;[^\s"<>?#]+/g, withoutParameterValues)
    .replace(/(\/[^\s?/]*)?\?[^\s"<>]+/g, (found, path: string | undefined) =>
      path !== undefined || found.includes('=') ? `${path ?? ''}?…` : found,
    );
  // The @ behind a password may have been cut off.
  return isCut ? clean.replace(/:\/\/[^\s/?#]+$/, '://…') : clean;
}
