/** When to come back, in the words of a language: what a visitor is told of the origin's `Retry-After`. */
import { languages, type Language, type LanguageTag, type TimeUnit } from './languages.ts';

const MAXIMUM_DAYS = 999;

/**
 * "Please come back in about 10 minutes.", in any language of the page. Never throws.
 * @param seconds from now on; any number. Rounded up to minutes, above 90 minutes to hours, above 36 hours to
 * days
 * @param texts of the language, where an application has its own
 */
export function comeBackText(
  tag: LanguageTag,
  seconds: number,
  { comeBack, when }: Language = languages[tag],
): string {
  return comeBack.replace('{when}', () => timeFromNow(tag, when, ...rounded(seconds)));
}

function rounded(seconds: number): [count: number, unit: TimeUnit] {
  // The last part is for NaN, which Math.min and Math.max hand on.
  const minutes = Math.min(Math.max(Math.ceil(seconds / 60), 1), MAXIMUM_DAYS * 24 * 60) || 1;
  if (minutes <= 90) return [minutes, 'minute'];
  const hours = Math.ceil(minutes / 60);
  return hours <= 36 ? [hours, 'hour'] : [Math.ceil(hours / 24), 'day'];
}

function timeFromNow(tag: LanguageTag, when: Language['when'], count: number, unit: TimeUnit): string {
  if (when === undefined) return formatOf(tag).format(count, unit);
  // The keys of an object that are whole numbers come in ascending order.
  const phrases = Object.entries(when[unit]).filter(([from]) => Number(from) <= count);
  return (phrases.at(-1)?.[1] ?? '').replace('{n}', count.toLocaleString(tag));
}

const formats = new Map<LanguageTag, Intl.RelativeTimeFormat>();

function formatOf(tag: LanguageTag): Intl.RelativeTimeFormat {
  let format = formats.get(tag);
  if (format === undefined) formats.set(tag, (format = new Intl.RelativeTimeFormat(tag)));
  return format;
}
