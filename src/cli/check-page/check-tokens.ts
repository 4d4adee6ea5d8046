/** Finds problems in the tokens of a page template. */
import Mustache from 'mustache';
import { INLINE_ELEMENT, replaceComments } from '../../page/template.ts';
import { tokens } from '../../page/tokens.ts';
import { textProperty } from '../../untrusted.ts';
import { didYouMean } from '../check/did-you-mean.ts';
import { lineAt, type PageProblem } from './page-problem.ts';

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
  try {
    return [...problemsOf(tagsIn(Mustache.parse(template)), template)];
  } catch (error) {
    const [, what = '', offset = '0'] = /^(.*?)(?: at (\d+))?$/s.exec(textProperty(error, 'message')) ?? [];
    return [{ line: lineAt(template, Number(offset)), problem: `is not a Mustache template: ${what}` }];
  }
}

function* problemsOf(tags: readonly Tag[], template: string): Iterable<PageProblem> {
  const inline = [...template.matchAll(INLINE_ELEMENT)];
  for (const { type, name, start } of tags) {
    const line = lineAt(template, start);
    const [, element] =
      inline.find(({ index, 0: { length } }) => start > index && start < index + length) ?? [];
    if (!Object.hasOwn(tokens, name) || type === '>' || type === '=') yield { line, problem: unknown(name) };
    if (type === '&') yield { line, problem: 'has an unescaped token, {{{…}}} or {{&…}}; use {{…}}' };
    if (element !== undefined)
      yield { line, problem: `has a token inside <${element}>; only fixed content has a hash` };
  }
  const ids = tags.filter(({ type, name }) => type === 'name' && name === 'request_id');
  if (ids.length === 0) yield { line: 1, problem: 'has no {{request_id}}: nobody could quote the ID' };
  else if (ids.every(({ isInSection }) => isInSection))
    yield {
      line: 1,
      problem: 'has {{request_id}} only inside sections: where they are not shown, nobody could quote the ID',
    };
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
