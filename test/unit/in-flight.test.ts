/** Notes on requests in flight do not pile up, even if a visitor's leaving ends a request without a word. */
import { expect, it } from 'vitest';
import type { Failure } from '../../src/failure.ts';
import { begin, end, note } from '../../src/in-flight.ts';

const failure: Failure = { kind: 'timed-out' };

/** A request with its notes, and a copy of it as Sentry or `mount` makes one. */
function inFlight(id: string) {
  const copy = () => new Request('https://shop.example/', { headers: { 'X-Edge-Request-Id': id } });
  return { exchange: begin(copy(), id), copy: copy() };
}

it('the note on a copy is kept for its request', () => {
  const { exchange, copy } = inFlight('copied');
  note(copy, failure);
  expect(exchange.noted).toEqual({ outcome: failure });
});

it('a request that ended is forgotten, also after another one with its ID', () => {
  const first = inFlight('ended');
  const second = inFlight('ended');
  end(first.exchange);
  end(second.exchange);
  const next = inFlight('ended');
  note(next.copy, failure);
  expect(next.exchange.noted).toEqual({ outcome: failure });
  expect(first.exchange.noted).toBeUndefined();
});

it('of requests that never end, the oldest are forgotten', () => {
  const all = Array.from({ length: 3000 }, (_, i) => inFlight(`left-${i}`));
  for (const { copy } of all) note(copy, failure);
  const known = all.map(({ exchange }) => exchange.noted !== undefined);
  expect(known.indexOf(true)).toBeGreaterThan(1000);
  expect(known.slice(known.indexOf(true))).not.toContain(false);
  expect(known.at(-1)).toBe(true);
});
