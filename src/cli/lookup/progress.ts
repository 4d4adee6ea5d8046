/** A line on stderr that says what is waited for. */
import { printable } from '../printable.ts';

/** Shows one text at a time: on a terminal in place of the last one, elsewhere only the first. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  #shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Shows a text. */
  show(text: string): void {
    if (this.#stream.isTTY) this.#stream.write(`\r\u001b[K${printable(text)}`);
    else if (!this.#shown) this.#stream.write(`${printable(text)}\n`);
    this.#shown = true;
  }

  /** Makes room for what is printed next. */
  clear(): void {
    if (this.#shown && this.#stream.isTTY) this.#stream.write('\r\u001b[K');
  }
}
