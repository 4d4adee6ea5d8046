import { expect, test } from 'vitest';
import { Progress } from '../../src/cli/progress.ts';
import { screenOn } from '../../src/cli/terminal.ts';

const CLEAR = '\r\u001b[K';

/** A stream, and the text written to it. */
function streamOf(isTTY: boolean, columns = 40) {
  const written: string[] = [];
  return { written, isTTY, columns, write: (text: string) => written.push(text) };
}

test('on a terminal each text takes the place of the last, on one line however narrow it is', () => {
  const terminal = streamOf(true);
  const progress = new Progress(screenOn(terminal, {}));
  progress.show('waiting');
  progress.show('x'.repeat(100));
  progress.clear();
  expect(terminal.written).toEqual([`${CLEAR}waiting`, `${CLEAR}${'x'.repeat(39)}`, CLEAR]);
});

test('a text that stays has a line of its own', () => {
  const terminal = streamOf(true);
  const progress = new Progress(screenOn(terminal, {}));
  progress.show('waiting');
  progress.note('trying again');
  expect(terminal.written.join('')).toBe(`${CLEAR}waiting${CLEAR}trying again\n`);
});

test('in a file only the first text is written, and no escape codes', () => {
  const file = streamOf(false);
  const progress = new Progress(screenOn(file, {}));
  progress.show('waiting 60 s');
  progress.show('waiting 58 s');
  progress.note('trying again');
  progress.clear();
  expect(file.written.join('')).toBe('waiting 60 s\ntrying again\n');
});
