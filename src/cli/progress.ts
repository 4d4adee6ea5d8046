/** Tells the operator on stderr why the program waits. */
import { printable } from './printable.ts';
import type { Screen } from './terminal.ts';

/** Shows one text at a time. On a terminal it replaces the last one; elsewhere only the first is shown. */
export class Progress {
  readonly #screen: Screen;
  #shown = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  show(text: string): void {
    // Cut the text to one line: a wrapped line could not be replaced.
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

  /** Removes the shown text before the program prints something else. */
  clear(): void {
    if (this.#shown && this.#screen.isTTY) this.#screen.write('\r\u001b[K');
  }
}
