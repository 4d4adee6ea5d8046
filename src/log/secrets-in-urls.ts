/** What URLs and paths hold beside the way to a resource: user names, passwords, parameters, queries, fragments. */
import { eachMatch, lastInLine } from './find.ts';
import type { Hide, Rule, Scene } from './secret-rule.ts';

/** What begins such a part, or an authority. */
const MARK = /[?#;@]|:\/\/(?!\/)/g;
/** What a word has that holds such a part. */
const SIGN = /[@/=]|\?[\w%~]/;

/** Hides userinfo, path parameters, queries and fragments: looks at the words that hold what begins one. */
export const urlRule: Rule = (scene, hide) =>
  eachWordWith(MARK, scene.view, (word, start) =>
    SIGN.test(word) ? hideInWord(scene, word, start, hide) : start + word.length,
  );

/** Hands on the words that a mark stands in; `visit` says where to go on. */
function eachWordWith(mark: RegExp, view: string, visit: (word: string, start: number) => number): void {
  let done = 0;
  eachMatch(mark, view, ({ index }) => {
    let start = index;
    while (start > done && !isSpace(view, start - 1)) start--;
    let end = index + 1;
    while (end < view.length && !isSpace(view, end)) end++;
    done = visit(view.slice(start, end), start);
    return done;
  });
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

/** @returns where to go on */
function hideInWord(scene: Scene, word: string, offset: number, hide: Hide): number {
  const { view } = scene;
  let solid = word.length; // the end without punctuation
  while (solid > 0 && PUNCTUATION.includes(word.charAt(solid - 1))) solid--;
  const urlStart = word.includes('/') ? word.search(URL_START) : -1;
  const lastEquals = word.lastIndexOf('=');
  for (let at = hideUserinfo(scene, word, offset, hide); at < word.length; at++) {
    const mark = word[at];
    if (mark !== '?' && mark !== '#' && mark !== ';') continue;
    if (mark === '?' && word[at - 1] === '(' && REGEXP_GROUP.test(word.slice(at, at + 2))) continue;
    const isInUrl = urlStart >= 0 && at > urlStart && at + 1 < solid;
    if (mark === ';') {
      if (isInUrl && !'"\')}]'.includes(word.charAt(at - 1)))
        at = hideParameter(word, at + 1, solid, offset, hide) - 1;
      continue;
    }
    const isAssigned = lastEquals > at;
    if (!isInUrl && !isAssigned && (mark === '#' || !beginsQuery(word, at))) continue;
    const start = offset + at;
    // A query may hold anything: it ends with the bracket that it stands in, else with the line.
    const isQuery = mark === '?' || isAssigned;
    const end = isQuery ? lastInLine(view, start, enclosingBracket(view, start)) : offset + solid;
    hide(start + 1, end);
    return end;
  }
  return offset + word.length;
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
function hideParameter(word: string, start: number, solid: number, offset: number, hide: Hide): number {
  const [, name = ''] = /^([a-z][\w.-]{0,31}=)?/i.exec(word.slice(start, start + 40)) ?? [];
  let end = start + name.length;
  while (end < solid && !'/;?#'.includes(word.charAt(end))) end++;
  hide(offset + start + name.length, offset + end);
  return end;
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
function hideUserinfo({ view, isCut }: Scene, word: string, offset: number, hide: Hide): number {
  const lastAt = word.lastIndexOf('@');
  let pathStart = 0;
  let authority = word.indexOf('://');
  if (authority < 0 && lastAt > 0) return hideLogin(word, lastAt, offset, hide);
  while (authority >= 0) {
    const start = authority + 3;
    let end = start;
    while (end < word.length && !'/?#'.includes(word.charAt(end))) end++;
    const host = word.slice(start, end);
    const at = host.lastIndexOf('@');
    const isOpen = isCut && offset + end === view.length;
    const hasPassword = isOpen || /^[^:"'<>]+:(?!\d{1,5}(?![\w.~%$!*+-]))[^"'<>)\]},;.:]/.test(host);
    const isDatabase = !WEB_SCHEME.test(word.slice(Math.max(0, authority - 16), authority));
    if (lastAt >= end && (hasPassword || isDatabase)) {
      hide(offset + start, offset + lastAt);
      return lastAt;
    }
    if (at >= 0) hide(offset + start, offset + start + at);
    else if (hasPassword) hide(offset + start, offset + word.length);
    pathStart = end;
    authority = word.indexOf('://', end);
  }
  return pathStart;
}

/** `name:password@host` without a scheme, and Oracle's `thin:name/password@host`. @returns where it ends */
function hideLogin(word: string, lastAt: number, offset: number, hide: Hide): number {
  const colon = word.indexOf(':');
  const isHost = /^@(?:[a-z([]|\d+\.\d+\.\d+\.\d|\/\/)/i.test(word.slice(lastAt, lastAt + 20));
  if (colon < 0 || colon + 1 >= lastAt || !isHost || /[/_+]/.test(word.charAt(lastAt - 1))) return 0;
  hide(offset + colon + 1, offset + lastAt);
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
export const linkRule: Rule = ({ view }, hide) =>
  eachWordWith(LINK_WORD, view, (word, start) => {
    const [path = ''] = word.split(/[?#]/, 1);
    hideTokens(path, start, hide);
    return start + word.length;
  });

function hideTokens(path: string, offset: number, hide: Hide): void {
  const link = LINK_SEGMENT.exec(path);
  const first = link === null ? -1 : path.indexOf('/', link.index + 1);
  if (first < 0 || !URL_START.test(path) || FILE_NAME.test(path.slice(-24))) return;
  let start = offset + first + 1;
  for (const segment of path.slice(first + 1).split('/')) {
    const text = segment.replace(/["'`)\]}>,.:]{1,4}$/, '');
    if (text.length >= SHORTEST_TOKEN && /\d|[a-z][A-Z]/.test(text)) hide(start, start + text.length);
    start += segment.length + 1;
  }
}
