/** A line on stderr that says what is waited for. */
import type { Output } from '../terminal.ts';
import { printable } from '../printable.ts';

/**
 * Shows one text at a time: on a terminal in place of the last one and on one line, elsewhere only the first.
 */
export class Progress {
  readonly #stream: Output;
  #shown = false;

  constructor(stream: Output) {
    this.#stream = stream;
  }

  /** Shows a text. */
  show(text: string): void {
    // A line that wraps could not be replaced.
    const line = printable(text).slice(0, (this.#stream.columns ?? 80) - 1);
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
