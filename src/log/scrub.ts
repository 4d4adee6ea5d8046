/**
 * Takes out of texts what a log must not hold: one rule set for messages, stacks, causes, logged bodies and paths.
 * Every rule walks a text once and is linear in its length.
 */
import { decodedView } from './decoded-view.ts';
import { MAYBE_SECRET } from './secret-assignments.ts';
import type { Scene } from './secret-rule.ts';
import { LINK_WORD } from './secrets-in-urls.ts';
import { secretRules } from './secrets.ts';

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

/** A URL's path that may be logged, by the same rules. */
export function scrubPath(path: string, limit: number, exempt: readonly string[] = []): string {
  return scrubText(path, limit, exempt);
}

/** What a rule goes by, other than a name or a long word. */
const SUSPICIOUS =
  /[^ -~]|[?#@%&\\]|;[^ ]|:\/\/|:[\da-f]{0,4}:|\d{4}[ ,+-]?\d{4}|\d(?!\.0\.0\.0(?!\d))\.\d{1,3}\.\d{1,3}\.\d|--|(?<![\w-])-u[ =]|\$[\w-]{1,16}\$|eyJ|ya29\.|1\/\/0|\([ASF]\(/i;
const SUSPICIOUS_WORD = new RegExp(
  `${LINK_WORD.source}|secret|phrase|bearer|basic|digest|negotiate|apikey|connect|construct|_bind|_login|_open|new (?:PDO|mysqli)`,
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
  const found: [start: number, end: number][] = [];
  for (const rule of secretRules) {
    rule(scene, (from, to) => {
      if (to > from) found.push([scene.sourceOf(from), scene.sourceOf(to)]);
    });
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

/** The text up to `end`, with a mark for each range, which keeps the exempt IDs within. */
function withoutRanges(
  text: string,
  end: number,
  ranges: [start: number, end: number][],
  exempt: readonly string[],
): string {
  ranges.sort(([a], [b]) => a - b);
  let result = '';
  let position = 0;
  let [from, to] = [-1, -1];
  const close = () => {
    if (from < 0 || from >= end) return;
    result += text.slice(position, from) + remainderOf(text.slice(from, Math.min(to, end)), exempt);
    position = to;
  };
  for (const range of ranges) {
    if (range[0] <= to) {
      to = Math.max(to, range[1]);
    } else {
      close();
      [from, to] = range;
    }
  }
  close();
  return result + text.slice(position, Math.max(position, end));
}

/** What is left of a secret: a mark, and an ID of this request. */
function remainderOf(secret: string, exempt: readonly string[]): string {
  for (const id of exempt) {
    const index = id.length < SHORTEST_EXEMPT ? -1 : secret.indexOf(id);
    if (index >= 0) return `${index > 0 ? MARK : ''}${id}${index + id.length < secret.length ? MARK : ''}`;
  }
  return MARK;
}
