/** Extracts the text that a reader sees on an HTML page. */
import { decodeReferences } from '../scrub/html-entities.ts';

/** Elements whose text no reader sees. Only their own end tag ends a `style` or `script`. */
const RAW = /^(?:style|script)$/i;
const UNREAD = /^(?:svg|template|iframe|object)$/i;
const BLOCK = /^(?:body|p|div|br|hr|h[1-6]|ul|ol|li|dl|dt|pre|table|tr|section|footer)$/i;
const CELL = /^(?:td|dd)$/i;
/**
 * A tag, a comment, or a declaration. One without an end goes on to the end of the page:
 * https://html.spec.whatwg.org/multipage/parsing.html#parse-errors
 */
const MARKUP =
  /<(?:!--[^]*?(?:-->|$)|\/?([a-z][^\s/>]*)(?=[\s/>])(?:"[^"]*"|'[^']*'|[^"'>])*>|[!?/](?!--)[^>]*>)/iy;
const BEGINS_MARKUP = /[a-z!?/]/i;

// Each tag costs time. A page for readers has fewer tags for this much text.
const MOST_TAGS = 2000;

/**
 * The text of a page: its title and its body, without styles, scripts, pictures, tags and comments. Character
 * references are decoded, white space is folded, and each block is a line. Linear in the length of the page.
 * @param length the number of characters that you want. No more of the page is read
 * @returns the empty text if the page has none
 */
export function textOfHtml(html: string, length: number): string {
  const parts: string[] = [];
  let position = 0;
  let found = 0;
  for (let tags = 0; tags < MOST_TAGS && found < length && position < html.length; tags++) {
    const start = nextMarkup(html, position);
    const part = html.slice(position, Math.min(start, position + 2 * length));
    if (part !== '') parts.push(part.includes('&') ? decodeReferences(part) : part);
    MARKUP.lastIndex = start;
    const tag = MARKUP.exec(html);
    if (tag === null) break;
    const { 0: markup, 1: name = '' } = tag;
    position = endOfUnread(html, start, markup, name) ?? start + markup.length;
    parts.push(BLOCK.test(name) ? '\n' : CELL.test(name) && markup.charAt(1) !== '/' ? CELL_MARK : ' ');
    found += part.trim().length + 1;
  }
  return folded(parts.join(''));
}

const CELL_MARK = '␟';

/** Folds white space: one space between words, one line break between blocks, a colon between name and value. */
function folded(text: string): string {
  return (
    text
      .replace(/[^\S\n]+/g, ' ')
      // The cell before this one holds its name. Its value stays in its line.
      .replace(/(\w) ?␟\s*/g, '$1: ')
      .replace(/ ?␟ ?/g, ' ')
      .replace(/ ?\n[ \n]*/g, '\n')
      .replace(/ ([.,:;!?)])/g, '$1')
      .trim()
  );
}

/** The index of the next `<` that begins a tag, a comment or a declaration. */
function nextMarkup(html: string, from: number): number {
  let start = html.indexOf('<', from);
  while (start >= 0 && !BEGINS_MARKUP.test(html.charAt(start + 1))) start = html.indexOf('<', start + 1);
  return start < 0 ? html.length : start;
}

/** The index behind an element whose text no reader sees. Undefined for any other element. */
function endOfUnread(html: string, start: number, markup: string, name: string): number | undefined {
  if (markup.startsWith('</')) return undefined;
  const from = start + markup.length;
  if (RAW.test(name)) return endTag(html, name, from) ?? html.length;
  if (!UNREAD.test(name) || markup.endsWith('/>')) return undefined;
  const tags = new RegExp(`<(/?)${name}\\b[^>]*>`, 'gi');
  tags.lastIndex = from;
  let depth = 1;
  for (let tag = tags.exec(html); tag !== null; tag = tags.exec(html)) {
    if (!tag[0].endsWith('/>')) depth += tag[1] === '/' ? -1 : 1;
    if (depth === 0) return tags.lastIndex;
  }
  return html.length;
}

function endTag(html: string, name: string, from: number): number | undefined {
  const end = new RegExp(`</${name}\\b[^>]*>`, 'gi');
  end.lastIndex = from;
  return end.exec(html) === null ? undefined : end.lastIndex;
}
