/** The type of a rule, and a helper that makes simple rules. */
import type { DecodedView } from './decoded-view.ts';
import { eachMatch, textBefore } from './find.ts';

/** A text to search. */
export interface Scene extends DecodedView {
  /** True if more text followed, so that a secret at its end may be longer. */
  readonly isCut: boolean;
}

/** Hides the text between two indexes of the view. */
export type Hide = (from: number, to: number) => void;

/** Finds all secrets of one kind. Every rule is linear in the length of the text. */
export interface Rule {
  /** The letter of its kind, and a word for it. */
  readonly name: string;
  /** A text without a match of this has nothing for the rule. */
  readonly mark: RegExp;
  /** Hides what the rule finds. */
  find(scene: Scene, hide: Hide): void;
}

/**
 * Makes a rule from a pattern.
 * @param pattern a pattern with the flag `g`
 * @param accept gets a match and the texts before and after it. It returns true to hide the match
 */
export function patternRule(
  name: string,
  mark: RegExp,
  pattern: RegExp,
  accept: (found: string, before: string, after: string) => boolean = () => true,
): Rule {
  return {
    name,
    mark,
    find({ view }, hide) {
      eachMatch(pattern, view, ({ 0: found, index }, end) => {
        if (accept(found, textBefore(view, index, 96), view.slice(end, end + 24))) hide(index, end);
      });
    },
  };
}
