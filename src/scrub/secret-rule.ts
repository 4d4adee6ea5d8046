/** What a rule for secrets is. */
import type { DecodedView } from './decoded-view.ts';

/** A text to look through. */
export interface Scene extends DecodedView {
  /** Whether more text followed, so that what is open at its end may have gone on. */
  readonly isCut: boolean;
}

/** Takes out what is between two places of the view. */
export type Hide = (from: number, to: number) => void;

/** Finds all of one kind in a text, in linear time, and hides each. */
export type Rule = (scene: Scene, hide: Hide) => void;
