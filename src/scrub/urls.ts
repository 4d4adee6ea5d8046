/** Kind a: finds user names, passwords, parameters and queries in URLs and paths. */
import type { DecodedView } from './decoded-view.ts';
import { eachMatch, matchAt, textBefore } from './find.ts';
import type { Rule } from './rule.ts';

/** A word that may hold a URL or a path. Quotes and brackets in it may belong to the URL. */
const WORD = /[^\s"<>|`␤]+/g;

/** The start of a URL or of a path. A slash behind a word or a `*`, as in `text/html`, begins no path. */
const URL_START = /[a-z][a-z0-9+.-]{0,31}:\/\/(?!\/)|(?<![\w*)\]}.~-])\/(?!\*)|(?<![\w*])[.~]{1,2}\//i;

/** Hides `?query` and `#fragment`. */
export const queries: Rule = {
  name: 'a query',
  mark: /[?#]/,
  find(scene, hide) {
    const { view } = scene;
    eachMatch(WORD, view, ({ 0: word, index }) => {
      if (!/[?#]/.test(word)) return;
      const url = word.search(URL_START);
      const from = url < 0 ? 0 : url + userinfoOf(delimited(scene, index + url, word.slice(url))).end;
      // A `?` or `#` in the punctuation at the end of a word begins no query.
      const solid = lastOf(word, /[^"'`)\]}>,.:;?!|<]/);
      for (const { 0: mark, index: at } of word.slice(from).matchAll(/[?#]/g)) {
        const start = index + from + at + 1;
        if (from + at >= solid) break;
        if (url >= 0 ? isGroup(view, start) : mark === '#' || !isAlone(view, start)) continue;
        if (matchAt(POSITION, view, start) !== null) continue;
        const end = queryEnd(view, index + Math.max(url, 0), start, index + word.length);
        hide(start, end);
        return Math.max(start, end);
      }
      return;
    });
  },
};

/** A line and a column in a file. The names of webpack end with `?` or `?a1b2`. */
const POSITION = /(?:[\da-f]{4})?:\d{1,7}(?::\d{1,7})?(?![^\s)\],;])/y;

function lastOf(text: string, pattern: RegExp): number {
  let last = text.length - 1;
  while (last >= 0 && !pattern.test(text.charAt(last))) last--;
  return last;
}

/** True for a group of a regular expression: `/(?:a|b)/`. */
function isGroup(view: string, start: number): boolean {
  return view.charAt(start - 2) === '(' && /[:=!]/.test(view.charAt(start));
}

const ASSIGNS = /[\w%~][\w%~[\]?&+-]{0,64}=/y;

/** True for a query without a URL, as in `page.php?a=1` or `?token=…`. False for `x?.y`, `(?=…)` and `a ? b : c`. */
function isAlone(view: string, start: number): boolean {
  return view.charAt(start - 2) !== '(' && matchAt(ASSIGNS, view, start) !== null;
}

/** In characters. The quote or the bracket around a URL may stand this far before it. */
const LONGEST_LOOK_BACK = 256;
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** The end of a query is the end of its URL: the end of the word, or the apostrophe or bracket around the URL. */
function queryEnd(view: string, url: number, start: number, wordEnd: number): number {
  const before = textBefore(view, url, LONGEST_LOOK_BACK);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const isQuoted = (line.match(/(?<!\w)'|'(?!\w)/g)?.length ?? 0) % 2 === 1;
  const own: Record<string, number> = {};
  let end = url;
  for (const { 0: character, index } of view.slice(url, wordEnd).matchAll(/['()[\]{}]/g)) {
    end = url + index;
    const opening = OPENING[character];
    if (character === "'") {
      if (isQuoted && end >= start) return withoutPunctuation(view, start, end);
    } else if (opening === undefined) own[character] = (own[character] ?? 0) + 1;
    else if ((own[opening] ?? 0) > 0) own[opening] = (own[opening] ?? 0) - 1;
    else if (end >= start && isOpen(line, opening, character)) return withoutPunctuation(view, start, end);
  }
  return withoutPunctuation(view, start, wordEnd);
}

function withoutPunctuation(view: string, start: number, end: number): number {
  let last = end;
  while (last > start && /[.,:;!?]/.test(view.charAt(last - 1))) last--;
  return last;
}

/** True if a bracket was opened and not closed. */
function isOpen(text: string, opening: string, closing: string): boolean {
  let open = 0;
  for (const character of text) {
    if (character === opening) open++;
    else if (character === closing && open > 0) open--;
  }
  return open > 0;
}

/** A parameter of a path (RFC 3986 §3.3): `/path;name=value`. */
const PARAMETER = /;([a-z_][\w.-]{0,31}=)?([^/;?#&)]{1,256})/gi;

const SEGMENTS = /[^\s"'`<>|{}␤]+/g;

/** Hides parameters of a path, such as `;jsessionid=…`. */
export const parameters: Rule = {
  name: 'a parameter',
  mark: /;\S/,
  find({ view }, hide) {
    eachMatch(SEGMENTS, view, ({ 0: run, index }) => {
      const first = run.indexOf(';');
      if (first < 0) return;
      const scheme = run.indexOf('://');
      const path = scheme < 0 ? run.search(/(?<![\w*)\]}.:/-])\/(?![/*])/) : run.indexOf('/', scheme + 3);
      if (path < 0 || path > first) return;
      eachMatch(PARAMETER, run, ({ index: at, 1: name = '', 2: value = '' }, end) => {
        if (value !== '') hide(index + at + 1 + name.length, index + end);
      });
    });
  },
};

const AUTHORITY = /[a-z][a-z0-9+.-]{0,31}:\/\/(?!\/)|(?<![a-z]):\/\/(?!\/)/gi;
/** The text that a password may be in: up to the next URL in the same word. */
const UNTIL_NEXT = /(?:(?!:\/\/)[^\s"<>␤]){0,1024}/y;
const WEB = /^(?:https?|wss?|file|node|npm|webpack.*):/i;

/** Hides `user:password` in `scheme://user:password@host`. A password may hold any character. */
export const userinfo: Rule = {
  name: 'a userinfo',
  mark: /:\/\//,
  find(scene, hide) {
    const { view, isCut } = scene;
    eachMatch(AUTHORITY, view, ({ 0: scheme }, start) => {
      const begin = start - scheme.length;
      const until = matchAt(UNTIL_NEXT, view, start)?.[0] ?? '';
      const url = delimited(scene, begin, scheme + until);
      const rest = url.slice(scheme.length);
      const { end, isShortened } = userinfoOf(url);
      const authorityEnd = start + firstOf(/[/?#]/, rest);
      const isHidden = isShortened || (isCut && authorityEnd === view.length);
      const last = isHidden ? authorityEnd : begin + end;
      hide(start, last);
      return Math.max(start, last);
    });
  },
};

/**
 * A URL in which a percent-encoded character delimits nothing, as between `:` and `@` of `a:b%23c@host` (RFC 3986
 * §2.2); unless the URL is encoded as a whole.
 */
function delimited({ spellingOf }: DecodedView, begin: number, url: string): string {
  const isEncoded = (index: number) => spellingOf(begin + index).startsWith('%');
  if (isEncoded(url.indexOf('://'))) return url;
  return url.replace(/[@:/?#]/g, (character, index: number) => (isEncoded(index) ? '·' : character));
}

/** The end of the userinfo of the URL that begins the text. `isShortened` is true if its printer cut it. */
function userinfoOf(url: string): { readonly end: number; readonly isShortened: boolean } {
  const start = url.indexOf('://') + 3;
  const nothing = { end: 0, isShortened: false };
  if (start < 3 || start > 36) return nothing;
  const rest = url.slice(start);
  const authority = rest.slice(0, firstOf(/[/?#]/, rest));
  const hasPassword = /^[^:/?#]*:(?!\d{1,5}(?:[/?#,;:'`)\]}.]|$))[^]/.test(authority);
  const at = authority.lastIndexOf('@');
  const lastAt = rest.lastIndexOf('@');
  const isHost = /^@[\w[({$%-]/.test(rest.slice(lastAt));
  const isBehindAt = at >= 0 && (WEB.test(url) || /[?#]/.test(rest.slice(0, lastAt)));
  if (lastAt > at && isHost && !isBehindAt && (hasPassword || at >= 0))
    return { end: start + lastAt, isShortened: false };
  if (at >= 0) return { end: start + at, isShortened: false };
  return { ...nothing, isShortened: hasPassword && /\.{3}|…/.test(authority) };
}

function firstOf(pattern: RegExp, text: string): number {
  const index = text.search(pattern);
  return index < 0 ? text.length : index;
}
