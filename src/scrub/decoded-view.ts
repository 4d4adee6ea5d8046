/** Decodes a text, so that rules do not need to know the encodings. */
import { ESCAPED_BREAK, eachMatch } from './find.ts';
import { referencedCharacter } from './html-entities.ts';

/** A decoded text that knows the place of each of its characters in the source. */
export interface DecodedView {
  /**
   * The decoded text. A percent-encoded space, line break or bracket must not end the surrounding word, so it reads as
   * `·` or `¦`. A percent-encoded quote reads as `ʺ` or `ʹ`. A line break that is escaped in a quoted text reads as `␤`.
   */
  readonly view: string;
  /** The index in the text of a character of the view. For the length of the view, it is the length of the text. */
  sourceOf(index: number): number;
  /** The spelling in the text of a character of the view. */
  spellingOf(index: number): string;
}

/** Percent-encoding, escapes of JSON and JavaScript, and references of HTML. Each may be encoded several times. */
const ENCODED =
  /(%(?:25)*[c-f][0-9a-f](?:%(?:25)*[89ab][0-9a-f]){1,3})|%(?:25)*([0-9a-f]{2})|(?<!\\)\\+(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(["'/nrtbf]))|&(?:amp;)*(?:#0{0,8}(\d{1,7});?|#x0{0,8}([0-9a-f]{1,6});?|([a-z]{2,9});)/gi;

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
    view += character;
    position = end;
  });
  if (position === 0) return plain;
  copyTo(text.length);
  starts[view.length] = text.length;
  const sourceOf = (index: number) => starts[index] ?? text.length;
  return { view, sourceOf, spellingOf: (index) => text.slice(sourceOf(index), sourceOf(index + 1)) };
}

/** The character of the view for an encoded character. */
function characterOf(found: RegExpExecArray): string | undefined {
  const [, letter, percent, unicode, hex, escaped, decimal, hexReference, name] = found;
  if (letter !== undefined) return neutral(letterOf(letter));
  if (percent !== undefined) return neutral(String.fromCharCode(parseInt(percent, 16)));
  if (escaped !== undefined)
    return '"\'/'.includes(escaped) ? escaped : escaped === 't' ? ' ' : ESCAPED_BREAK;
  const character = referencedCharacter(decimal, unicode ?? hex ?? hexReference, name);
  if (character === undefined || character.length === 1) return character && readable(character);
  return '\ufffd';
}

/** The letter of percent-encoded UTF-8 (RFC 3629). U+FFFD if it is none, or too large for one character of the view. */
function letterOf(encoded: string): string {
  try {
    const letter = decodeURIComponent(encoded.replace(/%(?:25)*/g, '%'));
    return letter.length === 1 ? letter : '\ufffd';
  } catch {
    return '\ufffd';
  }
}

function readable(character: string): string {
  if (/[\n\r\u2028\u2029]/.test(character)) return ESCAPED_BREAK;
  return /[\s\p{Cc}]/u.test(character) ? ' ' : character;
}

const NEUTRAL: Readonly<Record<string, string>> = { '"': 'ʺ', "'": 'ʹ' };

/** The character for the view. It ends neither a line nor a word nor a bracket. */
function neutral(character: string): string {
  if (character <= ' ' || character === '\u007f' || /[\s\p{Cc}]/u.test(character)) return '·';
  return NEUTRAL[character] ?? ('()[]{}<>|`'.includes(character) ? '¦' : character);
}
