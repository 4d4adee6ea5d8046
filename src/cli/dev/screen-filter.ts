/** wrangler's screen without what dev itself says of a failure, which it has from the log store. */
import { stripVTControlCharacters } from 'node:util';

/**
 * Hands wrangler's output on but for the records: objects with a `request_id`, which wrangler prints over many lines
 * from `[ERROR] {` to `}`. Should that form change, they are shown, and nothing else is lost.
 * @param show gets whole lines
 */
export function screenFilter(show: (text: string) => void) {
  let rest = '';
  /** The lines of an object that is being read, and the line that ends it. */
  let block: string[] = [];
  let closing: string | undefined;
  let isBehindRecord = false;

  return {
    /** Takes some output, which may end anywhere. */
    write(text: string): void {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(take);
    },
    /** Shows what is left of it. */
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
      // Behind a heading wrangler indents what follows.
      closing = opening[1] === undefined ? '}' : '  }';
      block = [line];
      return;
    }
    if (isBehindRecord && text === '') return;
    isBehindRecord = false;
    // The line of the failure says more than "[wrangler:info] GET /checkout 500 Internal Server Error (42ms)".
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
