/** A line on stderr that says what is waited for. */
import { printable } from './printable.ts';
import type { Screen } from './terminal.ts';

/** Shows one text at a time: on a terminal in place of the last one and on one line, elsewhere only the first. */
export class Progress {
  readonly #screen: Screen;
  #shown = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Shows a text. */
  show(text: string): void {
    // A line that wraps could not be replaced.
    if (this.#screen.isTTY) {
      this.#screen.write(`\r\u001b[K${printable(text).slice(0, this.#screen.width - 1)}`);
    } else if (!this.#shown) this.#screen.say(printable(text));
    this.#shown = true;
  }

  /** Prints a text that stays. */
  note(text: string): void {
    this.clear();
    this.#screen.say(printable(text));
  }

  /** Makes room for what is printed next. */
  clear(): void {
    if (this.#shown && this.#screen.isTTY) this.#screen.write('\r\u001b[K');
  }
}
