/** How a text reads once it is decoded, so that a rule need not know the encodings. */
import { eachMatch } from './find.ts';
import { referencedCharacter } from './html-entities.ts';

/** A decoded text that knows where each of its characters came from. */
export interface DecodedView {
  /**
   * The text, decoded. What ends a line, a word or a bracket by its encoded form ends nothing in the text that
   * holds it: white space reads as a comma, a bracket as a bar.
   */
  readonly view: string;
  /** Where in the text a character of the view begins; for the length of the view, the length of the text. */
  sourceOf(index: number): number;
  /** How a character of the view is written in the text. */
  spellingOf(index: number): string;
}

/** Percent-encoding, escapes of JSON and JavaScript, references of HTML; each also encoded several times. */
const ENCODED =
  /%(?:25)*([0-9a-f]{2})|(?<!\\)\\+(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(["'/nrtbf]))|&(?:amp;)*(?:#0{0,8}(\d{1,7});?|#x0{0,8}([0-9a-f]{1,6});?|([a-z]{2,9});)/gi;

/** Decodes a text, in one pass. Never throws. */
export function decodedView(text: string): DecodedView {
  const plain = {
    view: text,
    sourceOf: (index: number) => index,
    spellingOf: (index: number) => text.charAt(index),
  };
  if (!/[%\\&]/.test(text)) return plain;
  const starts = new Uint32Array(text.length + 1);
  let view = '';
  let position = 0;
  const copyTo = (end: number) => {
    for (let at = position; at < end; at++) starts[view.length + at - position] = at;
    view += text.slice(position, end);
  };
  eachMatch(ENCODED, text, (found, end) => {
    const character = characterOf(found);
    if (character === undefined) return;
    copyTo(found.index);
    starts[view.length] = found.index;
    view += neutral(character);
    position = end;
  });
  if (position === 0) return plain;
  copyTo(text.length);
  starts[view.length] = text.length;
  const sourceOf = (index: number) => starts[index] ?? text.length;
  return { view, sourceOf, spellingOf: (index) => text.slice(sourceOf(index), sourceOf(index + 1)) };
}

function characterOf(found: RegExpExecArray): string | undefined {
  const [, percent, unicode, hex, escaped, decimal, hexReference, name] = found;
  if (escaped !== undefined) return '"\'/'.includes(escaped) ? escaped : '\n';
  return referencedCharacter(decimal, percent ?? unicode ?? hex ?? hexReference, name);
}

/** One UTF-16 unit that ends neither a line nor a word nor a bracket. */
function neutral(character: string): string {
  if (character.length > 1) return '\ufffd';
  const code = character.charCodeAt(0);
  if (code > 0x7f) return /[\s\p{Cc}]/u.test(character) ? ',' : character;
  if (code <= 0x20 || code === 0x7f) return ',';
  return '()[]{}<>'.includes(character) ? '|' : character;
}
