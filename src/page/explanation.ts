/** Explains in the sentences of a language that the server failed, and advises the visitor. */
import type { LanguageTag, TimeUnit } from './languages.ts';
import type { PageFacts } from './page-facts.ts';

const MAXIMUM_DAYS = 999;

/**
 * An explanation and an advice. The advice is "Please try again later.", or "… in 10 minutes." if the
 * origin says when. After a request that may have changed something, it is to check first. Never throws.
 */
export function explanationOf({ texts, isUnsafe, language, retryAfter }: PageFacts): string {
  const { explanation, uncertain, tryLater, tryIn, when } = texts;
  const advice = isUnsafe
    ? uncertain
    : retryAfter === undefined
      ? tryLater
      : tryIn.replace('{when}', () => timeFromNow(language, when, ...rounded(retryAfter)));
  // Chinese and Japanese have no space between sentences.
  return explanation.endsWith('。') ? explanation + advice : `${explanation} ${advice}`;
}

/** Rounds seconds up to minutes; above 90 minutes to hours, and above 36 hours to days. */
function rounded(seconds: number): [count: number, unit: TimeUnit] {
  // `|| 1` is for NaN, which Math.min and Math.max return unchanged.
  const minutes = Math.min(Math.max(Math.ceil(seconds / 60), 1), MAXIMUM_DAYS * 24 * 60) || 1;
  if (minutes <= 90) return [minutes, 'minute'];
  const hours = Math.ceil(minutes / 60);
  return hours <= 36 ? [hours, 'hour'] : [Math.ceil(hours / 24), 'day'];
}

function timeFromNow(
  tag: LanguageTag,
  when: PageFacts['texts']['when'],
  count: number,
  unit: TimeUnit,
): string {
  if (when === undefined) return formatOf(tag).format(count, unit);
  // An object lists its whole-number keys in ascending order.
  const phrases = Object.entries(when[unit]).filter(([from]) => Number(from) <= count);
  return (phrases.at(-1)?.[1] ?? '').replace('{n}', count.toLocaleString(tag));
}

const formats = new Map<LanguageTag, Intl.RelativeTimeFormat>();

function formatOf(tag: LanguageTag): Intl.RelativeTimeFormat {
  let format = formats.get(tag);
  if (format === undefined) formats.set(tag, (format = new Intl.RelativeTimeFormat(tag)));
  return format;
}
