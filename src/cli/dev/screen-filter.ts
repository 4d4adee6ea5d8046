/** Removes the records of failures from wrangler's output: `dev` prints its own line for each. */
import { stripVTControlCharacters } from 'node:util';

/**
 * Passes wrangler's output on without records: objects with a `request_id`, which wrangler prints over many lines
 * from `[ERROR] {` to `}`. If wrangler changes that form, the records are shown, and nothing else is lost.
 * @returns `take` gets the output line by line, and `end` shows the rest of it
 */
export function screenFilter(show: (line: string) => void) {
  /** The lines of an object that is being read, and the line that ends it. */
  let block: string[] = [];
  let closing: string | undefined;
  let isBehindRecord = false;

  function take(line: string): void {
    const text = stripVTControlCharacters(line).trimEnd();
    const opening = /^([✘▲] \[(?:ERROR|WARNING)\] )?\{$/.exec(text);
    if (closing !== undefined) {
      block.push(line);
      if (text !== closing) return;
      isBehindRecord = block.some((one) => /^ +request_id: '/.test(stripVTControlCharacters(one)));
      if (isBehindRecord) block = [];
      end();
    } else if (opening !== null) {
      // After a heading, wrangler indents the lines of the object.
      closing = opening[1] === undefined ? '}' : '  }';
      block.push(line);
    } else if (!(isBehindRecord && text === '')) {
      isBehindRecord = false;
      // Our own line says more than "[wrangler:info] GET /checkout 500 Internal Server Error (42ms)".
      if (!/^\[wrangler:info\] [A-Z]+ \S+ 5\d\d /.test(text)) show(line);
    }
  }

  function end(): void {
    block.forEach(show);
    block = [];
    closing = undefined;
  }

  return { take, end };
}
