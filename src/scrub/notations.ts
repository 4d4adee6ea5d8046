/**
 * The notations in which a text gives a name its value. Every notation works for every name. It knows the characters
 * before the name and between name and value, and reads the value.
 */
import type { DecodedView } from './decoded-view.ts';
import { matchAt, textBefore } from './find.ts';
import { kindOfName } from './names.ts';
import { readToken, readUntilTag, readValue, type Value } from './read-value.ts';
import { isTold } from './values.ts';

/** A name of a secret in a text, and the characters around it. */
export interface NamePlace {
  readonly scene: DecodedView;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** The text before the name, up to a limit. */
  readonly before: string;
  /** The last character before the name that is neither a quote nor white space. */
  readonly lead: string;
}

const LONGEST_BEFORE = 320;

/** Collects the characters around a name. */
export function namePlace(scene: DecodedView, name: string, start: number): NamePlace {
  const before = textBefore(scene.view, start, LONGEST_BEFORE);
  let lead = before.length - 1;
  while (lead >= 0 && ` \n\t"'\``.includes(before.charAt(lead))) lead--;
  return { scene, name, start, end: start + name.length, before, lead: before.charAt(lead) };
}

/** A value that a notation found. `manner` says how certain it is. */
export interface Found extends Value {
  /**
   * - `written`: a program wrote it
   * - `line`: name and value are a whole line, as in YAML
   * - `end`: the value ends a line or a part of a sentence
   * - `prose`: a person may have written it in a sentence
   */
  readonly manner: 'written' | 'line' | 'end' | 'prose';
}

/** Reads the value that a text gives a name. Undefined if the text uses another notation. */
export interface Notation {
  find(place: NamePlace): Found | undefined;
}

/** In characters. The name and the value of one object are not further apart. */
const OBJECT = 320;

function written(value: Value | undefined): Found | undefined {
  return value && { ...value, manner: 'written' };
}

/** Tags that stand between a name and its value in tables, lists and dumps, and so on. */
const TAG = `</?(?:td|th|tr|dd|dt|dl|pre|code|samp|kbd|tt|var|span|div|p|b|i|u|em|strong|font|key|name|value|string|data|integer|[\\w-]+:\\w*value|[\\w-]+-(?:name|key|value))\\b[^<>]{0,200}>`;
const CDATA = '(?:<!\\[CDATA\\[)?';

const IN_TAG = /<(?:[\w-]+:)?$/;
const REST_OF_TAG = new RegExp(`[^<>]{0,256}>(?:\\s|${TAG})*${CDATA}`, 'iy');

/** `<password type="text">value</password>` */
const element: Notation = {
  find({ scene, end, before, lead }) {
    if (!'<:'.includes(lead) || !IN_TAG.test(before.slice(-24))) return undefined;
    const rest = matchAt(REST_OF_TAG, scene.view, end);
    if (rest === null || rest[0].includes('/>')) return undefined;
    return written(readUntilTag(scene, end + rest[0].length));
  },
};

const NAMING = new RegExp(
  `(?:^|[^\\w])(?:\\w*name|key|id|field|path|param|parameter(?:_?key)?|header|variable|property|attribute|option|setting)["']?\\]?\\s*(?:=>|[:=]|>)\\s*(?:string\\(\\d+\\)\\s*|[bu](?=["']))?["'\`]?$`,
  'i',
);
const LOCATION = /\bloc["']?\s*[:=]\s*[[(][^\])]{0,64}$/;
const VALUE_WORD = /val|content|data|default|input/i;
const VALUE_KEY = /(?<![\w-])(?:\w*value|content|val|data|default|input)["']?\]?\s*(?:=>|[:=])\s*/gi;
const OBJECT_END = /[{}]|\n[ \t]*-[ \t]|\n\n/;
const FORM_PART = /["'][^\n␤]{0,128}(?:[\n␤]{1,2}[\w-]{1,32}:[^\n␤]{0,64}){0,2}(?:\n\n|␤␤(?:␤␤)?)/y;

/** `name="password" value="…"`, `{"name":"DB_PASSWORD","value":"…"}`, and the other way round. */
const pair: Notation = {
  find({ scene, start, end, before, lead }) {
    const { view } = scene;
    if (isReported(view, end, before)) {
      const quoted = matchAt(NEXT_LINE, view, end);
      if (quoted !== null) return written(readValue(scene, end + quoted[0].length));
      const input = view.slice(end, end + OBJECT).search(/\binput_value=/);
      return input < 0 ? undefined : written(readValue(scene, end + input + 'input_value='.length));
    }
    if (!/[:=>),[(]/.test(lead)) return undefined;
    if (!NAMING.test(before.slice(-40)) && !LOCATION.test(before.slice(-96))) return undefined;
    const isTag = before.lastIndexOf('<') > before.lastIndexOf('>');
    const limit = isTag ? /[<>]/ : OBJECT_END;
    const behind = view.slice(end, end + OBJECT);
    const length = behind.search(limit);
    const after = length < 0 ? behind : behind.slice(0, length);
    VALUE_KEY.lastIndex = 0;
    if (VALUE_WORD.test(after) && VALUE_KEY.test(after))
      return written(readValue(scene, end + VALUE_KEY.lastIndex));
    const part = matchAt(FORM_PART, view, end);
    if (part !== null) return written(readToken(scene, end + part[0].length, /[^\n␤]*/y));
    const first = lastMatch(limit, before) + 1;
    let found: Value | undefined;
    const inObject = before.slice(first);
    for (const { 0: key, index } of VALUE_WORD.test(inObject) ? inObject.matchAll(VALUE_KEY) : []) {
      const value = readValue(scene, start - before.length + first + index + key.length);
      if (value !== undefined && value.end < start) found = value;
    }
    if (found !== undefined || !isTag) return written(found);
    const rest = matchAt(REST_OF_TAG, view, end);
    return rest === null || rest[0].includes('/>')
      ? undefined
      : written(readUntilTag(scene, end + rest[0].length));
  },
};

const NEXT_LINE = /\n[ \t]*(?=[bu]?["'])/y;

/** True if a line has only the name, as in a list of variables, or in a message of Python's pydantic. */
function isReported(view: string, end: number, before: string): boolean {
  return view.charAt(end) === '\n' && /(?:^|[\n.])[ \t]*$/.test(before.slice(-16));
}

function lastMatch(pattern: RegExp, text: string): number {
  let last = -1;
  for (const { index, 0: found } of text.matchAll(new RegExp(pattern, 'g'))) last = index + found.length - 1;
  return last;
}

const ELEMENT_BEGIN = />[\s"':$@]*(?:\w+\[["']?)?$/;
const CELL_BORDER = new RegExp(
  `["'\\]]{0,3}[ \\t]*:?\\s*${TAG}\\s{0,64}(?:(?:${TAG}|=>|[:=]|["'](?=\\s{0,8}(?:=>|[:=])|<))\\s{0,64}){0,8}["']?${CDATA}`,
  'iy',
);

/** Name and value in two elements side by side: cells of a table, a list of definitions, a plist, a dump in colours. */
const cells: Notation = {
  find({ scene, end, before }) {
    if (!before.slice(-32).includes('>') || !ELEMENT_BEGIN.test(before.slice(-32))) return undefined;
    const border = matchAt(CELL_BORDER, scene.view, end);
    return border === null ? undefined : written(readUntilTag(scene, end + border[0].length));
  },
};

const IN_LIST = /[[({,]\s*[bu]?["'`]$/;
/** In a call, a constant may stand for the name: `setopt(CURLOPT_PASSWORD, "…")`. */
const CONSTANT = /[(,]\s*(?:\w{1,32}(?:::|\.))?[A-Z_]*$/;
const NEXT_ITEM = /["'`]?\s*,\s*(?=[bu]?["'`])/y;
const FIELD = /^(?:e-?mail|user(?:name|_?id)?|name|login|phone|id|required|string|confirmed|text|hidden)$/i;
const IN_CALL = /\w\(\s*["'`]$/;

/** `["password", "…"]`, `('password', '…')`, `[ 'Cookie', '…', 'Host', '…' ]`, `define('DB_PASSWORD', '…')` */
const list: Notation = {
  find({ scene, name, end, before, lead }) {
    const isConstant =
      (/^[A-Z_]+$/.test(name) && CONSTANT.test(before.slice(-48))) || /[{(]:/.test(before.slice(-2));
    if (!isConstant && (!/[[({,bu]/.test(lead) || !IN_LIST.test(before.slice(-32)))) return undefined;
    const next = matchAt(NEXT_ITEM, scene.view, end);
    const value = next === null ? undefined : readValue(scene, end + next[0].length);
    if (value === undefined) return undefined;
    // A list of names has the same form as a list of a name and its value.
    const isPair =
      /[[(]\s*[bu]?["'`]$/.test(before.slice(-32)) &&
      /["'`]\s*[)\]]/y.test(scene.view.slice(value.end, value.end + 4));
    const isField = FIELD.test(scene.view.slice(value.start, value.end));
    return {
      ...value,
      manner: isConstant || IN_CALL.test(before.slice(-32)) || (isPair && !isField) ? 'written' : 'prose',
    };
  },
};

/** The characters that close a name, its type in a dump, the key within a cookie, and the sign. */
const SIGN =
  /(?:\[["']?[\w.-]{1,64}["']?(?=\]))?["'`ʺʹ]{0,2} ?["'`\])}*]{0,3}(?::(?:protected|private|["']?[\w\\]{1,64}["']?:(?:protected|private)))?["'\]]{0,2}(?:[ \t\u00a0\u202f]{0,8}(?:===?|=>|:=|=|:(?!:)|->(?=[ \t])|⇒|→|＝|：|\.{4,}(?=[ \t]?\S))|\t+(?=\S)|[;|]s:\d{1,9}:(?="))[ \t]*(?:\n[ \t]*(?=["'`]|string\())?(?:[|>][-+]?\d?[ \t]*\n[ \t]*)?/y;
/** In a file of settings, each line is a name and a value, and a passphrase needs no quotes. */
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

/** Windows' `/password:value`. A path has white space or a number behind its colon. */
function isSlashOption(before: string, sign: string): boolean {
  return sign === ':' && /\s\/$/.test(before.slice(-2));
}

/** A name within a name: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html, RFC 8141 */
const RESOURCE_NAME = /\b(?:arn|urn):[\w:/.-]{1,128}:$/;

const SESSION = /^;.*(?:sid|sess(?:ion)?[_-]?id)$/i;
/** A name as prose has it, in any language. */
const PLAIN_NAME = /^\p{L}\p{Ll}*(?:[ -]\p{Ll}+)*$|^\p{Lo}[\p{Lo}\p{M}]*$/u;
const REST_OF_LINE = /[^\n␤]{0,64}/y;
const LINE_BEGIN = /(?:^|[\n␤])[ \t]*(?:-[ \t]+|export[ \t]+|[;#][ \t]*)?$/;

/** `name=value`, `"name": "value"`, `[name] => value`, `["name"]=> string(5) "value"`, `$_SERVER['name']	value` */
const assigned: Notation = {
  find({ scene, name, end, before }) {
    const { view } = scene;
    const sign = matchAt(SIGN, view, end);
    if (sign === null || kindOfName(matchAt(NEXT_SECTION, view, end)?.[1] ?? '') !== undefined)
      return undefined;
    if (/[/\\]/.test(before.slice(-1)) && !sign[0].includes('=') && !isSlashOption(before, sign[0]))
      return undefined;
    if (RESOURCE_NAME.test(before)) return undefined;
    const value = readValue(scene, end + sign[0].length, before.slice(-1));
    if (value === undefined) return undefined;
    // A parameter of a statement: `PASSWORD :password`
    if (/[ \t]:$/.test(sign[0]) && kindOfName(view.slice(value.start, value.end)) !== undefined)
      return undefined;
    // A session in a path ends with its segment (RFC 3986 §3.3): the rest of the path stays.
    const segment = SESSION.test(before.slice(-1) + name)
      ? view.slice(value.start, value.end).indexOf('/')
      : -1;
    if (segment >= 0) return written({ ...value, end: value.start + segment });
    const isSetting = /[:=][ \t]+$/.test(sign[0]) && LINE_BEGIN.test(before.slice(-32));
    const phraseEnd =
      isSetting && !value.isQuoted && !value.isBlock ? endOfPhrase(view, value, before) : undefined;
    if (phraseEnd !== undefined)
      return { ...value, end: phraseEnd, manner: /^[A-Z]?[a-z]+$/.test(name) ? 'line' : 'written' };
    // `rake db:schema:load`, `npm run token:refresh`
    const isTask =
      sign[0] === ':' &&
      !'[{,&'.includes(before.slice(-1)) &&
      /^[a-z:-]+$/.test(view.slice(value.start, value.end));
    if (isTask && !value.isQuoted && /^[a-z-]+$/.test(name)) return { ...value, manner: 'prose' };
    // `Password: Please enter a longer one`
    const isTelling = sign[0] === ': ' && /^[A-Z][a-z]+$/.test(view.slice(value.start, value.end));
    if (isTelling && isTold(matchAt(REST_OF_LINE, view, value.start)?.[0] ?? ''))
      return { ...value, manner: 'prose' };
    // `Invalid token: expected a comma`, and `password: hunter2` alone on its line
    const isPlain =
      /^[ \u00a0\u202f]?[:：](?:[ \t\n]|(?<=：))/.test(sign[0]) && PLAIN_NAME.test(name) && !value.isQuoted;
    if (!isPlain || value.isBlock) return written(value);
    const isAlone = /^[ \t]*(?:[\n␤},;]|$)/.test(view.slice(value.end, value.end + 8));
    return { ...value, manner: !isAlone ? 'prose' : LINE_BEGIN.test(before.slice(-32)) ? 'line' : 'end' };
  },
};

const SPACE = /[ \t]+(?=[^\s-])/y;

/** `--password value`, `-storepass value` */
const option: Notation = {
  find({ scene, name, end }) {
    const space = name.startsWith('-') ? matchAt(SPACE, scene.view, end) : null;
    return space === null ? undefined : written(readValue(scene, end + space[0].length));
  },
};

const CALL = /\([ \t]*(?=[bru]?["'`])|[ \t]?[([{][ \t]*(?:value|text|raw|inner|secret|0)[=:][ \t]*/y;

const ARGUMENTS = /(?:[ \t]*,[ \t]*(?:"[^"\n]*"|'[^'\n]*'))*/y;

/** `PASSWORD('value')`, `setToken("value")`, `NetworkCredential("user", "value")`, `Token[value=…]` */
const call: Notation = {
  find({ scene, end }) {
    const open = matchAt(CALL, scene.view, end);
    const value = open === null ? undefined : readValue(scene, end + open[0].length);
    if (value === undefined) return undefined;
    const more = matchAt(ARGUMENTS, scene.view, value.end + 1)?.[0].length ?? 0;
    return written(more === 0 ? value : { ...value, end: value.end + more });
  },
};

const VALUE_FOR = /\bvalue (["'`])([^"'`\n]{1,96})\1 (?:for|of|in) (?:[\w-]{1,24} ){0,3}["'`]?$/;

/** `invalid value "…" for property "password"` */
const reversed: Notation = {
  find({ start, before }) {
    const found = VALUE_FOR.exec(before);
    if (found === null) return undefined;
    const from = start - before.length + found.index + 'value "'.length;
    return written({ start: from, end: from + (found[2] ?? '').length, isQuoted: true });
  },
};

const BAR = /[ \t]*\|[ \t]*/y;
const BEHIND_BAR = /(?:^|[\n|])[ \t]*$/;

/** `| password | value |` */
const table: Notation = {
  find({ scene, end, before }) {
    const bar = BEHIND_BAR.test(before.slice(-32)) ? matchAt(BAR, scene.view, end) : null;
    return bar === null ? undefined : written(readToken(scene, end + bar[0].length, /[^\n|]*[^\s|]/y));
  },
};

const BEFORE_BARE = /(?:^|[^\w"'`.$@/\\-])$/;
const BARE =
  /[ \t]+(?:(?:is|was|provided|given|value|used|entered|set to|for user \S{1,64}|for [^\s:=]{1,64}(?=:| =))[ \t:=]+){0,2}/iy;

/** Kubernetes' name for a secret that it made: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const OBJECT_NAME = /^[a-z]+(?:-[a-z]+)*-[a-z0-9]{5}$/;

/** `password value`, `the API key is value`: in a sentence, or a file of settings. */
const bare: Notation = {
  find({ scene, name, end, before }) {
    if (!BEFORE_BARE.test(before.slice(-1))) return undefined;
    const space = matchAt(BARE, scene.view, end);
    const value = space === null ? undefined : readValue(scene, end + space[0].length);
    if (
      value === undefined ||
      (/^secrets?$/i.test(name) && OBJECT_NAME.test(scene.view.slice(value.start, value.end)))
    )
      return undefined;
    return { ...value, manner: 'prose' };
  },
};

/** All notations, of which the first that fits gives the value. */
export const notations: readonly Notation[] = [
  element,
  pair,
  cells,
  list,
  assigned,
  option,
  call,
  table,
  reversed,
  bare,
];
