/** What URLs and paths hold beside the way to a resource: user names, passwords, parameters, queries, fragments. */
import type { Hide, Rule, Scene } from './secret-rule.ts';

/** Hides userinfo, path parameters, queries, fragments and the tokens of reset and invite links. */
export const urlRule: Rule = (scene, hide) => {
  const { view } = scene;
  if (!/[?#;@/]/.test(view)) return;
  const words = /\S+/g;
  for (let found = words.exec(view); found !== null; found = words.exec(view)) {
    if (!/[?#;@/]/.test(found[0])) continue;
    words.lastIndex = hideInWord(scene, found[0], found.index, hide);
  }
};

/** A URL with its scheme, or a path: a slash that follows neither a word nor `*` (`text/html`, `a/b`, the type of any media). */
const URL_START = /:\/\/|(?<![\w*)\]}])\//;
const PUNCTUATION = /[?!.,:;)\]}>"'`|]/;

/** @returns where to go on */
function hideInWord(scene: Scene, word: string, offset: number, hide: Hide): number {
  const { view } = scene;
  let solid = word.length; // the end without punctuation
  while (solid > 0 && PUNCTUATION.test(word.charAt(solid - 1))) solid--;
  const urlStart = word.search(URL_START);
  const isUrl = urlStart >= 0;
  const pathStart = hideUserinfo(scene, word, offset, hide);
  const lastEquals = word.lastIndexOf('=');
  const parts = /[?#;]/g;
  parts.lastIndex = pathStart;
  for (let part = parts.exec(word); part !== null; part = parts.exec(word)) {
    const at = part.index;
    const isInUrl = isUrl && at > urlStart;
    const [before, mark, next] = [word.charAt(at - 1), part[0], word.charAt(at + 1)];
    if (mark === ';') {
      if (!isInUrl || at + 1 >= solid || /["')}\]]/.test(before)) continue;
      parts.lastIndex = hideParameter(word, at + 1, solid, offset, hide);
      continue;
    }
    const isAssigned = lastEquals > at;
    const isQuery =
      mark === '?' &&
      ((isInUrl && at + 1 < solid) ||
        isAssigned ||
        (/[\w-]|^$/.test(before) && /[a-z%_~]/i.test(next)) ||
        (/[\w-]/.test(before) && /\d/.test(next)));
    const isFragment = mark === '#' && ((isInUrl && at + 1 < solid) || isAssigned);
    if (!isQuery && !isFragment) continue;
    hideTokenSegments(word.slice(0, at), offset, isUrl, hide);
    const end = isQuery || isAssigned ? queryEnd(view, offset + at) : offset + solid;
    hide(offset + at + 1, end);
    return end;
  }
  hideTokenSegments(word, offset, isUrl, hide);
  return offset + word.length;
}

/** A path parameter ends with its segment (RFC 3986 §3.3); its name stays. @returns where it ends */
function hideParameter(word: string, start: number, solid: number, offset: number, hide: Hide): number {
  const [, name = ''] = /^([a-z][\w.-]{0,31}=)?/i.exec(word.slice(start, start + 40)) ?? [];
  let end = start + name.length;
  while (end < solid && !'/;?#'.includes(word.charAt(end))) end++;
  hide(offset + start + name.length, offset + end);
  return end;
}

/** A query may hold anything: it ends with the bracket that it stands in, else with the line. */
function queryEnd(view: string, start: number): number {
  const newline = view.indexOf('\n', start);
  const lineEnd = newline < 0 ? view.length : newline;
  const closing = enclosingBracket(view, start);
  const end = closing === '' ? -1 : view.slice(start, lineEnd).lastIndexOf(closing);
  return end < 0 ? lineEnd : start + end;
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

/** What closes the innermost bracket that is open in the line before `start`; empty where none is. */
function enclosingBracket(view: string, start: number): string {
  let closed = 0;
  for (let i = start - 1; i >= 0 && view[i] !== '\n'; i--) {
    const character = view.charAt(i);
    const closer = closers[character];
    if (closer === undefined) closed += /[)\]}>]/.test(character) ? 1 : 0;
    else if (closed > 0) closed--;
    else return closer;
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
const LINK_NAME =
  /(?:^|[_.-])(?:reset|passwords?|passwd|invit\w{0,8}|confirm\w{0,8}|verif\w{0,8}|activat\w{0,6}|magic|unsubscribe|recover\w{0,4}|tokens?|webhooks?)(?:$|[_.-])/i;
const FILE_NAME = /\.[a-z][a-z0-9]{0,4}(?::\d{1,7}){0,2}$/i;
const SHORTEST_TOKEN = 6;

/** Hides the segments behind such a word that are no words themselves. */
function hideTokenSegments(word: string, offset: number, isUrl: boolean, hide: Hide): void {
  if (!isUrl || FILE_NAME.test(word.slice(-24))) return;
  let isBehind = false;
  let start = 0;
  for (const segment of word.split('/')) {
    const text = segment.replace(/["'`)\]}>,.:]{1,4}$/, '');
    if (isBehind && text.length >= SHORTEST_TOKEN && /\d|[a-z][A-Z]/.test(text)) {
      hide(offset + start, offset + start + text.length);
    }
    isBehind ||= LINK_NAME.test(text.slice(0, 64));
    start += segment.length + 1;
  }
}
