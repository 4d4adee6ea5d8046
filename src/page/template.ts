/** Handles the parts of a page template besides its tokens: comments, styles and scripts. */

/** Matches the `<style>` and `<script>` elements. The Content-Security-Policy needs hashes of their contents. */
export const INLINE_ELEMENT = /<(style|script)>([^]*?)<\/\1>/g;

/**
 * The template for Mustache: without HTML comments, and without indentation unless it has a `<pre>` or `<textarea>`.
 * The tag of a section may stand in a comment, `<!-- {{#retry}} --> … <!-- {{/retry}} -->`, so that a browser that
 * opens the file does not show it. Such a tag stays.
 */
export function asServed(html: string): string {
  const template = replaceComments(html, (_comment, sectionTag) => sectionTag);
  return /<(?:pre|textarea)\b/i.test(template) ? template : template.replace(/^\s+/gm, '');
}

const INLINE_ELEMENT_OR_COMMENT = /(<(style|script)>[^]*?<\/\2>)|<!--\s*(\{\{[#^/][^{}]*\}\})?[^]*?-->/g;

/**
 * Replaces the HTML comments of a template, but not the text of a style or a script that looks like one.
 * @param replacement gets a comment, and the tag of a section if the comment begins with one
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
