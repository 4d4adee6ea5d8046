/** Finds problems in the tokens of a page template. */
import Mustache from 'mustache';
import { INLINE_ELEMENT, replaceComments } from '../../page/template.ts';
import { tokens } from '../../page/tokens.ts';
import { didYouMean } from '../check/did-you-mean.ts';
import type { PageProblem } from './page-problem.ts';

/** A Mustache tag of a template. */
interface Tag {
  /** As in https://github.com/janl/mustache.js: `name`, `&` (unescaped), `#`, `^`, `>` (partial), `=`. */
  readonly type: string;
  readonly name: string;
  /** The index of its first character in the template. */
  readonly start: number;
  readonly isInSection: boolean;
}

/** Examines the tokens of a template. Never throws. */
export function checkTokens(html: string): PageProblem[] {
  const template = replaceComments(html, blank);
  const problemAt = (offset: number, problem: string): PageProblem => ({
    line: template.slice(0, offset).split('\n').length,
    problem,
  });

  let tags: readonly Tag[];
  try {
    tags = tagsIn(Mustache.parse(template));
  } catch (error) {
    const [, what = '', offset = '0'] = /^(.*?)(?: at (\d+))?$/s.exec(messageOf(error)) ?? [];
    return [problemAt(Number(offset), `is not a Mustache template: ${what}`)];
  }

  const inline = [...template.matchAll(INLINE_ELEMENT)];
  const problems = tags.flatMap(({ type, name, start }) => {
    const [, element] =
      inline.find(({ index, 0: { length } }) => start > index && start < index + length) ?? [];
    return [
      ...(Object.hasOwn(tokens, name) && type !== '>' && type !== '=' ? [] : [unknown(name)]),
      ...(type === '&' ? ['has an unescaped token, {{{…}}} or {{&…}}; use {{…}}'] : []),
      ...(element === undefined ? [] : [`has a token inside <${element}>; only fixed content has a hash`]),
    ].map((problem) => problemAt(start, problem));
  });
  return [...problems, ...checkId(tags).map((problem) => problemAt(0, problem))];
}

/** The comment with spaces in place of everything but the tag. Its length and its lines stay the same. */
function blank(comment: string, sectionTag: string): string {
  const [before = '', ...after] = sectionTag === '' ? [comment] : comment.split(sectionTag);
  const spaces = (text: string) => text.replace(/[^\n]/g, ' ');
  return `${spaces(before)}${sectionTag}${spaces(after.join(sectionTag))}`;
}

function unknown(name: string): string {
  const names = Object.keys(tokens);
  const meant = didYouMean(name, names);
  const help = meant === undefined ? `known are ${names.join(', ')}` : `did you mean {{${meant}}}?`;
  return `has the unknown token {{${name}}}; ${help}`;
}

function checkId(tags: readonly Tag[]): string[] {
  const ids = tags.filter(({ type, name }) => type === 'name' && name === 'request_id');
  if (ids.length === 0) return ['has no {{request_id}}: nobody could quote the ID'];
  if (ids.some(({ isInSection }) => !isInSection)) return [];
  return ['has {{request_id}} only inside sections: where they are not shown, nobody could quote the ID'];
}

/** Mustache's tokens are `[type, name, start, end, children?, …]`. */
function tagsIn(parsed: readonly unknown[], isInSection = false): Tag[] {
  return parsed.flatMap((token) => {
    if (!Array.isArray(token)) return [];
    const [type, name, start, , children]: readonly unknown[] = token;
    if (typeof type !== 'string' || typeof name !== 'string' || typeof start !== 'number') return [];
    if (type === 'text' || type === '!') return [];
    return [{ type, name, start, isInSection }, ...(Array.isArray(children) ? tagsIn(children, true) : [])];
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
