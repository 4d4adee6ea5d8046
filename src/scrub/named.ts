/** Kind b: finds secrets by their names. names.ts has the names, notations.ts the notations; each works with each. */
import { eachMatch, matchAt, textBefore } from './find.ts';
import { FORM_NAME, kindOfName, NAME_STEM, type NameKind } from './names.ts';
import { type Found, namePlace } from './notation.ts';
import { notations } from './notations.ts';
import { endOfLongValue, readHeader } from './read-value.ts';
import type { Rule, Scene } from './rule.ts';
import { isTold, looksChosen } from './values.ts';

const NAME_CHARACTER = /[\w$.-]/;

/** Hide the rest of a text with more names of secrets: to look at all of them would take too long. */
const MOST_NAMES = 128;

/** Hides the values of names of secrets. */
export const named: Rule = {
  name: 'b named',
  mark: new RegExp(NAME_STEM, 'i'),
  find(scene, hide) {
    const { view } = scene;
    let done = 0;
    let count = 0;
    eachMatch(NAME_STEM, view, ({ index }, stemEnd) => {
      let start = index;
      while (start > done && NAME_CHARACTER.test(view.charAt(start - 1))) start--;
      let end = stemEnd;
      while (end < view.length && NAME_CHARACTER.test(view.charAt(end))) end++;
      while (end > stemEnd && /[.$-]/.test(view.charAt(end - 1))) end--;
      done = end;
      const name = view.slice(start, end);
      const kind = kindInText(name, view, start, end);
      if (kind !== undefined && ++count > MOST_NAMES) {
        hide(start, view.length);
        return view.length;
      }
      const value = kind && valueOf(scene, name, kind, start);
      if (value === undefined) return end;
      const valueEnd = endOfLongValue(scene, value);
      hide(value.start, valueEnd);
      return Math.max(end, valueEnd);
    });
  },
};

const PREVIOUS_WORD = /(?:^|[^\w])([A-Za-z]+)[ -]$/;
const PARSED = /^(?:unexpected|expected|illegal|cancellation|syntax|next|unterminated)$/i;
/** A body in JSON that asks for a token (RFC 6749 §4.1.3). */
const TOKEN_REQUEST = /\b(?:grant_type|code_verifier|redirect_uri)["']/;
const FORM_VALUE = /=[^\s&]{1,128}&/y;

/** The kind of a name in its place. A name of two words, such as "API key", counts with the word before it. */
function kindInText(name: string, view: string, start: number, end: number): NameKind | undefined {
  const isInForm = view.charAt(end) === '=' && FORM_NAME.test(name);
  if (isInForm && (view.charAt(start - 1) === '&' || matchAt(FORM_VALUE, view, end) !== null))
    return 'secret';
  if (/^code$/i.test(name) && TOKEN_REQUEST.test(view.slice(Math.max(0, start - 192), end + 192)))
    return 'vague';
  const kind = kindOfName(name);
  if (!' -'.includes(view.charAt(start - 1)) || name.includes('-')) return kind;
  const [, previous] = PREVIOUS_WORD.exec(textBefore(view, start, 24)) ?? [];
  if (previous === undefined) return kind;
  if (PARSED.test(previous)) return undefined;
  return /(?:key|code|id)s?$/i.test(name) ? kindOfName(`${previous} ${name}`) : kind;
}

function valueOf(scene: Scene, name: string, kind: NameKind, start: number): Found | undefined {
  const place = namePlace(scene, name, start);
  for (const notation of notations) {
    const found = notation.find(place);
    if (found === undefined) continue;
    const value = withHeader(scene, found, kind);
    return isSecret(scene.view.slice(value.start, value.end), value, kind, name) ? value : undefined;
  }
  return undefined;
}

function withHeader(scene: Scene, found: Found, kind: NameKind): Found {
  if ((kind !== 'cookie' && kind !== 'authorization') || found.isQuoted === true || found.isBlock === true)
    return found;
  return { ...found, ...readHeader(scene, found.start, kind) };
}

/** Several words, or one of a sentence. */
const WORDS = /\s|^\p{L}\p{Ll}*[.!?]?$|^\p{Lo}/u;

/** True for several words, and for one word of a sentence, in any language. */
function isMessage(value: string, manner: Found['manner']): boolean {
  return !looksChosen(value) && (manner === 'written' ? /\S\s+\S+\s+\S/ : WORDS).test(value);
}

/** A variable in a line of code. */
const VARIABLE = /^[a-z]+(?:_[a-z]+)+$|^[a-z]+(?:[A-Z][a-z]+)+$/;

function isSecret(value: string, { manner, isQuoted = false }: Found, kind: NameKind, name: string): boolean {
  const isCode = /(?:pin|otp|code)$/i.test(name) && /^\d{4,10}$/.test(value);
  if (isCode || (kind === 'password' && /^\d{6,10}$/.test(value))) return true;
  if (value === name && (kind === 'secret' || /[a-z][_A-Z]/.test(name))) return false;
  if (!isQuoted && VARIABLE.test(value) && kindOfName(value) !== undefined) return false;
  if (kind === 'vague') {
    const isKeyInProse = manner === 'prose' && /key$/i.test(name);
    return !isKeyInProse && looksChosen(value) && kindOfName(value) === undefined;
  }
  if (isTold(value) || (/tokens$/i.test(name) && /^\d+$/.test(value))) return false;
  if (kind === 'translated') return !isMessage(value, manner);
  if (kind === 'cookie') return value.includes('=') || (manner === 'written' && looksChosen(value));
  if (manner === 'written' || (kind === 'password' && (manner !== 'prose' || isQuoted))) return true;
  return (manner === 'line' && kind !== 'short') || looksChosen(value);
}
