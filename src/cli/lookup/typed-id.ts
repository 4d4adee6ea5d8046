/** A request ID as a person types it. */

/** The ID in its own form, or what is wrong with the typed text, in full sentences. */
export type TypedId =
  { readonly kind: 'id'; readonly id: string } | { readonly kind: 'complaint'; readonly complaint: string };

const LENGTH = 26;
// Mail programs and word processors turn a hyphen or a space into one of their many relatives.
const SEPARATOR = /[\p{White_Space}\p{Dash_Punctuation}\u00ad\u200b\u2060\u2212\ufeff]/u;
// https://www.crockford.com/base32.html
const READ_AS: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };
const ALPHABET = /^[0-9A-HJKMNP-TV-Z]$/;

/**
 * Reads a ULID in any letter case, with spaces and dashes anywhere, with o for 0 and i or l for 1.
 * @returns the 26 characters in upper case, or a complaint that names the first wrong character and its
 *   position in the typed text (counted from 1, separators included), or how many characters are missing
 */
export function readTypedId(typed: string): TypedId {
  let id = '';
  for (const [index, character] of [...typed].entries()) {
    if (SEPARATOR.test(character)) continue;
    const upper = character.toUpperCase();
    const read = READ_AS[upper] ?? upper;
    if (!ALPHABET.test(read)) return complain(`${notInAlphabet(character, index)}\n${mark(typed, index)}`);
    if (id === '' && read > '7') return complain(`${tooLarge(character)}\n${mark(typed, index)}`);
    id += read;
  }
  return id.length === LENGTH ? { kind: 'id', id } : complain(wrongLength(id.length));
}

/**
 * Reads an ID that the client chose (setting `TRUST_REQUEST_ID`), exactly as it is typed.
 * @returns the same text, or a complaint if the Worker would not have accepted it
 */
export function readVerbatimId(typed: string): TypedId {
  const wrong = typed.search(/[^A-Za-z0-9-]/);
  if (wrong >= 0) {
    const character = JSON.stringify(String.fromCodePoint(typed.codePointAt(wrong) ?? 0));
    return complain(
      `Not a request ID: character ${wrong + 1} is ${character}; the Worker accepts A-Z, a-z, 0-9 and "-".`,
    );
  }
  if (typed.length >= 20 && typed.length <= 200) return { kind: 'id', id: typed };
  return complain(`Not a request ID: it has ${typed.length} characters; the Worker accepts 20 to 200.`);
}

function complain(complaint: string): TypedId {
  return { kind: 'complaint', complaint };
}

function notInAlphabet(character: string, index: number): string {
  const reason =
    character.toUpperCase() === 'U'
      ? 'a request ID never contains U; perhaps it is a V'
      : 'a request ID consists of digits and of letters other than I, L, O and U';
  return `Not a request ID: character ${index + 1} is ${JSON.stringify(character)}; ${reason}.`;
}

function tooLarge(character: string): string {
  return `Not a request ID: character 1 is ${JSON.stringify(character)}; a request ID begins with 0 to 7.`;
}

function wrongLength(length: number): string {
  const difference = length < LENGTH ? `${LENGTH - length} missing` : `${length - LENGTH} too many`;
  return `Not a request ID: it has ${length} of ${LENGTH} characters (${difference}).`;
}

/** The typed text with a caret below one of its characters. */
function mark(typed: string, index: number): string {
  return `  ${typed}\n  ${' '.repeat(index)}^`;
}
