/** Reads the header `Retry-After` (RFC 9110 §10.2.3). */

/** Seconds, or text that looks like one of the three forms of a date (§5.6.7). */
const VALUE = /^(?:\d{1,10}|[A-Z][a-z]{2,8},? [\dA-Za-z -]{6,11} [\d:]{8}(?: GMT| \d{4}))$/;

/**
 * The number of seconds to wait.
 * @param value the value of the header
 * @param now in milliseconds since 1970
 * @returns 0 or less for a time in the past; undefined if the value is no time
 */
export function secondsToWait(value: string, now: number): number | undefined {
  if (!VALUE.test(value)) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1000);
  return Number.isNaN(seconds) ? undefined : seconds;
}
