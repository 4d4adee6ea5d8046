/** The header `Retry-After` (RFC 9110 §10.2.3), read once for the header, the page and the problem details. */

/** Seconds, or a date in one of its three forms (§5.6.7), as far as these can be told by their characters. */
const VALUE = /^(?:\d{1,10}|[A-Z][a-z]{2,8},? [\dA-Za-z -]{6,11} [\d:]{8}(?: GMT| \d{4}))$/;

/**
 * The seconds that it asks to wait.
 * @param now in milliseconds since 1970
 * @returns 0 or less for a time that has come; undefined where the value is no time
 */
export function secondsToWait(value: string, now: number): number | undefined {
  if (!VALUE.test(value)) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1000);
  return Number.isNaN(seconds) ? undefined : seconds;
}
