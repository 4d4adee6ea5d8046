/** What is wrong with a changed page template, before it is deployed. */
import Mustache from 'mustache';
import { INLINE_ELEMENT, tokens, asServed } from '../../page/tokens.ts';
import { forbiddenMarkup } from './forbidden-markup.ts';

/**
 * Examines a page template.
 * @returns what is wrong with it, a sentence each; nothing where it can be used
 */
export function templateProblems(html: string): string[] {
  const template = asServed(html);
  let parsed: readonly unknown[];
  try {
    parsed = Mustache.parse(template);
  } catch (error) {
    return [`is not a Mustache template: ${error instanceof Error ? error.message : String(error)}`];
  }
  const found = tokensIn(parsed);
  const problems = [...found]
    .filter((name) => !Object.hasOwn(tokens, name))
    .map((name) => `has the unknown token {{${name}}}; known are ${Object.keys(tokens).join(', ')}`);
  if (!found.has('request_id')) problems.push('has no {{request_id}}: nobody could quote the ID');
  else if (
    !parsed.some((token) => Array.isArray(token) && token[0] === 'name' && token[1] === 'request_id')
  ) {
    problems.push(
      'has {{request_id}} only inside sections: where they are not shown, nobody could quote the ID',
    );
  }
  for (const [, element, content = ''] of template.matchAll(INLINE_ELEMENT)) {
    if (content.includes('{{'))
      problems.push(`has a token inside <${element}>; only fixed content has a hash`);
  }
  const markup = template.replace(INLINE_ELEMENT, '');
  if (/\{\{[{&]/.test(markup)) problems.push('has an unescaped token, {{{…}}} or {{&…}}; use {{…}}');
  if (/<(style|script)\b/i.test(markup)) {
    problems.push('has a <style> or <script> with attributes; only plain inline elements are allowed');
  }
  const styles = [...template.matchAll(INLINE_ELEMENT)]
    .filter(([, element]) => element === 'style')
    .map(([, , content = '']) => content);
  return [...problems, ...forbiddenMarkup(markup, styles)];
}

/** https://github.com/janl/mustache.js: [type, name, start, end, children?, …] */
function tokensIn(parsed: readonly unknown[]): Set<string> {
  const names = new Set<string>();
  for (const token of parsed) {
    if (!Array.isArray(token)) continue;
    const [type, name, , , children]: readonly unknown[] = token;
    if (typeof name === 'string' && type !== 'text' && type !== '!') names.add(name);
    if (Array.isArray(children)) for (const child of tokensIn(children)) names.add(child);
  }
  return names;
}
