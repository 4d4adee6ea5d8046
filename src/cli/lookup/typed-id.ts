/** What a person types or pastes to say which request they mean. */
import { decodeTime } from 'ulid';
import { isAcceptable } from '../../request-id.ts';

/** One way to read what was typed. */
export interface Candidate {
  /** `made`: an ID that the Worker made. `chosen`: an ID that a client chose. `ray`: a Ray ID of Cloudflare. */
  readonly kind: 'made' | 'chosen' | 'ray';
  readonly id: string;
}

/** The ways to read it, the likeliest first; and where none of them is an ID of a page, what is wrong with it. */
export interface Reading {
  readonly candidates: readonly Candidate[];
  readonly complaint?: string;
}

// Longer texts than a mail are not read to their end.
const MAXIMUM = 20_000;
const LENGTH = 26;
const DAY = 86_400_000;
const RAY = /(?<![0-9A-Za-z])[0-9a-f]{16}(?=-[A-Z]{3}(?![0-9A-Za-z])|(?![0-9A-Za-z-]))/g;
// Mail programs and word processors turn a hyphen or a space into one of their many relatives.
const SEPARATOR = /[\p{White_Space}\p{Dash_Punctuation}\u00ad\u200b\u2060\u2212\ufeff]/u;
// https://www.crockford.com/base32.html
const READ_AS: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };
const ALPHABET = /^[0-9A-HJKMNP-TV-Z]$/;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/**
 * Reads an ID, or a text that holds one: "Request ID: 01M8… please help". An ID of a page may be in any letter
 * case, with spaces and dashes anywhere, with o for 0 and i or l for 1. What is typed exactly as a client might
 * have chosen it is tried as that first.
 * @param now in milliseconds since 1970: no ID in the midst of a text is from the future
 */
export function readTyped(typed: string, now: number): Reading {
  const text = typed.slice(0, MAXIMUM).trim();
  const whole = asUlid(text);
  const made = whole === undefined ? ulidsIn(text, now) : [whole];
  const rays = (text.match(RAY) ?? []).map((id): Candidate => ({ kind: 'ray', id }));
  const chosen = isAcceptable(text) ? [text] : made.length + rays.length === 0 ? chosenIn(text) : [];
  const candidates: Candidate[] = [
    ...chosen.filter((id) => !made.includes(id)).map((id): Candidate => ({ kind: 'chosen', id })),
    ...made.map((id): Candidate => ({ kind: 'made', id })),
    ...rays,
  ];
  const unique = candidates.filter(
    ({ kind, id }, index) => candidates.findIndex((one) => one.kind === kind && one.id === id) === index,
  );
  return { candidates: unique, ...(made.length === 0 && { complaint: complaintAbout(text) }) };
}

/** Only as it was typed; nothing where the Worker would not have accepted it of a client. */
export function readVerbatim(typed: string): Reading {
  if (isAcceptable(typed)) return { candidates: [{ kind: 'chosen', id: typed }] };
  const wrong = typed.search(/[^A-Za-z0-9._:@#/+=~-]/);
  const complaint =
    wrong >= 0
      ? `character ${wrong + 1} is ${JSON.stringify(String.fromCodePoint(typed.codePointAt(wrong) ?? 0))}`
      : `it has ${typed.length} characters, begins with none of A-Z, a-z and 0-9, or is an e-mail or IP address`;
  return {
    candidates: [],
    complaint: `Not a request ID: ${complaint}; the Worker accepts 8 to 200 of A-Z, a-z, 0-9 and . _ : @ # / + = ~ -`,
  };
}

/** The text as an ID of a page, if it is one from its first to its last character. */
function asUlid(text: string): string | undefined {
  const id = canonical([...text].filter((character) => !SEPARATOR.test(character)).join(''));
  return ULID.test(id) ? id : undefined;
}

/** IDs of pages in the midst of a text: each is a word, or words in a row. */
function ulidsIn(text: string, now: number): string[] {
  const found: string[] = [];
  // Only what an ID may be separated by joins two words.
  for (const run of text.split(
    /[^0-9A-Za-z\p{White_Space}\p{Dash_Punctuation}\u00ad\u200b\u2060\u2212\ufeff]/u,
  )) {
    const words = run.split(SEPARATOR).filter((word) => word !== '');
    for (let start = 0; start < words.length; start++) {
      let id = '';
      for (let end = start; id.length < LENGTH && end < words.length; end++) id += words[end];
      id = canonical(id);
      // Words of a language may have 26 letters together, but their first ten are no time of the recent past.
      if (ULID.test(id) && decodeTime(id) < now + DAY && decodeTime(id) > now - 3650 * DAY) found.push(id);
    }
  }
  return found;
}

/** The words of a text that a client may have chosen as an ID: those that look least like a language. */
function chosenIn(text: string): string[] {
  return text.split(/\s+/).filter((word) => isAcceptable(word) && /\d/.test(word) && !word.endsWith(':'));
}

function canonical(text: string): string {
  return text.toUpperCase().replace(/[OIL]/g, (letter) => READ_AS[letter] ?? letter);
}

/** What is wrong with the likeliest part of a text: all of it, or the word with digits that is nearest in length. */
function complaintAbout(text: string): string {
  const [word = text] = text
    .split(/\s+/)
    .filter((part) => /\d/.test(part))
    .toSorted((a, b) => Math.abs(a.length - LENGTH) - Math.abs(b.length - LENGTH));
  const typed = word.length >= LENGTH - 4 && word.length <= LENGTH + 4 ? word : text;
  const shown = typed.length > 100 ? `${typed.slice(0, 100)}…` : typed;
  let length = 0;
  for (const [index, character] of [...shown].entries()) {
    if (SEPARATOR.test(character)) continue;
    const read = canonical(character);
    if (!ALPHABET.test(read)) return `${notInAlphabet(character, index)}\n${mark(shown, index)}`;
    if (length === 0 && read > '7') return `${tooLarge(character)}\n${mark(shown, index)}`;
    length++;
  }
  const difference = length < LENGTH ? `${LENGTH - length} missing` : `${length - LENGTH} too many`;
  return `Not a request ID: it has ${length} of ${LENGTH} characters (${difference}).`;
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

/** The typed text with a caret below one of its characters. */
function mark(typed: string, index: number): string {
  return `  ${typed}\n  ${' '.repeat(index)}^`;
}
