/** Makes logged texts safe for a terminal. */
import { property } from '../untrusted.ts';

// Control characters steer a terminal (ESC, CSI, OSC), format characters reorder or hide text (bidi controls,
// zero width), line separators forge lines, and a lone surrogate cannot be written.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** A text on one line. Invisible characters are written as `\n`, `\t` or `\u001b`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => SHORT[character] ?? unicodeEscapes(character));
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function unicodeEscapes(character: string): string {
  return character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A text of several lines. Line feeds stay, tabs become spaces, other invisible characters are written out. */
export function printableBlock(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(/\t/g, '    ').split('\n').map(printable).join('\n');
}

/** The message of an error. It adds the line to wrangler's parse errors, whose messages do not have it. */
export function printableError(error: unknown): string {
  const line: unknown = ['location', 'line'].reduce(property, error);
  const message = error instanceof Error ? error.message : String(error);
  return printableBlock(typeof line === 'number' ? `${message} (line ${line})` : message);
}

/** A value as indented JSON that cannot steer a terminal. It uses JSON's own escapes, so it parses back. */
export function printableJson(value: unknown): string {
  const lines = JSON.stringify(value, null, 2).split('\n');
  return lines.map((line) => line.replace(UNSAFE, unicodeEscapes)).join('\n');
}
