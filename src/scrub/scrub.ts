/**
 * Hides secrets and personal data in texts for the log. Messages, stacks, causes, logged bodies and paths all use the
 * same rules. README.md says what is hidden, what stays, and why.
 */
import { decodedView } from './decoded-view.ts';
import type { Rule, Scene } from './rule.ts';
import { allSecrets, knownSecrets } from './rules.ts';

/** The mark in place of a hidden text. */
const MARK = '…';
// Read this far beyond a cut: the rest of a secret at the cut helps to recognise it.
const LOOK_AHEAD = 256;
// A text with more secrets says little else, and may be meant to keep the Worker busy.
const MOST_SECRETS = 64;
// A shorter ID could be part of any text.
const SHORTEST_EXEMPT = 7;

/**
 * The text for the log: without control characters, bidi controls, line separators and lone surrogates, and with `…`
 * for secrets and personal data. Never throws.
 * @param limit the maximum length of the result in characters. A longer text is cut, and says how long it was
 * @param exempt IDs of this request, which stay even if they look like secrets
 */
export function scrubText(text: string, limit: number, exempt: readonly string[] = []): string {
  return scrubbed(text, limit, exempt, allSecrets);
}

/**
 * The text for the log of an ID that a stranger chose. Unlike `scrubText`, it leaves texts that only look random, as
 * IDs do (kinds a to d, not e). Never throws.
 * @param limit the maximum length of the result in characters
 */
export function scrubId(id: string, limit: number): string {
  return scrubbed(id, limit, [], knownSecrets);
}

function scrubbed(text: string, limit: number, exempt: readonly string[], rules: readonly Rule[]): string {
  if (text === '') return '';
  if (text.length <= limit) return scrubbedStart(text, text.length, exempt, rules);
  const remark = limit < 64 ? MARK.slice(0, limit) : `${MARK} (${text.length} characters)`;
  return scrubbedStart(text.slice(0, limit + LOOK_AHEAD), limit - remark.length, exempt, rules) + remark;
}

/**
 * Like `scrubText`, for the first `length` characters of a text. The text behind them only helps to recognise a secret
 * at the cut. Never throws.
 */
export function scrubStart(text: string, length: number, exempt: readonly string[] = []): string {
  return scrubbedStart(text, length, exempt, allSecrets);
}

const marks = [/[^ -~\n]/, /[%\\&]/, ...allSecrets.map(({ mark }) => mark)].map(({ source }) => source);
/** A text without a match of this has nothing for any rule, as nearly all short texts. Several rules share a mark. */
const anyMark = new RegExp([...new Set(marks)].join('|'), 'i');

function scrubbedStart(
  text: string,
  length: number,
  exempt: readonly string[],
  rules: readonly Rule[],
): string {
  if (!anyMark.test(text)) return text.slice(0, length);
  const clean = printable(text);
  const isCut = length < text.length;
  // `\r\n` became `\n`, so the text is shorter: move the cut back by the same amount.
  const end = isCut ? Math.max(0, Math.min(length, clean.length - (text.length - length))) : clean.length;
  return withoutRanges(
    clean,
    end,
    rangesOf({ ...decodedView(clean), isCut }, end, rules),
    exempt,
  ).toWellFormed();
}

// Bidi controls: https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
const UNPRINTABLE = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

function printable(text: string): string {
  if (/^[ -~\n]*$/.test(text)) return text;
  return text.toWellFormed().replace(/\r\n?/g, '\n').replace(UNPRINTABLE, '\ufffd');
}

type Range = [start: number, end: number];

/** The ranges to hide before `end`, in order and joined if they touch. The last of too many goes to `end`. */
function rangesOf(scene: Scene, end: number, rules: readonly Rule[]): Range[] {
  const found: Range[] = [];
  for (const rule of rules) {
    if (!rule.mark.test(scene.view)) continue;
    rule.find(scene, (from, to) => {
      if (to > from) found.push([scene.sourceOf(from), scene.sourceOf(to)]);
    });
  }
  const result: Range[] = [];
  for (const range of found.sort(([a], [b]) => a - b)) {
    if (range[0] >= end) break;
    const last = result.at(-1);
    if (last !== undefined && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else if (result.push(range) > MOST_SECRETS) return [...result.slice(0, -1), [range[0], end]];
  }
  return result;
}

/** The text up to `end`, with a mark in place of each range. Exempt IDs within a range stay. */
function withoutRanges(text: string, end: number, ranges: Range[], exempt: readonly string[]): string {
  let result = '';
  let position = 0;
  for (const [from, to] of ranges) {
    result += text.slice(position, from) + remainderOf(text.slice(from, Math.min(to, end)), exempt);
    position = to;
  }
  return result + text.slice(position, end);
}

/** The text in place of a secret: a mark, and an ID of this request if the secret has one. */
function remainderOf(secret: string, exempt: readonly string[]): string {
  for (const id of exempt) {
    const index = id.length < SHORTEST_EXEMPT ? -1 : secret.indexOf(id);
    if (index >= 0) return `${index > 0 ? MARK : ''}${id}${index + id.length < secret.length ? MARK : ''}`;
  }
  return MARK;
}
