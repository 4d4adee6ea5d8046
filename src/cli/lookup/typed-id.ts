/** Reads what a person types or pastes to say which request they mean. */
import { isAcceptable } from '../../request-id.ts';
import { attempt } from '../../untrusted.ts';
import { timeOf } from './time-window.ts';

/** One way to read what was typed. */
export interface Candidate {
  /** `made`: a UUIDv7, as the Worker makes them. `chosen`: what a client may have chosen. `ray`: a Ray ID of Cloudflare. */
  readonly kind: 'made' | 'chosen' | 'ray';
  readonly id: string;
}

/** All ways to read what was typed, the likeliest first. `complaint` says why it is not the ID of a page. */
export interface Reading {
  readonly candidates: readonly Candidate[];
  readonly complaint?: string;
}

interface Mistake {
  readonly complaint: string;
  /** False if another system may have made the ID. */
  readonly isTypo: boolean;
}

const FORM =
  'Not a request ID: it has 32 digits and letters a to f, as in 019ac3f2-7b7e-7f9a-a0ed-8d3a2b1c0d9e.';
// A mail is shorter. The rest of a longer text is not read.
const MAXIMUM = 20_000;
const DAY = 86_400_000;
const DIGITS = 32;
const VERSION_7 = /^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/;
const ANY_UUID = /(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])/gi;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i;
const RAY = /(?<![0-9A-Za-z-])[0-9a-f]{16}(?=-[A-Z]{3}(?![0-9A-Za-z])|(?![0-9A-Za-z-]))/g;
// Letters that sound or look like a digit, and Cyrillic letters that look like a letter of an ID.
const READ_AS = new Map(
  'o0 i1 l1 s5 z2 аa вb сc еe о0 і1'.split(' ').map(([letter = '', read = '']) => [letter, read]),
);

/**
 * Reads an ID, or finds it in a text such as "Request ID: 019ac3f2-… please help". The ID of a page may be in any
 * letter case, with spaces, dashes and line breaks anywhere, or percent-encoded.
 * @param now in milliseconds since 1970. An ID from the future counts only if nothing else was typed
 */
export function readTyped(typed: string, now: number): Reading {
  const text = typed.slice(0, MAXIMUM).trim();
  const made = madeIn(text, now);
  const uuids = made.length > 0 ? [] : (text.match(ANY_UUID) ?? []).map((id) => id.toLowerCase());
  const rays = text.match(RAY) ?? [];
  const mistake = made.length > 0 || ULID.test(text) ? undefined : mistakeIn(words(text));
  if (mistake?.isTypo === true) return { candidates: [], complaint: mistake.complaint };
  const whole = isAcceptable(text) ? [text] : [];
  const parts = [...made, ...uuids, ...rays, ...whole].length > 0 ? [] : chosenIn(text);
  const chosen = [...new Set([...whole, ...uuids, ...parts])].filter((id) => !made.includes(id));
  const candidates = [
    ...made.map((id): Candidate => ({ kind: 'made', id })),
    ...chosen.map((id): Candidate => ({ kind: 'chosen', id })),
    ...[...new Set(rays)].map((id): Candidate => ({ kind: 'ray', id })),
  ];
  const complaint = mistake?.complaint ?? (candidates.length === 0 ? FORM : undefined);
  return { candidates, ...(complaint !== undefined && { complaint }) };
}

/** Takes the ID exactly as typed. There is no candidate if the Worker would not have accepted it from a client. */
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

/** Finds the IDs of pages in a text. An ID with an unlikely time counts only if nothing else was typed. */
function madeIn(text: string, now: number): string[] {
  // A link holds the ID percent-encoded, once or twice; a mail may be in quoted-printable (RFC 2045 §6.7).
  const once = percentDecoded(text);
  const mail = text.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, '%$1');
  for (const view of [text, once, percentDecoded(once), percentDecoded(mail)]) {
    // A tag may split an ID, and an ID may stand inside a tag.
    for (const typed of [words(view.replace(/<\/?[a-z][^<>]{0,500}>/gi, '')), words(view)]) {
      const found = [...new Set(uuidsOfWords(typed))];
      const isLate = (id: string): boolean => timeOf(id) < now + DAY && timeOf(id) > now - 3650 * DAY;
      const ids = typed.join('').length === DIGITS ? found : found.filter(isLate);
      if (ids.length > 0) return ids;
    }
  }
  return [];
}

/** The words of a text in ASCII, without invisible characters and HTML character references. */
function words(text: string): string[] {
  return text
    .replace(/\p{Cf}|\p{Mn}/gu, '')
    .replace(/&#?\w{1,8};/g, ' ')
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, asciiDigit)
    .replace(/[авсеоі]/gi, (letter) => READ_AS.get(letter.toLowerCase()) ?? letter)
    .split(/[^0-9A-Za-z]+|(?<=\bid)(?=[0o])/i)
    .filter((word) => word !== '');
}

/** The ASCII digit for a digit of any script. Unicode lists the ten digits of a script in a row. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
  return String(value);
}

/** Joins neighbouring words until they have 32 digits, and returns those that are a UUIDv7. */
function uuidsOfWords(all: readonly string[]): string[] {
  const found: string[] = [];
  for (let start = 0; start < all.length; start++) {
    let digits = '';
    for (let end = start; digits.length < DIGITS && end < all.length; end++) digits += all[end];
    const id = canonical(digits);
    if (VERSION_7.test(id)) found.push(id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
  }
  return found;
}

/** Says what is wrong with the part of a text that begins like an ID made in these years. */
function mistakeIn(all: readonly string[]): Mistake | undefined {
  // A copy may lack the first zero.
  const start = all.findIndex((word) => /^(?:[0o][1il][0-9a-f]|[1il][0-9a-f]{6}$)/i.test(word));
  if (start < 0) return undefined;
  const end = all.findIndex(
    (word, index) => index > start && !/\d/.test(word) && /[^a-f]/.test(canonical(word)),
  );
  const parts = all.slice(start, end < 0 ? all.length : end);
  // A text may go on with other numbers: take only as many digits as an ID has.
  let length = 0;
  const own = parts.filter((part) => (length += part.length) - part.length < DIGITS);
  const typed = own.join('-');
  const digits = canonical(own.join(''));
  if (digits.length < 20 || digits.length > 44) return undefined;
  const wrong = [...typed].findIndex((character) => /[^0-9a-f-]/.test(canonical(character)));
  if (wrong >= 0)
    return typo(
      `character ${wrong + 1} is ${JSON.stringify(typed[wrong])}, but it has digits and a to f only`,
      wrong,
    );
  const missing = DIGITS - digits.length;
  if (missing !== 0)
    return typo(
      `it has ${digits.length} of ${DIGITS} digits (${Math.abs(missing)} ${missing > 0 ? 'missing' : 'too many'})`,
    );
  // A text with exactly 32 digits is somebody's ID, if not ours.
  const [position, allowed] = digits[12] === '7' ? [17, '8, 9, a or b'] : [13, '7'];
  return {
    complaint: `As the ID of a page: its digit ${position} is ${digits[position - 1]}, where that has ${allowed}.`,
    isTypo: false,
  };

  function typo(what: string, at = -1): Mistake {
    const caret = at < 0 ? '' : `\n  ${' '.repeat(at)}^`;
    const complaint = `Not a request ID: ${what}.\n  ${typed}${caret}\nIf a client chose it so (TRUST_REQUEST_ID), add --verbatim.`;
    return { complaint, isTypo: true };
  }
}

/** The words that a client may have chosen as an ID: acceptable ones with a digit, so not plain language. */
function chosenIn(text: string): string[] {
  return text.split(/\s+/).filter((word) => isAcceptable(word) && /\d/.test(word) && !word.endsWith(':'));
}

function canonical(text: string): string {
  return text.toLowerCase().replace(/[oilsz]/g, (letter) => READ_AS.get(letter) ?? letter);
}

function percentDecoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) => attempt(() => decodeURIComponent(codes)) ?? ' ');
}
