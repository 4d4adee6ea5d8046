/** What a page template holds: its tokens, its comments, its styles and scripts. */

/** The tokens of the template and what each becomes. The text tokens are escaped for HTML. */
export const tokens = {
  request_id: 'the request ID',
  site_name: 'SITE_NAME, else the request’s host',
  home_url: 'where the site starts',
  status: 'the status code, such as 500',
  reason: 'the status in English words, such as Internal Server Error',
  time: 'when it failed, in UTC, for people',
  time_iso: 'the same for the datetime attribute',
  language: 'the page’s language, for the lang attribute',
  direction: 'its script direction, for the dir attribute',
  heading: 'Something went wrong',
  explanation:
    'The server was unable to complete your request. Please try again later. (After POST, PUT, PATCH and DELETE: that nobody can tell whether it was carried out.)',
  come_back: 'Please come back in about 10 minutes. Also a section: shown where the origin says when',
  retry: 'section: shown where the request can be repeated, inverted ({{^retry}}) where it may not',
  try_again: 'Try again',
  back_url: 'the page of the same site that the visitor came from, else where the site starts',
  back: 'Go back',
  status_page: 'section: shown where STATUS_PAGE_URL is set',
  status_page_url: 'STATUS_PAGE_URL',
  status_page_text: 'Service status',
  support: 'section: shown where SUPPORT_URL is set',
  support_url: 'SUPPORT_URL, with the request ID in it',
  support_address: 'the same for paper: the mail address or telephone number alone',
  contact_before: 'If this problem persists, please',
  contact_link: 'contact support',
  contact_after: 'the rest of that sentence',
  logged: 'Server logs contain details of this error with request ID:',
  quote: 'If you contact us, please quote this reference.',
  copy: 'Copy ID',
  copied: 'Copied',
  selected: 'The ID is selected: please copy it from here.',
} as const;

/** The name of a token. */
export type Token = keyof typeof tokens;

/** What the Content-Security-Policy needs to know: the contents of `<style>` and `<script>` elements. */
export const INLINE_ELEMENT = /<(style|script)>([^]*?)<\/\1>/g;

/**
 * The template as Mustache gets it: without HTML comments and, unless it has a `<pre>` or `<textarea>`, without
 * indentation. Of a comment around the tag of a section, the tag stays, so that a browser shows the file
 * without such tags: `<!-- {{#retry}} --> … <!-- {{/retry}} -->`.
 */
export function asServed(html: string): string {
  const template = replaceComments(html, (_comment, sectionTag) => sectionTag);
  return /<(?:pre|textarea)\b/i.test(template) ? template : template.replace(/^\s+/gm, '');
}

const INLINE_ELEMENT_OR_COMMENT = /(<(style|script)>[^]*?<\/\2>)|<!--\s*(\{\{[#^/][^{}]*\}\})?[^]*?-->/g;

/**
 * Replaces the HTML comments of a template. What looks like one inside a style or a script is none.
 * @param replacement is given a comment, and the tag of a section that it begins with, if any
 */
export function replaceComments(
  html: string,
  replacement: (comment: string, sectionTag: string) => string,
): string {
  return html.replace(
    INLINE_ELEMENT_OR_COMMENT,
    (match: string, inline: string | undefined, _name: string | undefined, sectionTag = '') =>
      inline ?? replacement(match, sectionTag),
  );
}
