/** A line on stderr that says what is waited for. */
import { printable } from '../printable.ts';

/** What is asked of `process.stderr`. */
type Stream = Pick<NodeJS.WriteStream, 'columns' | 'isTTY'> & { write(text: string): unknown };

/**
 * Shows one text at a time: on a terminal in place of the last one and on one line, elsewhere only the first.
 */
export class Progress {
  readonly #stream: Stream;
  #shown = false;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  /** Shows a text. */
  show(text: string): void {
    // A line that wraps could not be replaced.
    const line = printable(text).slice(0, this.#stream.columns - 1);
    if (this.#stream.isTTY) this.#stream.write(`\r\u001b[K${line}`);
    else if (!this.#shown) this.#stream.write(`${printable(text)}\n`);
    this.#shown = true;
  }

  /** Prints a text that stays. */
  note(text: string): void {
    this.clear();
    this.#stream.write(`${printable(text)}\n`);
  }

  /** Makes room for what is printed next. */
  clear(): void {
    if (this.#shown && this.#stream.isTTY) this.#stream.write('\r\u001b[K');
  }
}
