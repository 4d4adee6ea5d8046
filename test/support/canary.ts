/** A text that must not get through, hidden in all that fast-check can think of. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Answer } from './ask.ts';
import type { RunningWorker } from './workerd.ts';

/** The text. */
export const CANARY = 'cAnArY7f3a';
/** How long to try; fast-check names the seed when a property fails. */
export const bounded = { seed: 20_261_123, numRuns: 150, interruptAfterTimeLimit: 12_000 };

/** A text of these characters with the canary somewhere in it. */
export function withCanary(characters: fc.Arbitrary<string>, maxLength = 60): fc.Arbitrary<string> {
  const side = fc.string({ unit: characters, maxLength });
  return fc.tuple(side, side).map(([before, after]) => before + CANARY + after);
}

/** One character of this range of codes. */
export function charactersFrom(first: number, last: number, except = ''): fc.Arbitrary<string> {
  return fc
    .integer({ min: first, max: last })
    .map((code) => String.fromCharCode(code))
    .filter((character) => !except.includes(character));
}

/** What a header value may hold: one byte each. */
export const byteCharacters = fc.oneof(charactersFrom(0x20, 0x7e), charactersFrom(0x80, 0xff));
/** A header value with the canary in it. */
export const headerValue = withCanary(byteCharacters).map((value) => `x${value}x`);
/** Any text with the canary in it: lone surrogates, control characters, half a megabyte. */
export const anyText = fc.oneof(
  withCanary(fc.constantFrom('\ud800', '\udc00', '\0', '\n', '\u001b', '<', '"', '&', "'", '😀', 'ü', ' ')),
  fc.string({ unit: 'binary' }).map((text) => text + CANARY),
  fc.integer({ min: 1, max: 200_000 }).map((length) => CANARY + 'ü"<'.repeat(length)),
);

/** Every byte of the answer but its framing. */
export function everythingIn({ status, reason, rawHeaders, body }: Answer): string {
  return [status, reason, ...rawHeaders, body.toString('latin1')].join('\n');
}

/** Expects that the canary is not in it, in any case. */
export function expectNoCanary(text: string): void {
  expect(text.toLowerCase().includes(CANARY.toLowerCase())).toBe(false);
}

/** Expects valid records of a reasonable size; returns all that was logged since, as JSON. */
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
