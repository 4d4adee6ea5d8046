/** What a page template holds: its tokens, its comments, its styles and scripts. */

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
