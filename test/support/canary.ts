/** A text that must not get through, hidden in values that fast-check generates. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Answer } from './ask.ts';
import type { RunningWorker } from './workerd.ts';

/** The text. */
export const CANARY = 'cAnArY7f3a';
/** The limits of a property: its number of runs, and its time in milliseconds. fast-check names the seed of a failure. */
export const bounded = { seed: 20_261_123, numRuns: 150, interruptAfterTimeLimit: 12_000 };

/** A text of these characters that contains the canary. */
export function withCanary(characters: fc.Arbitrary<string>, maxLength = 60): fc.Arbitrary<string> {
  const side = fc.string({ unit: characters, maxLength });
  return fc.tuple(side, side).map(([before, after]) => before + CANARY + after);
}

/** One character within this range of codes. */
export function charactersFrom(first: number, last: number, except = ''): fc.Arbitrary<string> {
  return fc
    .integer({ min: first, max: last })
    .map((code) => String.fromCharCode(code))
    .filter((character) => !except.includes(character));
}

/** The characters that a header value may hold, one byte each. */
export const byteCharacters = fc.oneof(charactersFrom(0x20, 0x7e), charactersFrom(0x80, 0xff));
/** A header value that contains the canary. */
export const headerValue = withCanary(byteCharacters).map((value) => `x${value}x`);
/** Any text that contains the canary: with lone surrogates, control characters, or half a megabyte. */
export const anyText = fc.oneof(
  withCanary(fc.constantFrom('\ud800', '\udc00', '\0', '\n', '\u001b', '<', '"', '&', "'", '😀', 'ü', ' ')),
  fc.string({ unit: 'binary' }).map((text) => text + CANARY),
  fc.integer({ min: 1, max: 200_000 }).map((length) => CANARY + 'ü"<'.repeat(length)),
);

/** Every byte of the answer except its chunk framing. */
export function everythingIn({ status, reason, rawHeaders, body }: Answer): string {
  return [status, reason, ...rawHeaders, body.toString('latin1')].join('\n');
}

/** Expects that the text does not contain the canary, in upper or lower case. */
export function expectNoCanary(text: string): void {
  expect(text.toLowerCase().includes(CANARY.toLowerCase())).toBe(false);
}

/** Expects valid records of a reasonable size. Returns everything logged since, as JSON. */
export async function expectLogged(by: RunningWorker, requestId: string, since: number): Promise<string> {
  const records = await by.recordsOf(requestId);
  expect(records.length).toBeGreaterThan(0);
  for (const record of records) {
    expect(record).toMatchObject({
      message: expect.stringMatching(/^(Origin|Application|Interceptor) [a-z0-9 ]+$/),
    });
    expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThan(32_000);
  }
  return JSON.stringify(by.logs.slice(since));
}
