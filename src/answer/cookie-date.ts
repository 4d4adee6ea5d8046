/** Reads the date of a cookie's `Expires`, in any form that servers write. */

const DELIMITERS = /[\t -/;-@[-`{-~]+/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MAXIMUM_LENGTH = 100;

/**
 * Reads a date as browsers do (RFC 6265 §5.1.1): `Thu, 01 Jan 1970 00:00:00 GMT`, `Thursday, 01-Jan-70 00:00:00
 * GMT`, `Thu Jan  1 00:00:00 1970`. Never throws.
 * @returns milliseconds since 1970; undefined if the text is no date
 */
export function cookieDate(text: string): number | undefined {
  let time: readonly number[] | undefined;
  let day: number | undefined;
  let month: number | undefined;
  let year: number | undefined;
  for (const part of text.slice(0, MAXIMUM_LENGTH).split(DELIMITERS)) {
    const [, ...clock] = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)/.exec(part) ?? [];
    const [, digits] = /^(\d{1,4})(?!\d)/.exec(part) ?? [];
    const name = MONTHS.indexOf(part.slice(0, 3).toLowerCase());
    if (time === undefined && clock.length > 0) time = clock.map(Number);
    else if (day === undefined && digits !== undefined && digits.length <= 2) day = Number(digits);
    else if (month === undefined && name >= 0) month = name;
    else if (year === undefined && digits !== undefined && digits.length >= 2) year = Number(digits);
  }
  const [hour = 0, minute = 0, second = 0] = time ?? [];
  if (time === undefined || day === undefined || month === undefined || year === undefined) return undefined;
  if (year < 70) year += 2000;
  else if (year < 100) year += 1900;
  if (year < 1601 || hour > 23 || minute > 59 || second > 59) return undefined;
  const date = Date.UTC(year, month, day, hour, minute, second);
  // Date.UTC moves a day that the month does not have into the next month.
  return new Date(date).getUTCMonth() === month && day > 0 ? date : undefined;
}
