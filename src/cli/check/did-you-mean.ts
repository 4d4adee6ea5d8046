/** Suggests the right name for a mistyped one. */

/**
 * Finds the candidate that was meant: it is a few typing mistakes away, or the name has at least half of its words.
 * @returns undefined if no candidate is near. Then the name is the operator's own, such as MY_SITE_NAME
 */
export function didYouMean(typed: string, candidates: readonly string[]): string | undefined {
  if (candidates.some((one) => one.length < typed.length && hasWords(typed, one))) return undefined;
  const name = plain(typed);
  const mistakes = candidates.map((candidate) => ({ candidate, count: distance(name, plain(candidate)) }));
  const [nearest] = mistakes.toSorted((a, b) => a.count - b.count);
  if (nearest !== undefined && nearest.count <= Math.max(1, name.length / 4)) return nearest.candidate;
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

/** The number of letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = at(last, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
          ? at(beforeLast, column - 2) + 1
          : Infinity;
      current.push(Math.min(at(last, column) + 1, at(current, column - 1) + 1, replaced, swapped));
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
