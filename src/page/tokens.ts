/** What a page template may hold: every token, and the rules that keep a changed template working. */
import Mustache from 'mustache';
import { forbiddenMarkup } from './forbidden-markup.ts';

/** The tokens of the template and what each becomes. The text tokens are escaped for HTML. */
export const tokens = {
  request_id: 'the request ID',
  site_name: 'SITE_NAME, else the request’s host',
  status: 'the status code, such as 500',
  reason: 'the status in English words, such as Internal Server Error',
  time: 'when it failed, in UTC, for people',
  time_iso: 'the same for the datetime attribute',
  language: 'the page’s language, for the lang attribute',
  direction: 'its script direction, for the dir attribute',
  heading: 'Something went wrong',
  explanation: 'The server was unable to complete your request. Please try again later.',
  support: 'section: shown where SUPPORT_URL is set',
  support_url: 'SUPPORT_URL, with the request ID in it',
  contact_before: 'If this problem persists, please',
  contact_link: 'contact support',
  contact_after: 'the rest of that sentence',
  links: 'section: shown where one of the next two is',
  retry: 'section: shown where the request was a GET',
  try_again: 'Try again',
  status_page: 'section: shown where STATUS_PAGE_URL is set',
  status_page_url: 'STATUS_PAGE_URL',
  status_page_text: 'Service status',
  logged: 'Server logs contain details of this error with request ID:',
  copy: 'Copy ID',
  copied: 'Copied',
} as const;

/** The name of a token. */
export type Token = keyof typeof tokens;

/** What the Content-Security-Policy needs to know: the contents of `<style>` and `<script>` elements. */
export const INLINE_ELEMENT = /<(style|script)>([^]*?)<\/\1>/g;

/**
 * The template as Mustache gets it: without HTML comments. Of a comment around the tag of a section, the tag
 * stays, so that a browser shows the file without such tags: `<!-- {{#retry}} --> … <!-- {{/retry}} -->`.
 */
export function withoutComments(html: string): string {
  return html.replace(/<!--\s*(\{\{[#^/][^{}]*\}\})?[^]*?-->/g, '$1');
}

/**
 * Examines a page template.
 * @returns what is wrong with it, a sentence each; nothing where it can be used
 */
export function templateProblems(html: string): string[] {
  const template = withoutComments(html);
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
