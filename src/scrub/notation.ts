/** A notation knows the characters around a name, and reads the value that a text gives the name. */
import type { DecodedView } from './decoded-view.ts';
import { textBefore } from './find.ts';
import type { Value } from './read-value.ts';

/** A name of a secret in a text, and the characters around it. */
export interface NamePlace {
  readonly scene: DecodedView;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** The text before the name, up to a limit. */
  readonly before: string;
  /** The last character before the name that is neither a quote nor white space. */
  readonly lead: string;
}

const LONGEST_BEFORE = 320;

/** Collects the characters around a name. */
export function namePlace(scene: DecodedView, name: string, start: number): NamePlace {
  const before = textBefore(scene.view, start, LONGEST_BEFORE);
  let lead = before.length - 1;
  while (lead >= 0 && ` \n\t"'\``.includes(before.charAt(lead))) lead--;
  return { scene, name, start, end: start + name.length, before, lead: before.charAt(lead) };
}

/** A value that a notation found. `manner` says how certain it is. */
export interface Found extends Value {
  /**
   * - `written`: a program wrote it
   * - `line`: name and value are a whole line, as in YAML
   * - `end`: the value ends a line or a part of a sentence
   * - `prose`: a person may have written it in a sentence
   */
  readonly manner: 'written' | 'line' | 'end' | 'prose';
}

/** Reads the value that a text gives a name. Undefined if the text uses another notation. */
export interface Notation {
  find(place: NamePlace): Found | undefined;
}

/** A value that a program wrote. */
export function written(value: Value | undefined): Found | undefined {
  return value && { ...value, manner: 'written' };
}
