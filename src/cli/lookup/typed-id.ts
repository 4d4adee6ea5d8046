/** Reads what a person types or pastes to say which request they mean. */
import { isAcceptable } from '../../request-id.ts';
import { attempt } from '../../untrusted.ts';
import { UsageError } from '../command.ts';
import { DAY, timeOf } from './time-window.ts';

/** One way to read what was typed. */
export interface Candidate {
  /** `made`: a UUIDv7, as the Worker makes them. `chosen`: what a client may have chosen. `ray`: a Ray ID of Cloudflare. */
  readonly kind: 'made' | 'chosen' | 'ray';
  readonly id: string;
}

const FORM =
  'Not a request ID: it has 32 digits and letters a to f, as in 019ac3f2-7b7e-7f9a-a0ed-8d3a2b1c0d9e.';
// A mail is shorter. The rest of a longer text is not read.
const MAXIMUM = 20_000;
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
 * @returns all ways to read it, the likeliest first
 * @throws UsageError that says what is wrong with the ID
 */
export function readTyped(typed: string, now: number): Candidate[] {
  const text = typed.slice(0, MAXIMUM).trim();
  const made = madeIn(text, now);
  if (made.length === 0 && !ULID.test(text)) refuseMistyped(words(text));
  const uuids = made.length > 0 ? [] : (text.match(ANY_UUID) ?? []).map((id) => id.toLowerCase());
  const rays = text.match(RAY) ?? [];
  const whole = isAcceptable(text) ? [text] : [];
  const parts = [...made, ...uuids, ...rays, ...whole].length > 0 ? [] : chosenIn(text);
  const chosen = [...whole, ...uuids, ...parts].filter((id) => !made.includes(id));
  const read = (kind: Candidate['kind'], ids: readonly string[]) =>
    [...new Set(ids)].map((id): Candidate => ({ kind, id }));
  const candidates = [...read('made', made), ...read('ray', rays), ...read('chosen', chosen)];
  if (candidates.length === 0) throw new UsageError(FORM);
  return candidates;
}

/**
 * Takes the ID exactly as typed.
 * @throws UsageError if the Worker would not have accepted it from a client
 */
export function readVerbatim(typed: string): Candidate[] {
  if (isAcceptable(typed)) return [{ kind: 'chosen', id: typed }];
  throw new UsageError(
    'Not a request ID: the Worker accepts 8 to 200 of A-Z, a-z, 0-9 and . _ : @ # / + = ~ - that begin with a letter or digit and are no e-mail or IP address.',
  );
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
      const isRecent = (id: string): boolean => timeOf(id) < now + DAY && timeOf(id) > now - 3650 * DAY;
      const ids = typed.join('').length === DIGITS ? found : found.filter(isRecent);
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
    .replace(/[авсеоі]/gi, (letter) => READ_AS.get(letter.toLowerCase()) ?? letter)
    .split(/[^0-9A-Za-z]+|(?<=\bid)(?=[0o])/i)
    .filter((word) => word !== '');
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

/** Throws UsageError if a part of the text begins like an ID made in these years, but is none. */
function refuseMistyped(all: readonly string[]): void {
  // A copy may lack the first zero.
  const start = all.findIndex((word) => /^(?:[0o][1il][0-9a-f]|[1il][0-9a-f]{6}$)/i.test(word));
  const own: string[] = [];
  for (const word of start < 0 ? [] : all.slice(start)) {
    const isProse = !/\d/.test(word) && /[^a-f]/.test(canonical(word));
    // A text may go on with other numbers: take only as many digits as an ID has.
    if ((own.length > 0 && isProse) || own.join('').length >= DIGITS) break;
    own.push(word);
  }
  const typed = own.join('-');
  const count = own.join('').length;
  const wrong = [...typed].findIndex((character) => /[^0-9a-f-]/.test(canonical(character)));
  // A text with exactly 32 digits is somebody's ID, if not ours.
  if (count < 20 || count > 44 || (count === DIGITS && wrong < 0)) return;
  const difference = `${Math.abs(DIGITS - count)} ${count < DIGITS ? 'missing' : 'too many'}`;
  const fault =
    wrong < 0
      ? `it has ${count} of ${DIGITS} digits (${difference})`
      : `character ${wrong + 1} is ${JSON.stringify(typed[wrong])}, but it has digits and a to f only`;
  const advice = 'If a client chose it so (TRUST_REQUEST_ID), add --verbatim.';
  throw new UsageError(`Not a request ID: ${fault}.\n  ${typed}\n${advice}`);
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
