/** What a page template holds beside its tokens: comments, styles and scripts. */

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
