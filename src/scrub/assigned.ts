/** The notation of most texts: a name, a sign and a value, as in `name=value` and `"name": "value"`. */
import { matchAt } from './find.ts';
import { kindOfName } from './names.ts';
import { type Notation, written } from './notation.ts';
import { readValue, type Value } from './read-value.ts';
import { isTold } from './values.ts';

/** The characters that close a name, its type in a dump, the key within a cookie, and the sign. */
const SIGN =
  /(?:\[["']?[\w.-]{1,64}["']?(?=\]))?["'`ʺʹ]{0,2} ?["'`\])}*]{0,3}(?::(?:protected|private|["']?[\w\\]{1,64}["']?:(?:protected|private)))?["'\]]{0,2}(?:[ \t\u00a0\u202f]{0,8}(?:===?|=>|:=|=|:(?!:)|->(?=[ \t])|⇒|→|＝|：|\.{4,}(?=[ \t]?\S))|\t+(?=\S)|[;|]s:\d{1,9}:(?="))[ \t]*(?:\n[ \t]*(?=["'`]|string\())?(?:[|>][-+]?\d?[ \t]*\n[ \t]*)?/y;
/**
 * In a file of settings, each line is a name and a value, and a passphrase needs no quotes. That holds only with a space
 * behind the sign: without one a shell would run the rest (`A=b command`).
 */
const PHRASE = /(?:[ \t]+[\w'!?.-]{1,32}){1,11}[ \t]*(?=[\n␤]|$)/y;
const SETTING_BEFORE = /[\w\]"'-][ \t]*[:=][^\n␤]{0,200}[\n␤][ \t]*$|\][ \t]*[\n␤][ \t]*$/;
const SETTING_AFTER = /[ \t]*[\n␤][ \t]*(?:-[ \t]+)?[\w.-]{1,64}[ \t]*[:=]/y;

/** The end of the words that go on a value to the end of its line; undefined where they tell something. */
function endOfPhrase(view: string, { start, end }: Value, before: string): number | undefined {
  const phrase = matchAt(PHRASE, view, end)?.[0].trimEnd() ?? '';
  const last = end + phrase.length;
  if (phrase === '' || !(SETTING_BEFORE.test(before) || matchAt(SETTING_AFTER, view, last) !== null))
    return undefined;
  const words = view.slice(start, last).split(/[ \t]+/);
  return words.some((word) => isTold(word) || kindOfName(word) !== undefined) ? undefined : last;
}

/** .NET names a setting by its way through the sections: `Jwt:Key`. */
const NEXT_SECTION = /:([A-Za-z]\w{0,63})["']?[ \t]{0,8}[:=]/y;

/** A name within a name: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html, RFC 8141 */
const RESOURCE_NAME = /\b(?:arn|urn):[\w:/.-]{1,128}:$/;

/** True for a part of a longer name, and for one of a path; not for Windows' `/password:value`. */
function isPart(view: string, end: number, before: string, sign: string): boolean {
  if (kindOfName(matchAt(NEXT_SECTION, view, end)?.[1] ?? '') !== undefined) return true;
  const isOption = sign === ':' && /\s\/$/.test(before.slice(-2));
  return RESOURCE_NAME.test(before) || (/[/\\]$/.test(before) && !/[=;|]/.test(sign) && !isOption);
}

/** In a connection string, a value goes on to the next `;`: `Server=db;Password=two words;Encrypt=True`. */
const CONNECTION_BEFORE = /=[^;=\n]{0,128};[ \t]?$/;
const CONNECTION_REST = /[ \t][^;=\n"'<>]{1,64}(?=;(?:[ \t]?[A-Za-z][\w ]{0,32}=|["'\s]|$))/y;

/** A change as Terraform shows it: `password = "…" -> "…"`. */
const CHANGE = /["'][ \t]*(?:->|→)[ \t]*["'][^"'\n]*/y;

const SESSION = /^;.*(?:sid|sess(?:ion)?[_-]?id)$/i;
/** A name as prose has it, in any language. */
const PLAIN_NAME = /^\p{L}\p{Ll}*(?:[ -]\p{Ll}+)*$|^[\p{Lo}\p{Lm}\p{M}]+$/u;
const REST_OF_LINE = /[^\n␤]{0,64}/y;
/** A name of a user stands before it: `user: anna password: value`. */
const USER_BEFORE = /\b(?:user(?:[ _-]?name)?|login|e-?mail)["']?[ \t]?[:=][ \t]?[^\s:=]{1,64}[\s,;|/]+$/i;

/** True if nothing follows a value in its line. */
function isAlone(view: string, end: number): boolean {
  return /^[ \t]*(?:[\n␤},;\]]|$)/.test(view.slice(end, end + 8));
}

const LINE_BEGIN = /(?:^|[\n␤])[ \t]*(?:-[ \t]+|export[ \t]+|[;#][ \t]*)?$/;

/** `name=value`, `"name": "value"`, `[name] => value`, `["name"]=> string(5) "value"`, `$_SERVER['name']	value` */
export const assigned: Notation = {
  find({ scene, name, end, before }) {
    const { view } = scene;
    const sign = matchAt(SIGN, view, end);
    if (sign === null || isPart(view, end, before, sign[0])) return undefined;
    const value = readValue(scene, end + sign[0].length, before.slice(-1));
    if (value === undefined) return undefined;
    if (value.isQuoted) {
      const change = matchAt(CHANGE, view, value.end)?.[0].length ?? 0;
      return written({ ...value, end: value.end + change });
    }
    // A parameter of a statement: `PASSWORD :password`
    if (/[ \t]:$/.test(sign[0]) && kindOfName(view.slice(value.start, value.end)) !== undefined)
      return undefined;
    // A session in a path ends with its segment (RFC 3986 §3.3): the rest of the path stays.
    const segment = SESSION.test(before.slice(-1) + name)
      ? view.slice(value.start, value.end).indexOf('/')
      : -1;
    if (segment >= 0) return written({ ...value, end: value.start + segment });
    const isSetting = /[:=][ \t]+$/.test(sign[0]) && LINE_BEGIN.test(before.slice(-32));
    const phraseEnd = isSetting && !value.isBlock ? endOfPhrase(view, value, before) : undefined;
    if (phraseEnd !== undefined)
      return { ...value, end: phraseEnd, manner: /^[A-Z]?[a-z]+$/.test(name) ? 'line' : 'written' };
    const rest = CONNECTION_BEFORE.test(before) ? matchAt(CONNECTION_REST, view, value.end) : null;
    if (rest !== null) return written({ ...value, end: value.end + rest[0].length });
    // `rake db:schema:load`, `npm run token:refresh`
    const isTask =
      sign[0] === ':' &&
      !'[{,&'.includes(before.slice(-1)) &&
      /^[a-z:-]+$/.test(view.slice(value.start, value.end));
    if (isTask && /^[a-z-]+$/.test(name)) return { ...value, manner: 'prose' };
    // `Password: Please enter a longer one`
    const isTelling = sign[0] === ': ' && /^[A-Z][a-z]+$/.test(view.slice(value.start, value.end));
    if (isTelling && isTold(matchAt(REST_OF_LINE, view, value.start)?.[0] ?? ''))
      return { ...value, manner: 'prose' };
    // `Invalid token: expected a comma`, and `password: hunter2` alone on its line
    const isPlain = /^[ \u00a0\u202f]?[:：](?:[ \t\n]|(?<=：))/.test(sign[0]) && PLAIN_NAME.test(name);
    if (!isPlain || value.isBlock || USER_BEFORE.test(before.slice(-128))) return written(value);
    return {
      ...value,
      manner: !isAlone(view, value.end) ? 'prose' : LINE_BEGIN.test(before.slice(-32)) ? 'line' : 'end',
    };
  },
};
