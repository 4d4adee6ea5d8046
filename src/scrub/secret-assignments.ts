/** Passwords, keys, secrets and tokens that a text assigns: `name=value` in any of the usual spellings. */
import type { DecodedView } from './decoded-view.ts';
import { eachMatch, endOfLine } from './find.ts';
import type { Rule } from './secret-rule.ts';

/**
 * What a name is of: a header, whose value runs to the end of the line; a session in a path; any other secret; a
 * word of prose as well.
 */
type NameKind = 'header' | 'session' | 'secret' | 'short';

/** Nearly every name is none, and saves the work below. */
export const MAYBE_SECRET = /pass|pwd?|secret|token|cred|cookie|auth|sig|csrf|xsrf|jwt|sess|sid|key|pin|otp/i;
const HEADER_NAME = /^(?:set-)?cookie$|authorization$/i;
const SESSION_NAME = /(?:sess(?:ion)?[_.-]?|^s)id$/i;
const SECRET_NAME =
  /(?:passw(?:or)?d|passphrase|passcode|pwd|secret|token|credentials?|cookie|authorization|signature|csrf|xsrf|jwt|sess(?:ion)?[_.-]?id)(?:s|\d{1,3}|[_.-]?(?:value|hash|confirmation|confirm|base64|text|again|old|new|key[_.-]?base|access[_.-]?key))?$/i;
const SHORT_NAME =
  /^(?:pass|pw|pin|otp|auth|sid|sig|key|session|[\w.-]*[_.-](?:pass|pin|otp|auth|session|sid))$/i;
const KEY_NAME =
  /(?:[_.$-]|api|access|secret|private|auth|account|license|encryption|signing|master|service|client|shared|storage)key$/i;
const CAMEL_CASE_KEY = /[a-z0-9]Key$/;
const HARMLESS_KEY =
  /(?:primary|foreign|public|cache|sort|partition|object|unique|row|lookup|idempotency|hash|group|index|map|config|message|dedupe|routing)[_.-]?key$/i;
/** What is wrong with a secret: `invalid_token` is the name of an error. */
const ERROR_NAME = /^(?:invalid|missing|expired|bad|wrong)[_-]/i;
/** The first half of a name of two words: "API key". */
const FIRST_WORD = /\b(?:api|access|secret|private|auth|account|license|encryption|signing)[ ,_-]$/i;
/** What is told of a secret, and is none. */
const TOLD_VALUE =
  /^(?:true|false|null|undefined|none|nil|nan|empty|yes|no|ok|missing|required|invalid|expired|not|must|is|was|has|should|cannot|too|for|of|in|string|number|object|mismatch|rejected|revoked|unknown|unset|\d{1,3})[.,;:!)\]}]*$/i;

function kindOfName(name: string, before: string): NameKind | undefined {
  const end = name.slice(-64);
  // PWD is the working directory in every shell.
  if (!MAYBE_SECRET.test(end) || end === 'PWD' || end === 'OLDPWD' || ERROR_NAME.test(end)) return undefined;
  if (HEADER_NAME.test(end)) return 'header';
  if (before.endsWith(';') && SESSION_NAME.test(end)) return 'session';
  if (SHORT_NAME.test(end)) return FIRST_WORD.test(before) ? 'secret' : 'short';
  const isKey = (KEY_NAME.test(end) || CAMEL_CASE_KEY.test(end)) && !HARMLESS_KEY.test(end);
  return isKey || SECRET_NAME.test(end) ? 'secret' : undefined;
}

/** name=value, "name": "value", [name] => value, <name>value, name is value; and name 'value' */
const ASSIGNMENT =
  /(?<![\w$.-])([\w$.-]+)(?:["'`\]]{0,3}[ \t,]{0,8}(=>|:=|={1,2}|[:>|]|\bis\b)|[ \t]{1,8}(?=["'`]))[ \t,]*/g;
const PASSWORD_NAME = /passw|pwd|secret|passphrase/i;

/** A text that assigns more is hidden from there on: it costs no more than one that a program would write. */
const MOST_ASSIGNMENTS = 64;

/** Hides the values of names that say what they are. */
export const assignments: Rule = (scene, hide) => {
  const { view } = scene;
  if (!MAYBE_SECRET.test(view)) return;
  let count = 0;
  eachMatch(ASSIGNMENT, view, ({ 0: whole, 1: name = '', 2: separator, index }, end) => {
    const before = view.slice(Math.max(0, index - 12), index);
    const kind = kindOfName(name, before);
    if (kind === undefined) return;
    if (++count > MOST_ASSIGNMENTS) {
      hide(index, view.length);
      return view.length;
    }
    const opening = before.slice(-1);
    if ((separator === '>' && opening !== '<') || (separator === '|' && opening !== '|')) return;
    if (separator === undefined && !PASSWORD_NAME.test(name.slice(-64))) return;
    if (/unexpected $/i.test(before)) return;
    const value = valueAt(scene, end, kind, opening);
    const isProse = separator === 'is' || (kind === 'short' && /:[ \t]/.test(whole));
    if (!isSecret(view.slice(value.start, value.end), name, isProse)) return;
    hide(value.start, value.end);
    return value.end;
  });
};

const ATTRIBUTES =
  /\b(?:name|key)=["']([\w$.-]{1,64})["'][ \t,]{1,8}(?:type=["'][a-z]{1,16}["'][ \t,]{1,8})?(?:value|content)=["']/gi;

/** `name="password" value="…"`, as forms and XML have it. */
export const attributes: Rule = (scene, hide) =>
  eachMatch(ATTRIBUTES, scene.view, ([, name = ''], end) => {
    if (kindOfName(name, '') !== undefined) hide(end, quoteEnd(scene, end - 1));
  });

/** A part of a form with a file in it, as browsers send it: https://www.rfc-editor.org/rfc/rfc7578#section-4.2 */
const FORM_PART = /\bname=["']([\w$.-]{1,64})["'](?:\n[\w-]{1,32}:[^\n]{0,64}){0,2}\n\n([^\n]+)/g;
/** What shells and container files set: `ENV NAME value`. */
const VARIABLE = /\b(?:ENV|ARG|setx|setenv)[ \t]{1,4}([\w.-]{1,64})[ \t]{1,4}(\S+)/g;
const OPTION = /(?<![\w-])--([\w-]+)[ \t]{1,8}([^\s-]\S*)/g;
const USER_OPTION =
  /(?<![\w-])(?:-u|--user|--proxy-user)[ \t=]["']?[^\s:"'-][^\s:]{0,64}:(?!\d{1,5}(?!\S))(\S+)/g;
/** Programs, and the letter behind which they take a password. */
const COMMANDS = [
  ['mysql\\w{0,8}|mariadb[\\w-]{0,8}|sshpass|docker login', 'p'],
  ['redis-cli', 'a'],
  ['ldap[a-z]{3,8}', 'w'],
].map(
  ([program, letter]) =>
    new RegExp(
      `\\b(?:${program})[ \\t][^\\n|;&]{0,100}?(?<=[ \\t])-${letter}[ \\t]{0,4}["']?([^\\s"'-]\\S*)`,
      'g',
    ),
);

/** Parts of a form, variables, and options on a command line. */
export const options: Rule = ({ view }, hide) => {
  for (const pattern of [FORM_PART, VARIABLE, OPTION]) {
    eachMatch(pattern, view, ([, name = '', value = ''], end) => {
      if (kindOfName(name, '') !== undefined) hide(end - value.length, end);
    });
  }
  for (const pattern of [USER_OPTION, ...COMMANDS]) {
    eachMatch(pattern, view, ([, value = ''], end) => {
      hide(end - value.length, end);
    });
  }
};

function isSecret(value: string, name: string, isProse: boolean): boolean {
  if (!/[^\s"'`<>(){}[\],.;:|]/.test(value) || TOLD_VALUE.test(value.slice(0, 20))) return false;
  if (isProse) return /\d/.test(value);
  return !(/tokens$/i.test(name.slice(-64)) && /^\d{1,12}[,.;)]?$/.test(value));
}

const QUOTE = /["'`]/;
const UNQUOTED = /(?:[^\s;&<,]|,(?!["'{]))*/y;

/** What a name assigns, without the quotes around it. */
function valueAt(
  scene: DecodedView,
  start: number,
  kind: NameKind,
  opening: string,
): { readonly start: number; readonly end: number } {
  const { view } = scene;
  const lineEnd = endOfLine(view, start);
  if (/[{[]/.test(view.charAt(start))) return { start, end: lineEnd };
  const quoteAt = /^[bur]["']/i.test(view.slice(start, start + 2)) ? start + 1 : start;
  const isQuoted = QUOTE.test(view.charAt(quoteAt));
  if (kind === 'header' && !(isQuoted && QUOTE.test(opening))) {
    // The value of a header may hold quotes, unless it stands in the quotes that hold its name as well.
    const closing = QUOTE.test(opening) ? view.slice(start, lineEnd).indexOf(opening) : -1;
    return { start, end: closing < 0 ? lineEnd : start + closing };
  }
  if (isQuoted) return { start: quoteAt + 1, end: quoteEnd(scene, quoteAt) };
  UNQUOTED.lastIndex = start;
  let end = start + (UNQUOTED.exec(view)?.[0].length ?? 0);
  // A session in a path ends with its segment, and the way to the resource goes on.
  const segmentEnd = kind === 'session' ? view.slice(start, end).indexOf('/') : -1;
  if (segmentEnd >= 0) return { start, end: start + segmentEnd };
  while (end > start + 1 && /[)\]}"'`.,|]/.test(view.charAt(end - 1))) end--;
  return { start, end };
}

/** A quote is closed by the next one that is spelled the same, and not by two; else by the end of the line. */
function quoteEnd({ view, spellingOf }: DecodedView, start: number): number {
  const lineEnd = endOfLine(view, start);
  const quote = view.charAt(start);
  const spelling = spellingOf(start);
  for (let end = start + 1; end < lineEnd; end++) {
    if (view.charAt(end) !== quote || spellingOf(end) !== spelling) continue;
    if (view.charAt(end + 1) !== quote || spellingOf(end + 1) !== spelling) return end;
    end++;
  }
  return lineEnd;
}
