/** What wrangler dev prints, with each failure as one line instead of its whole record. */
import { stripVTControlCharacters } from 'node:util';

/**
 * Reads wrangler's output and hands on what is to be shown. wrangler prints a record as `util.inspect` does, over
 * many lines, with a line "[ERROR] {" before it; of a failed request it prints a line of its own too.
 */
export class Digest {
  readonly #show: (text: string) => void;
  /** The lines of an object that is being read. */
  #block: string[] = [];
  #closing: string | undefined;
  #rest = '';
  #swallowsBlank = false;
  /** The records of the last failure as wrangler printed them, without the colours. */
  #records: string[] = [];

  /** @param show gets whole lines */
  constructor(show: (text: string) => void) {
    this.#show = show;
  }

  /** Takes some output, which may end anywhere. */
  write(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }

  /** Shows what is left of it. */
  end(): void {
    for (const line of [...this.#block, this.#rest]) if (line !== '') this.#show(`${line}\n`);
    this.#block = [];
    this.#rest = '';
  }

  /** All that is known of the last failure: its records. */
  get lastRecords(): string {
    return this.#records.join('\n');
  }

  #take(line: string): void {
    const text = stripVTControlCharacters(line).trimEnd();
    if (this.#closing !== undefined) {
      this.#block.push(line);
      if (text === this.#closing) this.#close();
      return;
    }
    const opening = /^([✘▲] \[(?:ERROR|WARNING)\] )?\{$/.exec(text);
    if (opening !== null) {
      // Behind a heading wrangler indents what follows.
      this.#closing = opening[1] === undefined ? '}' : '  }';
      this.#block = [line];
      return;
    }
    if (this.#swallowsBlank && text === '') return;
    this.#swallowsBlank = false;
    // The line of the failure says more than "[wrangler:info] GET /checkout 500 Internal Server Error (42ms)".
    if (/^\[wrangler:info\] [A-Z]+ \S+ 5\d\d /.test(text)) return;
    this.#show(`${line}\n`);
  }

  #close(): void {
    const lines = this.#block;
    const record = lines.map((line) => stripVTControlCharacters(line)).join('\n');
    this.#block = [];
    this.#closing = undefined;
    if (!/^ +request_id: '/m.test(record)) {
      this.#show(`${lines.join('\n')}\n`);
      return;
    }
    this.#swallowsBlank = true;
    const failure = failureLine(record);
    if (failure === undefined) this.#records.push(record);
    else {
      this.#records = [record];
      this.#show(`${failure}\n`);
    }
  }
}

/**
 * @param record as `util.inspect` prints it
 * @returns undefined for the second record of a failure, which has no request
 * @example `503 GET /checkout → 01KAS0Z5G1J8T0N6QH3V9W2XYB Origin answered 503`
 */
function failureLine(record: string): string | undefined {
  const [, method] = /\bmethod: '(\w+)'/.exec(record) ?? [];
  const [, , path] = /\bpath: (['"`])(.*?)\1(?: \}|,?$)/m.exec(record) ?? [];
  const [, message] = /^ +message: '(.*)',$/m.exec(record) ?? [];
  const [, id] = /^ +request_id: '(.*)',$/m.exec(record) ?? [];
  if (method === undefined || message === undefined || id === undefined) return undefined;
  const [, answered] = /\borigin: \{\s+status_code: (\d+)/.exec(record) ?? [];
  const [, visitor] = /\bresponse: \{ status_code: (\d+)/.exec(record) ?? [];
  return `${answered ?? visitor ?? ''} ${method} ${path ?? ''} → ${id} ${message}`;
}
