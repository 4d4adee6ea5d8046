/** What URLs and paths hold beside the way to a resource: user names, passwords, parameters, queries, fragments. */
import { eachMatch, lastInLine } from './find.ts';
import type { Hide, Rule, Scene } from './secret-rule.ts';

/** What begins such a part, or an authority. */
const MARK = /[?#;@]|:\/\/(?!\/)/g;
/** What a word has that holds such a part. */
const SIGN = /[@/=]|\?[\w%~]/;

/** Hides userinfo, path parameters, queries and fragments. */
export const urlRule = inWords(MARK, hideUrlParts);

/**
 * A rule for the words that a mark stands in.
 * @param hideIn counts from the start of the word, and returns where to go on
 */
function inWords(
  mark: RegExp,
  hideIn: (word: string, hide: Hide, start: number, scene: Scene) => number,
): Rule {
  return (scene, hide) => {
    const { view } = scene;
    let done = 0;
    eachMatch(mark, view, ({ index }) => {
      let start = index;
      while (start > done && !isSpace(view, start - 1)) start--;
      let end = index + 1;
      while (end < view.length && !isSpace(view, end)) end++;
      const hideInWord: Hide = (from, to) => hide(start + from, start + to);
      done = start + hideIn(view.slice(start, end), hideInWord, start, scene);
      return done;
    });
  };
}

/** White space as `\s` has it, which beyond ASCII is rare. */
function isSpace(view: string, index: number): boolean {
  const code = view.charCodeAt(index);
  return code === 0x20 || (code >= 0x9 && code <= 0xd) || (code > 0x7f && /\s/.test(view.charAt(index)));
}

/** A URL with its scheme, or a path: a slash that follows neither a word nor `*` (`text/html`, `a/b`, the type of any media). */
const URL_START = /:\/\/|(?<![\w*)\]}])\//;
const PUNCTUATION = '?!.,:;)]}>"\'`|';

const REGEXP_GROUP = /^\?[:=!<]/;

function hideUrlParts(word: string, hide: Hide, start: number, { view, isCut }: Scene): number {
  if (!SIGN.test(word)) return word.length;
  const isOpen = isCut && start + word.length === view.length;
  let solid = word.length; // the end without punctuation
  while (solid > 0 && PUNCTUATION.includes(word.charAt(solid - 1))) solid--;
  const urlStart = word.includes('/') ? word.search(URL_START) : -1;
  const lastEquals = word.lastIndexOf('=');
  for (let at = hideUserinfo(word, isOpen, hide); at < word.length; at++) {
    const mark = word[at];
    if (mark !== '?' && mark !== '#' && mark !== ';') continue;
    if (mark === '?' && word[at - 1] === '(' && REGEXP_GROUP.test(word.slice(at, at + 2))) continue;
    const isInUrl = urlStart >= 0 && at > urlStart && at + 1 < solid;
    if (mark === ';') {
      if (isInUrl && !'"\')}]'.includes(word.charAt(at - 1)))
        at = hideParameter(word, at + 1, solid, hide) - 1;
      continue;
    }
    const isAssigned = lastEquals > at;
    if (!isInUrl && !isAssigned && (mark === '#' || !beginsQuery(word, at))) continue;
    const isQuery = mark === '?' || isAssigned;
    const end = isQuery ? queryEnd(view, start + at) - start : solid;
    hide(at + 1, end);
    return end;
  }
  return word.length;
}

const QUERY_BETWEEN = /[\w-]\?[\w%~]/y;
const QUERY_FIRST = /^\?[a-z%_~]/i;

/** Whether a question mark outside of a URL begins a query: it stands between letters, or before one. */
function beginsQuery(word: string, at: number): boolean {
  if (at === 0) return QUERY_FIRST.test(word);
  QUERY_BETWEEN.lastIndex = at - 1;
  return QUERY_BETWEEN.test(word);
}

/** A path parameter ends with its segment (RFC 3986 §3.3); its name stays. @returns where it ends */
function hideParameter(word: string, start: number, solid: number, hide: Hide): number {
  const [, name = ''] = /^([a-z][\w.-]{0,31}=)?/i.exec(word.slice(start, start + 40)) ?? [];
  let end = start + name.length;
  while (end < solid && !'/;?#'.includes(word.charAt(end))) end++;
  hide(start + name.length, end);
  return end;
}

/** A query may hold anything: it ends with the bracket that it stands in, else with the line. */
function queryEnd(view: string, start: number): number {
  return lastInLine(view, start, enclosingBracket(view, start));
}

const OPENING = '([{<';
const CLOSING = ')]}>';

/** What closes the innermost bracket that is open in the line before `start`; empty where none is. */
function enclosingBracket(view: string, start: number): string {
  let closed = 0;
  for (let i = start - 1; i >= 0 && view[i] !== '\n'; i--) {
    const character = view.charAt(i);
    const kind = OPENING.indexOf(character);
    if (kind < 0) closed += CLOSING.includes(character) ? 1 : 0;
    else if (closed-- === 0) return CLOSING.charAt(kind);
  }
  return '';
}

const WEB_SCHEME = /(?:^|[^a-z])(?:https?|wss?|file|webpack[a-z-]*|node|npm)$/i;

/**
 * Hides what stands before the last `@` that can belong to an authority: a password may hold any character.
 * @returns where the path begins
 */
function hideUserinfo(word: string, isOpen: boolean, hide: Hide): number {
  const lastAt = word.lastIndexOf('@');
  let pathStart = 0;
  let authority = word.indexOf('://');
  if (authority < 0 && lastAt > 0) return hideLogin(word, lastAt, hide);
  while (authority >= 0) {
    const start = authority + 3;
    let end = start;
    while (end < word.length && !'/?#'.includes(word.charAt(end))) end++;
    const host = word.slice(start, end);
    const at = host.lastIndexOf('@');
    const hasPassword =
      (isOpen && end === word.length) || /^[^:"'<>]+:(?!\d{1,5}(?![\w.~%$!*+-]))[^"'<>)\]},;.:]/.test(host);
    const isDatabase = !WEB_SCHEME.test(word.slice(Math.max(0, authority - 16), authority));
    if (lastAt >= end && (hasPassword || isDatabase)) {
      hide(start, lastAt);
      return lastAt;
    }
    if (at >= 0) hide(start, start + at);
    else if (hasPassword) hide(start, word.length);
    pathStart = end;
    authority = word.indexOf('://', end);
  }
  return pathStart;
}

/** `name:password@host` without a scheme, and Oracle's `thin:name/password@host`. @returns where it ends */
function hideLogin(word: string, lastAt: number, hide: Hide): number {
  const colon = word.indexOf(':');
  const isHost = /^@(?:[a-z([]|\d+\.\d+\.\d+\.\d|\/\/)/i.test(word.slice(lastAt, lastAt + 20));
  if (colon < 0 || colon + 1 >= lastAt || !isHost || /[/_+]/.test(word.charAt(lastAt - 1))) return 0;
  hide(colon + 1, lastAt);
  return lastAt;
}

/** The words by which frameworks name the links that let in whoever has them. */
export const LINK_WORD =
  /reset|passw|invit|confirm|verif|activat|magic|unsubscr|recover|unlock|token|webhook/gi;
/** A segment of a path that is named by one. */
const LINK_SEGMENT =
  /(?:^|[/_.-])(?:reset|passwords?|passwd|invit\w{0,8}|confirm\w{0,8}|verif\w{0,8}|activat\w{0,6}|magic|unsubscribe|recover\w{0,4}|unlock|tokens?|webhooks?)(?=[_.-]|["'`)\]}>,:]{0,4}(?:\/|$))/i;
const FILE_NAME = /\.[a-z][a-z0-9]{0,4}(?::\d{1,7}){0,2}[)\]"'`,;:]{0,3}$/i;
const SHORTEST_TOKEN = 6;

/** Hides the segments behind such a word that are no words themselves, in URLs and paths. */
export const linkRule = inWords(LINK_WORD, (word, hide) => {
  const [path = ''] = word.split(/[?#]/, 1);
  const link = LINK_SEGMENT.exec(path);
  const first = link === null ? -1 : path.indexOf('/', link.index + 1);
  if (first < 0 || !URL_START.test(path) || FILE_NAME.test(path.slice(-24))) return word.length;
  let start = first + 1;
  for (const segment of path.slice(start).split('/')) {
    const text = segment.replace(/["'`)\]}>,.:]{1,4}$/, '');
    if (text.length >= SHORTEST_TOKEN && /\d|[a-z][A-Z]/.test(text)) hide(start, start + text.length);
    start += segment.length + 1;
  }
  return word.length;
});
