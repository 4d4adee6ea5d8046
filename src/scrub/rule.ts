/** The form of a rule, and the helpers that rules are made of. */
import type { DecodedView } from './decoded-view.ts';
import { eachMatch, textBefore } from './find.ts';

/** A text to look through. */
export interface Scene extends DecodedView {
  /** True if more text followed, so that what is open at its end may have gone on. */
  readonly isCut: boolean;
}

/** Takes out what is between two places of the view. */
export type Hide = (from: number, to: number) => void;

/** Finds all secrets of one kind. Every rule is linear in the length of the text. */
export interface Rule {
  /** The letter of its kind, and a word for it. */
  readonly name: string;
  /** A text without a match of this holds nothing for the rule. */
  readonly mark: RegExp;
  /** Hides what the rule finds. */
  find(scene: Scene, hide: Hide): void;
}

/**
 * A rule for what a pattern alone can find.
 * @param pattern with the flag `g`
 * @param accept has the last word; gets what was found, and what stands before and after it
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
        if (accept(found, textBefore(view, index, 64), view.slice(end, end + 16))) hide(index, end);
      });
    },
  };
}
