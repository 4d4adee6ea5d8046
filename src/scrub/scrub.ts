/**
 * Takes out of texts what a log must not hold: one rule set for messages, stacks, causes, logged bodies and paths.
 * Every rule walks a text once and is linear in its length.
 */
import { decodedView } from './decoded-view.ts';
import { MAYBE_SECRET } from './secret-assignments.ts';
import type { Hide, Scene } from './secret-rule.ts';
import { LINK_WORD } from './secrets-in-urls.ts';
import { MARKED_KEY, secretRules } from './secrets.ts';

/** What stands in place of what was taken out. */
const MARK = '…';
// A secret that begins before a cut is recognised by what follows, this far.
const LOOK_AHEAD = 256;
// With so many secrets in it a text says little else, and whoever wrote it may have meant to keep the Worker busy.
const MOST_SECRETS = 64;
// An ID that is shorter could be part of anything.
const SHORTEST_EXEMPT = 8;

/**
 * A text that may be logged: without control characters, bidi controls, line separators and lone surrogates, and
 * with `…` for secrets and personal data. Never throws.
 * @param limit the most characters that the result has; a text that had more says how many
 * @param exempt IDs of this request, which stay where they look like secrets
 */
export function scrubText(text: string, limit: number, exempt: readonly string[] = []): string {
  if (text === '') return '';
  if (text.length <= limit) return scrubStart(text, text.length, exempt);
  const remark = limit < 64 ? MARK.slice(0, limit) : `${MARK} (${text.length} characters)`;
  return scrubStart(text.slice(0, limit + LOOK_AHEAD), limit - remark.length, exempt) + remark;
}

/**
 * An ID that a stranger chose, as it may be logged: secrets that are named or marked and personal data are hidden,
 * and what merely looks random stays, as IDs do. Never throws.
 * @param limit the most characters that the result has
 */
export function scrubId(id: string, limit: number): string {
  const isPlain = /^[\da-f-]{1,200}$/i.test(id) || (/^[\w-]{1,200}$/.test(id) && !MARKED_KEY.test(id));
  return isPlain ? id.slice(0, limit) : scrubText(id, limit);
}

/** What a rule goes by, other than a name or a long word. */
const SUSPICIOUS =
  /[^ -~]|[?#@%&\\]|;[^ ]|:\/\/|:[\da-f]{0,4}:|\d{4}[ ,+.-]?\d{4}|\d(?!\.0\.0\.0(?!\d))\.\d{1,3}\.\d{1,3}\.\d|--|(?<![\w-])-[upaw]|\$[\w-]{1,16}\$|eyJ|ya29\.|1\/\/0|\([ASF]\(/i;
const SUSPICIOUS_WORD = new RegExp(
  `${LINK_WORD.source}|secret|phrase|bearer|basic|digest|negotiate|apikey|connect|construct|_bind|_login|_open|new (?:PDO|mysqli)|(?:env|arg|setx)[ \\t]`,
  'i',
);
/** Sixteen characters that a token may have: in pairs V8 finds them eight times as fast as by `{16}`. */
const LONG_WORD = new RegExp('[\\w-]{2}'.repeat(8));
/** What can stand between a name and what is assigned to it. */
const ASSIGNING = /[=:>|"'`]| is /;

/** Nearly every short text holds nothing that a rule would look at, as the name of a browser does, and is done. */
function isHarmless(text: string): boolean {
  return (
    !SUSPICIOUS.test(text) &&
    !SUSPICIOUS_WORD.test(text) &&
    !LONG_WORD.test(text) &&
    !(ASSIGNING.test(text) && MAYBE_SECRET.test(text))
  );
}

/**
 * The same for the first `length` characters of a text: what follows is only looked at, so that a secret at the
 * cut is recognised. Never throws.
 */
export function scrubStart(text: string, length: number, exempt: readonly string[] = []): string {
  if (isHarmless(text)) return text.slice(0, length);
  const clean = printable(text);
  const isCut = length < text.length;
  // Line ends that became shorter must not take from what is looked at beyond the cut.
  const end = isCut ? Math.max(0, Math.min(length, clean.length - (text.length - length))) : clean.length;
  const scene: Scene = { ...decodedView(clean), isCut };
  const found: Range[] = [];
  const hide: Hide = (from, to) => {
    if (to > from) found.push([scene.sourceOf(from), scene.sourceOf(to)]);
  };
  for (const rule of secretRules) {
    rule(scene, hide);
    if (found.length > MOST_SECRETS) return MARK.slice(0, length);
  }
  return withoutRanges(clean, end, found, exempt).toWellFormed();
}

// Bidi controls: https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
const UNPRINTABLE = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

function printable(text: string): string {
  if (/^[ -~\n]*$/.test(text)) return text;
  return text.toWellFormed().replace(/\r\n?/g, '\n').replace(UNPRINTABLE, '\ufffd');
}

type Range = [start: number, end: number];

/** The text up to `end`, with a mark for each range, which keeps the exempt IDs within. */
function withoutRanges(text: string, end: number, ranges: Range[], exempt: readonly string[]): string {
  let result = '';
  let position = 0;
  for (const [from, to] of joined(ranges)) {
    if (from >= end) break;
    result += text.slice(position, from) + remainderOf(text.slice(from, Math.min(to, end)), exempt);
    position = to;
  }
  return result + text.slice(position, end);
}

/** The ranges in their order; of those that touch, one. */
function joined(ranges: Range[]): Range[] {
  const result: Range[] = [];
  for (const range of ranges.sort(([a], [b]) => a - b)) {
    const last = result.at(-1);
    if (last === undefined || range[0] > last[1]) result.push(range);
    else last[1] = Math.max(last[1], range[1]);
  }
  return result;
}

/** What is left of a secret: a mark, and an ID of this request. */
function remainderOf(secret: string, exempt: readonly string[]): string {
  for (const id of exempt) {
    const index = id.length < SHORTEST_EXEMPT ? -1 : secret.indexOf(id);
    if (index >= 0) return `${index > 0 ? MARK : ''}${id}${index + id.length < secret.length ? MARK : ''}`;
  }
  return MARK;
}
