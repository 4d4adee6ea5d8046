/** Kind a: what URLs and paths hold beside the way to a resource: user names, passwords, parameters, queries. */
import { eachMatch, matchAt, textBefore } from './find.ts';
import type { Rule } from './rule.ts';
import { looksChosen } from './values.ts';

/** What can hold a URL or a path: no white space, no quotes, no brackets. */
const RUN = /[^\s"'`<>|(){}[\],␤]+/g;
/** In a path, brackets are parameters as well: ASP.NET has its sessions there. */
const RUN_WITH_BRACKETS = /[^\s"'`<>|{}␤]+/g;

/** A URL, or a path: a slash that follows neither a word nor `*`, as in `text/html`, `a/b` or the type of any media. */
const URL_START = /:\/\/(?!\/)|(?<![\w*)\]}.~-])\/(?!\*)|(?<![\w*])[.~]{1,2}\//;

/** `?query` and `#fragment`. */
export const queries: Rule = {
  name: 'a query',
  mark: /[?#]/,
  find({ view }, hide) {
    eachMatch(RUN, view, ({ 0: run, index }) => {
      const url = run.search(URL_START);
      for (const { 0: mark, index: at } of run.matchAll(/[?#]/g)) {
        const start = index + at + 1;
        if (url >= 0 && url < at ? !BEGINS.test(view.charAt(start)) : mark === '#' || !isAlone(view, start))
          continue;
        const end = queryEnd(view, start);
        hide(start, end);
        return Math.max(index + run.length, end);
      }
      return;
    });
  },
};

/** What a query or a fragment begins with: the punctuation of a sentence is none. */
const BEGINS = /[^\s"'`)\]}>,.:;?!|<␤]/;
const ASSIGNS = /[\w%~][\w%~[\]?&+-]{0,64}=/y;

/** Without a path, only this is a query: `page.php?a=1`, `?token=…`; and not `x?.y`, `(?=…)` or `a ? b : c`. */
function isAlone(view: string, start: number): boolean {
  return view.charAt(start - 2) !== '(' && matchAt(ASSIGNS, view, start) !== null;
}

/** How far back the quote or bracket may stand that a URL stands in. */
const LONGEST_LOOK_BACK = 256;
const PLAIN = /[^\s"<>|`␤'()[\]{}]*/y;
const URL_END = /[\s"<>|`␤]/;
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** A query ends where its URL does: at white space, or at the quote or the bracket that it stands in. */
function queryEnd(view: string, start: number): number {
  const line = textBefore(view, start, LONGEST_LOOK_BACK);
  const isQuoted = isInApostrophes(line);
  const inner = new Map<string, number>();
  let end = start;
  for (;;) {
    end += matchAt(PLAIN, view, end)?.[0].length ?? 0;
    const character = view.charAt(end);
    if (character === '' || URL_END.test(character) || (character === "'" && isQuoted)) break;
    const opening = OPENING[character];
    const open = inner.get(opening ?? character) ?? 0;
    if (opening === undefined) inner.set(character, open + 1);
    else if (open > 0) inner.set(opening, open - 1);
    else if (isOpen(line, opening, character)) break;
    end++;
  }
  while (end > start && /[.,:;!?]/.test(view.charAt(end - 1))) end--;
  return end;
}

/** True if a bracket was opened in this line, and not closed. */
function isOpen(text: string, opening: string, closing: string): boolean {
  let open = 0;
  for (let at = text.lastIndexOf('\n') + 1; at < text.length; at++) {
    if (text[at] === opening) open++;
    else if (text[at] === closing && open > 0) open--;
  }
  return open > 0;
}

/** True if a URL stands in apostrophes, which it may hold itself. */
function isInApostrophes(line: string): boolean {
  const at = line.lastIndexOf("'");
  return at >= 0 && !/\s/.test(line.slice(at)) && !/\w$/.test(line.slice(0, at));
}

/** RFC 3986 §3.3: `/path;name=value`. */
const PARAMETER = /;([a-z_][\w.-]{0,31}=)?([^/;?#&)]{1,256})/gi;

/** Parameters of a path, as `;jsessionid=…`. */
export const parameters: Rule = {
  name: 'a parameter',
  mark: /;\S/,
  find({ view }, hide) {
    eachMatch(RUN_WITH_BRACKETS, view, ({ 0: run, index }) => {
      const first = run.indexOf(';');
      if (first < 0) return;
      const scheme = run.indexOf('://');
      const path = scheme < 0 ? run.search(/(?<![\w*)\]}.:/-])\/(?![/*])/) : run.indexOf('/', scheme + 3);
      if (path < 0 || path > first) return;
      eachMatch(PARAMETER, run, ({ index: at, 1: name = '', 2: value = '' }, end) => {
        if (name !== '' || looksChosen(value)) hide(index + at + 1 + name.length, index + end);
      });
    });
  },
};

const AUTHORITY = /([a-z][a-z0-9+.-]{0,31})?:\/\/(?!\/)/gi;
/** As long as a password may be: up to the next URL in the same word. */
const UNTIL_NEXT = /(?:(?!:\/\/)[^\s"<>␤]){0,1024}/y;
const WEB = /^(?:https?|wss?|file|node|npm|webpack.*)$/i;

/** `scheme://user:password@host`, where a password may hold anything. */
export const userinfo: Rule = {
  name: 'a userinfo',
  mark: /:\/\//,
  find({ view, isCut }, hide) {
    eachMatch(AUTHORITY, view, ([, scheme = ''], start) => {
      const first = matchAt(UNTIL_NEXT, view, start)?.[0] ?? '';
      const authority = first.slice(0, firstOf(/[/?#]/, first));
      const password = /^[^:/?#]*:(?!\d{1,5}(?:[/?#,;:'`)\]}.]|$))[^]/.test(authority);
      const lastAt = first.lastIndexOf('@');
      const at = authority.lastIndexOf('@');
      const isHost = /^@[\w[({$%-]/.test(first.slice(lastAt));
      if (at >= 0 && (lastAt === at || WEB.test(scheme)) && !(password && lastAt > at && isHost))
        hide(start, start + at);
      else if (lastAt >= 0 && isHost && (password || (at >= 0 && !WEB.test(scheme))))
        hide(start, start + lastAt);
      // Shortened by whoever printed it, or by our own cut.
      else if ((password && /\.{3}|…/.test(authority)) || (isCut && start + authority.length === view.length))
        hide(start, start + authority.length);
      else return start;
      return start + Math.max(at, lastAt);
    });
  },
};

function firstOf(pattern: RegExp, text: string): number {
  const index = text.search(pattern);
  return index < 0 ? text.length : index;
}

/** `name:password@host` without a scheme, and Oracle's `name/password@host`. */
const LOGIN =
  /(?<![\w/.@+-])(?!(?:npm|pkg|jsr|file|node|workspace|patch|mailto|sips?|acct|xmpp|git)[:/])[\w.-]{1,64}:(?!\/)([^\s:"<>]{1,128})@(?=(?:[a-z][a-z0-9-]*(?:[.:/(]|$|\s)|\[|\d+\.\d+\.\d+\.\d|\/\/))(?!sha\d+:)|\bthin:([\w.-]{1,64}\/[^\s@"<>]{1,128})@/gi;

export const logins: Rule = {
  name: 'a login',
  mark: /@/,
  find({ view }, hide) {
    eachMatch(LOGIN, view, ({ 0: found, 1: password, 2: oracle }, end) => {
      hide(end - 1 - (password ?? oracle ?? found).length, end - 1);
    });
  },
};
