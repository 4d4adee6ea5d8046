/**
 * The notations in which a text gives a name its value. Every notation works for every name. It knows the characters
 * before the name and between name and value, and reads the value.
 */
import { assigned } from './assigned.ts';
import { matchAt } from './find.ts';
import { type Notation, written } from './notation.ts';
import { readQuoted, readToken, readUntilTag, readValue, type Value } from './read-value.ts';

/** In characters. The name and the value of one object are not further apart. */
const OBJECT = 320;

/** Tags that stand between a name and its value in tables, lists and dumps, and so on. */
const TAG = `</?(?:td|th|tr|dd|dt|dl|pre|code|samp|kbd|tt|var|span|div|p|b|i|u|em|strong|font|key|name|value|string|data|integer|(?:[\\w-]+:)?\\w*value|[\\w-]+-(?:name|key|value))\\b[^<>]{0,200}>`;
const CDATA = '(?:<!\\[CDATA\\[)?';

const IN_TAG = /(?<!#)<(?:[\w-]+:)?$/;
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
  `(?:^|[^\\w])(?:\\w*name|key|id|field|path|param|parameter(?:_?key)?|header|variable|property|attribute|option|setting)["']?\\]?\\s*(?:=>|[:=]|>)\\s*(?:string\\(\\d+\\)\\s*|[bu](?=["']))?["'\`]?(?:[\\w-]{1,32}\\[){0,3}$`,
  'i',
);
const LOCATION = /\bloc["']?\s*[:=]\s*[[(][^\])]{0,64}$/;
const VALUE_WORD = /val|content|data|default|input/i;
const VALUE_KEY = /(?<![\w-])(?:\w*value|content|val|data|default|input)["']?\]?\s*(?:=>|[:=])\s*/gi;
const OBJECT_END = /[{}]|\n[ \t]*-[ \t]|\n\n/;
const FORM_PART = /\]{0,3}["'][^\n␤]{0,128}(?:[\n␤]{1,2}[\w-]{1,32}:[^\n␤]{0,64}){0,2}(?:\n\n|␤␤(?:␤␤)?)/y;

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

const SPACE = /[ \t]+(?=[^\s-])/y;

/** `--password value`, `-storepass value` */
const option: Notation = {
  find({ scene, name, end }) {
    const space = name.startsWith('-') ? matchAt(SPACE, scene.view, end) : null;
    // `docker build --secret id=npm,src=.npmrc`
    if (space === null || scene.view.startsWith('id=', end + space[0].length)) return undefined;
    return written(readValue(scene, end + space[0].length));
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

/** A code that a person reads, as in a text message: `482913 is your verification code`. */
const CODE_IS = /(?<!\w)(\d{4,8}) (?:is|as) (?:your|the) (?:[\w-]{1,16} ){0,3}$/;

/** `invalid value "…" for property "password"`, `482913 is your code` */
const reversed: Notation = {
  find({ start, before }) {
    const code = CODE_IS.exec(before);
    const found = code ?? VALUE_FOR.exec(before);
    if (found === null) return undefined;
    const from = start - before.length + found.index + (code === null ? 'value "'.length : 0);
    return written({ start: from, end: from + (found[code === null ? 2 : 1] ?? '').length, isQuoted: true });
  },
};

const REPEATED =
  /["'`]? (?:(?:with )?value |\((?=["'`])|[^\n"'`]{0,96}?\b(?:got|received)[: ]{1,2})(?=["'`])/iy;

/** A message of a validator: `"password" with value "…" fails to match`, ``Path `password` (`…`) is too short`` */
const repeated: Notation = {
  find({ scene, name, end }) {
    // A parser has tokens, too: `expected token 'end', got 'name'`.
    const told = /^tokens?$/i.test(name) ? null : matchAt(REPEATED, scene.view, end);
    return told === null ? undefined : written(readQuoted(scene, end + told[0].length));
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
  /[ \t]+(?:(?:is|was|es|est|ist|lautet|è|é|provided|given|value|used|entered|(?:re)?set to|changed to|for user \S{1,64}|for [^\s:=]{1,64}(?=:| =))[ \t:=]+){0,2}/iy;

/** Kubernetes' name for a secret that it made: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const OBJECT_NAME = /^[a-z]+(?:-[a-z]+)*-[a-z0-9]{5}$/;

/** https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html */
const NETRC = /(?:\bmachine\s+\S{1,128}|\bdefault)\s+login\s+\S{1,64}\s+$/;

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
    const isGiven = NETRC.test(before) || space?.[0].includes(':');
    return { ...value, manner: isGiven ? 'end' : 'prose' };
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
  repeated,
  bare,
];
