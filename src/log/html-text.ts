/** The text that a reader would see of an HTML page. */
import { decodeReferences } from '../scrub/html-entities.ts';

/** Elements whose text nobody reads. Of the first two, only the end tag ends the text. */
const RAW = /^(?:style|script)$/i;
const UNREAD = /^(?:svg|template|iframe|object)$/i;
const BLOCK = /^(?:body|p|div|br|hr|h[1-6]|ul|ol|li|dl|dt|pre|table|tr|section|footer)$/i;
const CELL = /^(?:td|dd)$/i;
/**
 * A tag, a comment, or a declaration. One that has no end goes on to the end of the page:
 * https://html.spec.whatwg.org/multipage/parsing.html#parse-errors
 */
const MARKUP =
  /<(?:!--[^]*?(?:-->|$)|\/?([a-z][^\s/>]*)(?=[\s/>])(?:"[^"]*"|'[^']*'|[^"'>])*>|[!?/](?!--)[^>]*>)/iy;
const BEGINS_MARKUP = /[a-z!?/]/i;

// More tags for so little text are no page that somebody reads, and each costs time.
const MOST_TAGS = 2000;

/**
 * The text of a page: its title and what stands in its body, without styles, scripts, pictures, tags and comments,
 * character references decoded, white space folded, a line for a block. Linear in the length of the page.
 * @param length how many characters of text are asked for: no more of the page is read
 * @returns the empty text where there is none
 */
export function textOfHtml(html: string, length: number): string {
  const text = new FoldedText();
  let position = 0;
  for (let tags = 0; tags < MOST_TAGS && text.length < length && position < html.length; tags++) {
    const start = nextMarkup(html, position);
    text.add(decodeReferences(html.slice(position, Math.min(start, position + 2 * length))));
    MARKUP.lastIndex = start;
    const tag = MARKUP.exec(html);
    if (tag === null) break;
    const { 0: markup, 1: name = '' } = tag;
    position = endOfUnread(html, start, markup, name) ?? start + markup.length;
    if (BLOCK.test(name)) text.breakLine();
    // A cell's name is in the cell before it.
    else if (CELL.test(name)) text.endName();
    else text.add(' ');
  }
  return text.toString();
}

/** The place of the next `<` that begins a tag, a comment or a declaration. */
function nextMarkup(html: string, from: number): number {
  let start = html.indexOf('<', from);
  while (start >= 0 && !BEGINS_MARKUP.test(html.charAt(start + 1))) start = html.indexOf('<', start + 1);
  return start < 0 ? html.length : start;
}

/** Where an element ends whose text nobody reads; undefined for any other. */
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

/** A text with its white space folded: one space between words, one line break between blocks. */
class FoldedText {
  private text = '';

  get length(): number {
    return this.text.length;
  }

  add(part: string): void {
    const folded = part.replace(/[^\S\n]+/g, ' ').replace(/ ?\n[ \n]*/g, '\n');
    if (/[ \n]$/.test(this.text.slice(-1)) || this.text === '') this.text += folded.replace(/^ +/, '');
    else this.text += folded;
  }

  breakLine(): void {
    // The value of a name stays in its line.
    if (this.text.endsWith(': ')) return;
    this.text = `${this.text.trimEnd()}\n`;
  }

  /** Puts a colon between a name and its value, where something stands before it in the line. */
  endName(): void {
    const end = this.text.slice(-16).trimEnd();
    if (/\w$/.test(end) && !/\n *$/.test(this.text.slice(-16))) this.text = `${this.text.trimEnd()}: `;
  }

  toString(): string {
    return this.text
      .replace(/ ?\n[ \n]*/g, '\n')
      .replace(/ ([.,:;!?)])/g, '$1')
      .trim();
  }
}
