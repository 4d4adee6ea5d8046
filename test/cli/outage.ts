/** An outage of 3.6 million failures in half an hour, two thousand a second, counted and not stored. */
import { ulid } from 'ulid';
import type { EventSeries } from '../support/telemetry-query.ts';
import { failureRecord, logEvent } from './records.ts';

/** How long it lasted, in milliseconds: there are two failures in each. */
export const LENGTH = 1_800_000;
// Of each ten, seven are of orders, two of the cart, and one is a connection that timed out.
const TEN = 10;
// Each of the 42,000 orders fails twice a minute.
const TENS = 3000;

/** What `outageOf` holds. */
export const OUTAGE = { orders: 1.4 * LENGTH, cart: 0.4 * LENGTH, timeouts: 0.2 * LENGTH, all: 2 * LENGTH };

/** @param start when it began, in milliseconds since 1970 */
export function outageOf(start: number): EventSeries[] {
  return [100_000, 200_000].flatMap((firstOrder) => [
    ...Array.from({ length: 7 * TENS }, (_, i) => {
      const first = start + Math.floor(i / 7) * TEN + (i % 7);
      const url = { path: `/order/${firstOrder + i}` };
      return series(first, TENS * TEN, LENGTH / (TENS * TEN), { url });
    }),
    ...[7, 8].map((slot) => series(start + slot, TEN, LENGTH / TEN, { url: { path: '/cart' } })),
    series(start + 9, TEN, LENGTH / TEN, {
      message: 'Origin timed out',
      error: { type: 'connection_timeout', source: 'network' },
      origin: { status_code: 522, duration_ms: 19_000 },
      url: { path: '/' },
    }),
  ]);
}

const template = logEvent('', { invocation: 'of the outage' });
const record = failureRecord(ulid());

function series(first: number, step: number, count: number, fields: Record<string, unknown>): EventSeries {
  const eventAt = (time: number) => ({
    ...template,
    $metadata: { ...template.$metadata, id: `event-at-${time}`, requestId: `invocation-at-${time}` },
    source: { ...record, ...fields, request_id: idAt(time) },
    timestamp: time,
  });
  // What is asked for is what all of them have in common, most of the time.
  const representative = { ...template, source: { ...record, ...fields }, timestamp: first };
  return { first, step, count, event: (i) => (i === 0 ? representative : eventAt(first + i * step)) };
}

/** An ID of this time, the same each time. */
function idAt(time: number): string {
  return ulid(time, () => 0.5);
}
