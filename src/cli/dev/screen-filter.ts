/** Removes the records of failures from wrangler's output: `dev` prints its own line for each. */
import { stripVTControlCharacters } from 'node:util';

/**
 * Passes wrangler's output on without records: objects with a `request_id`, which wrangler prints over many lines
 * from `[ERROR] {` to `}`. If wrangler changes that form, the records are shown, and nothing else is lost.
 * @param show gets whole lines
 */
export function screenFilter(show: (text: string) => void) {
  let rest = '';
  /** The lines of an object that is being read, and the line that ends it. */
  let block: string[] = [];
  let closing: string | undefined;
  let isBehindRecord = false;

  return {
    /** Takes a piece of output, which may end within a line. */
    write(text: string): void {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(take);
    },
    /** Shows the rest of the output. */
    end(): void {
      for (const line of [...block, rest]) if (line !== '') show(`${line}\n`);
    },
  };

  function take(line: string): void {
    const text = stripVTControlCharacters(line).trimEnd();
    if (closing !== undefined) {
      block.push(line);
      if (text === closing) close();
      return;
    }
    const opening = /^([✘▲] \[(?:ERROR|WARNING)\] )?\{$/.exec(text);
    if (opening !== null) {
      // After a heading, wrangler indents the lines of the object.
      closing = opening[1] === undefined ? '}' : '  }';
      block = [line];
      return;
    }
    if (isBehindRecord && text === '') return;
    isBehindRecord = false;
    // Our own line says more than "[wrangler:info] GET /checkout 500 Internal Server Error (42ms)".
    if (/^\[wrangler:info\] [A-Z]+ \S+ 5\d\d /.test(text)) return;
    show(`${line}\n`);
  }

  function close(): void {
    isBehindRecord = block.some((line) => /^ +request_id: '/.test(stripVTControlCharacters(line)));
    if (!isBehindRecord) show(`${block.join('\n')}\n`);
    block = [];
    closing = undefined;
  }
}
