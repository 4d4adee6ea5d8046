/** Reads the value at an index of a text, to the end of its quotes, its brackets, its word or its header. */
import type { DecodedView } from './decoded-view.ts';
import { endOfLine, matchAt } from './find.ts';

/** The place of a value in the view, without the quotes around it. */
export interface Value {
  readonly start: number;
  readonly end: number;
  readonly isQuoted?: boolean;
  /** True for a list, or for a text in brackets. */
  readonly isBlock?: boolean;
}

/** Quotes. The last two were percent-encoded. */
const QUOTE = /["'`ʺʹ]/;
/** Texts that programs write before a value: its type and length, a prefix, a tag of YAML or of HTML. */
const PREFIX =
  /(?:string\(\d+\)[ \t]*|string[ \t]+(?=')|!{1,2}\w+[ \t]+|&\w+[ \t]+|\{\s*["']?value["']?\s*[:=]\s*|\[\]string\{|(?:Some|Just|Ok|Secret|SecretStr|SecretString|md5|sha\d{0,3}|crypt|encrypt|hash|(?:un)?hex|(?:old_)?password)\((?=["'])|rejected value |\*{2,3}(?=\w)|<(?:span|code|samp|b|i|em|strong|font|small|string|value|tt)\b[^<>]{0,200}>\s*|(?:[bruf]|[rb]{2})(?=["']))*/iy;
/** In characters. The rest of a longer value is read only if the value is a secret. */
const LONGEST_VALUE = 96;
const WORD = /(?:[^\s;&<>,|␤"`]|,(?!["'{\s]|$)|"(?=[\w!#%*+])){0,96}/y;
const REST = /[^\s;&<>,|␤"`']*/y;

/**
 * The value at an index. Undefined for an object, which has names of its own.
 * @param opening the character before the name. If it is a quote, it ends a value without quotes
 */
export function readValue(scene: DecodedView, from: number, opening = ''): Value | undefined {
  const { view } = scene;
  const start = from + (matchAt(PREFIX, view, from)?.[0].length ?? 0);
  const first = view.charAt(start);
  if (QUOTE.test(first)) return readQuoted(scene, start);
  if ('[({<'.includes(first) && first !== '') return readBlock(scene, start);
  const value = readWord(scene, start);
  if (QUOTE.test(opening) && value !== undefined) {
    const closing = view.slice(start, value.end).indexOf(opening);
    if (closing >= 0) return { ...value, end: start + closing };
  }
  return value;
}

/** Reads a word. What is percent-encoded behind a sign that is not belongs to it: `password=a%26b&c=1`. */
function readWord(scene: DecodedView, start: number): Value | undefined {
  const { view } = scene;
  const isEncoded = (index: number) => scene.spellingOf(index).startsWith('%');
  const value = readToken(scene, start, WORD);
  if (value === undefined || start === 0 || isEncoded(start - 1)) return value;
  let { end } = value;
  for (let parts = 0; parts < 8 && /[;&,]/.test(view.charAt(end)) && isEncoded(end); parts++)
    end = readToken(scene, end + 1, WORD)?.end ?? end + 1;
  return { start, end };
}

/** Reads to the next quote with the same spelling that is not doubled, else to the end of the line. */
export function readQuoted({ view, spellingOf }: DecodedView, start: number): Value {
  const lineEnd = view.indexOf('\n', start) < 0 ? view.length : view.indexOf('\n', start);
  const quote = view.charAt(start);
  const spelling = spellingOf(start);
  const isSame = (index: number) => view.charAt(index) === quote && spellingOf(index) === spelling;
  for (
    let end = view.indexOf(quote, start + 1);
    end >= 0 && end < lineEnd;
    end = view.indexOf(quote, end + 1)
  ) {
    if (!isSame(end)) continue;
    if (!isSame(end + 1)) return { start: start + 1, end, isQuoted: true };
    end++;
  }
  return { start: start + 1, end: lineEnd, isQuoted: true };
}

/** The end of a value. `readValue` reads only the start of a long one. */
export function endOfLongValue({ view }: DecodedView, { start, end }: Value): number {
  return end - start < LONGEST_VALUE ? end : end + (matchAt(REST, view, end)?.[0].length ?? 0);
}

/** Reads the match of a pattern, without the punctuation at its end. */
export function readToken({ view }: DecodedView, start: number, pattern: RegExp): Value | undefined {
  let end = start + (matchAt(pattern, view, start)?.[0].length ?? 0);
  while (end > start + 1 && /[)\]}"'`.,|:¦ʺʹ]/.test(view.charAt(end - 1))) end--;
  return end > start ? { start, end } : undefined;
}

/** Reads the text of an element. */
export function readUntilTag({ view }: DecodedView, start: number): Value | undefined {
  const tag = view.indexOf('<', start);
  let end = tag < 0 ? endOfLine(view, start) : tag;
  if (view.startsWith(']]>', end - 3)) end -= 3;
  while (end > start && /[\s"'\]>]/.test(view.charAt(end - 1))) end--;
  while (start < end && /[\s"']/.test(view.charAt(start))) start++;
  // Without an end tag, the text can only be one word.
  if (end <= start || (tag < 0 && /\s/.test(view.slice(start, end)))) return undefined;
  return { start, end, isQuoted: true };
}

/** Texts in brackets. They may hold brackets of the same kind. ODBC doubles a brace within braces. */
const BLOCKS: Readonly<Record<string, RegExp>> = {
  '[': /\[((?:[^[\]]|\[[^[\]]*\]){0,512})\]/y,
  '(': /\(((?:[^()\n]|\([^()\n]*\)){0,128})\)/y,
  '{': /\{((?:[^{}\n]|\}\}|\{[^{}\n]*\}){0,128})\}/y,
  '<': /<([^<>\n]{1,128})>/y,
};

function readBlock(scene: DecodedView, start: number): Value | undefined {
  const block = BLOCKS[scene.view.charAt(start)];
  const found = block && matchAt(block, scene.view, start);
  if (found === null || found === undefined) return readToken(scene, start + 1, WORD);
  return blockBetween(scene.view, start + 1, start + found[0].length - 1);
}

function blockBetween(view: string, start: number, end: number): Value | undefined {
  const text = view.slice(start, end);
  if (/^[^\s:="']*$/.test(text)) return { start, end, isBlock: true };
  // Skip an object or a list of objects: they have names of their own.
  if (/[{}]|^\s*(["']?)[\w.-]+\1(?:\s*=>|:\s)/.test(text) || /^\s*["'][\w.-]+["']:/.test(text))
    return undefined;
  return { start, end, isBlock: true };
}

/** One cookie or several. They end with the last cookie, with the line, or with the quotes around them. */
const COOKIES =
  /[^\s=;,"'<>{}()[\]]+=(?:"[^"\n]*"|[^\s;,"'<>{}[\]␤]*)(?:;[ \t]*[^\s=;,"'<>{}[\]␤]+(?:=(?:"[^"\n]*"|[^\s;"'<>{}[\]␤]*))?)*/y;
/** A scheme and its credentials: RFC 9110 §11.4. */
const CREDENTIALS =
  /[^\s"',;<>{}[\]␤=]+[ \t]+(?:[\w-]+=(?:"[^"\n]*"|[^\s,"'␤]+)(?:,[ \t]*[\w-]+=(?:"[^"\n]*"|[^\s,"'␤]+))*|[^\s"',;<>{}[\]␤]+)|[^\s"',;<>␤]+/y;

/** Reads the value of a header without quotes around it. */
export function readHeader(
  scene: DecodedView,
  start: number,
  kind: 'cookie' | 'authorization',
): Value | undefined {
  return readToken(scene, start, kind === 'cookie' ? COOKIES : CREDENTIALS);
}
