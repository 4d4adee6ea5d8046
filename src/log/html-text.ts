/** What a reader would see of an HTML page, by the runtime's own parser. */
import { attempt } from '../untrusted.ts';
import { decodeReferences } from '../scrub/html-entities.ts';

/** Elements whose text nobody reads. */
const BLOCKS =
  'body, p, div, br, hr, h1, h2, h3, h4, h5, h6, ul, ol, li, dl, dt, pre, table, tr, section, footer';
const UNREAD = 'style, script, svg, template, iframe, object';

/**
 * The text of a page: its title and what stands in its body, without styles, scripts, pictures, tags and comments,
 * character references decoded, white space folded, a line for a block. Never rejects.
 * @returns the empty text where there is none, or where the parser refuses the page
 */
export async function textOfHtml(html: string): Promise<string> {
  let text = '';
  // A removed element still delivers its text, so that the depth has to be known.
  let unread = 0;
  const parser = new HTMLRewriter()
    .on(UNREAD, {
      element(element) {
        // What closes itself, as in SVG, has no end to wait for, and says so by throwing.
        const hasEnd = attempt(() => {
          element.onEndTag(() => {
            unread--;
          });
          return true;
        });
        if (hasEnd) unread++;
      },
    })
    .on(BLOCKS, {
      element() {
        if (unread === 0) text += '\n';
      },
    })
    .on('td, dd', {
      element() {
        // A cell's name is in the cell before it.
        if (unread === 0 && /\w\s*$/.test(text.slice(-16)) && !/\n\s*$/.test(text.slice(-16))) text += ': ';
      },
    })
    .onDocument({
      text(chunk) {
        if (unread > 0) return;
        text += chunk.text;
        if (chunk.lastInTextNode) text += ' ';
      },
    });
  try {
    await parser.transform(new Response(html)).text();
  } catch {
    return '';
  }
  return decodeReferences(text)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .replace(/ ([.,:;!?)])/g, '$1')
    .trim();
}
