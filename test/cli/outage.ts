/** An outage with 3.6 million failures: two thousand a second for half an hour. They are counted and not stored. */
import { timeOf } from '../../src/cli/lookup/time-window.ts';
import type { EventSeries } from '../support/telemetry-query.ts';
import { failureRecord, idAt, logEvent } from './records.ts';

/** The duration in milliseconds. Each millisecond has two failures. */
export const LENGTH = 1_800_000;
// Of every ten failures, seven concern orders, two the cart, and one is a connection that timed out.
const TEN = 10;
// Each of the 42,000 orders fails twice a minute.
const TENS = 3000;

/** The data of one outage. */
export const OUTAGE = { orders: 1.4 * LENGTH, cart: 0.4 * LENGTH, timeouts: 0.2 * LENGTH, all: 2 * LENGTH };

/** @param start the start of the outage in milliseconds since 1970 */
export function outageOf(start: number): EventSeries[] {
  // Each point in time has two failures, whose IDs differ.
  return [100_000, 200_000].flatMap((firstOrder) => {
    const series = seriesWith(`777-8888-${firstOrder}000000`);
    return [
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
    ];
  });
}

const template = logEvent('', { invocation: 'of the outage' });
const record = failureRecord('of-the-outage');

/** @param random the text in the IDs in place of their random part */
function seriesWith(random: string) {
  return (first: number, step: number, count: number, fields: Record<string, unknown>): EventSeries => ({
    first,
    step,
    count,
    common: { ...template, source: { ...record, ...fields }, timestamp: first },
    event(index) {
      const time = first + index * step;
      const id = idAt(time, random);
      return {
        ...template,
        $metadata: { ...template.$metadata, id: `event-${id}`, requestId: `invocation-${id}` },
        source: { ...record, ...fields, request_id: id },
        timestamp: time,
      };
    },
    indexOf(id) {
      if (!id.endsWith(random)) return undefined;
      const index = (timeOf(id) - first) / step;
      return Number.isInteger(index) && index >= 0 && index < count ? index : undefined;
    },
  });
}
