/** Suggests the right name for a mistyped one, and the right link for a mail address. */
import { closestMatch } from 'leven';

/**
 * Finds the candidate that was meant: it is a few typing mistakes away, or the name has at least half of its words.
 * @returns undefined if no candidate is near. Then the name is the operator's own, such as MY_SITE_NAME
 */
export function didYouMean(typed: string, candidates: readonly string[]): string | undefined {
  if (candidates.some((one) => one.length < typed.length && hasWords(typed, one))) return undefined;
  const name = plain(typed);
  // Two letters that changed places count as two mistakes.
  const maxDistance = Math.ceil(name.length / 4);
  const nearest = closestMatch(name, candidates.map(plain), { maxDistance });
  if (nearest !== undefined) return candidates.find((candidate) => plain(candidate) === nearest);
  // A short word such as NAME or URL is part of too many names.
  if (name.length < 6) return undefined;
  const [whole, ...others] = candidates.filter((candidate) => hasWords(candidate, typed));
  const isHalf = whole !== undefined && typed.split('_').length >= whole.split('_').length / 2;
  return isHalf && others.length === 0 ? whole : undefined;
}

/** True if a name has all words of another, in their order, as DEFAULT_LANGUAGE has those of LANGUAGE. */
function hasWords(name: string, part: string): boolean {
  return `_${name}_`.toUpperCase().includes(`_${part}_`.toUpperCase());
}

/** The name in capital letters without signs: `Site-Name` and `siteName` become the same as SITE_NAME. */
function plain(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

const ADDRESS = /^[^\s@:/?#<>"&]{1,64}@[^\s@:/?#<>"&]{1,253}\.[^\s@:/?#<>"&.]{2,63}$/;

/**
 * The end of a sentence that suggests the link.
 * @returns the empty text if the value is no mail address
 */
export function suggestMailto(value: string): string {
  return ADDRESS.test(value) ? `; did you mean mailto:${value}?` : '';
}
