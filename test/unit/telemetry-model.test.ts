/**
 * The test server for Cloudflare's query API does what Cloudflare documents. The statements are those of the API
 * reference, which Cloudflare's SDK repeats (npm package `cloudflare` 7.3.0,
 * resources/workers/observability/telemetry.d.ts):
 * https://developers.cloudflare.com/api/resources/workers/subresources/observability/subresources/telemetry/methods/query/
 */
import { describe, expect, it } from 'vitest';
import { runQuery, single, type Query } from '../support/telemetry-query.ts';
import type { TelemetryEvent } from '../support/telemetry-types.ts';

function event(id: string, timestamp: number, source: Readonly<Record<string, unknown>>): TelemetryEvent {
  return {
    $metadata: { id, requestId: `invocation ${id}` },
    dataset: 'cloudflare-workers',
    timestamp,
    source,
  };
}

const stored = [
  event('a', 1000, { status: 'Down', code: 503 }),
  event('b', 2000, { status: 'down', code: 503 }),
  event('c', 3000, { status: 'down', code: 404 }),
].map(single);
const whole = { pageCap: Infinity, sampleInterval: 1, timeless: false };
const timeframe = { from: 0, to: 4000 };

const ask = (query: Query, short = whole) => runQuery({ queryId: 'any', timeframe, ...query }, stored, short);
const idsOf = (query: Query) =>
  ask({ view: 'events', ...query }).events?.events?.map(({ $metadata }) => $metadata.id);
const filtered = (key: string, operation: string, type: string, value?: unknown) =>
  idsOf({ parameters: { filters: [{ key, operation, type, value }], filterCombination: 'and' } });

describe('a query', () => {
  it('has a time frame, whose start is before its end', () => {
    expect(() => ask({ timeframe: undefined })).toThrow('timeframe');
    expect(() => ask({ timeframe: { from: 2, to: 1 } })).toThrow('from must be earlier than to');
    expect(idsOf({ timeframe: { from: 1500, to: 2500 } })).toEqual(['b']);
  });

  it('needs no more than that: the example of the reference is answered with events', () => {
    expect(ask({}).events).toMatchObject({ count: 3 });
  });

  it('gets at most 2,000 events or groups', () => {
    expect(() => ask({ limit: 2001 })).toThrow('2000');
  });
});

describe('a filter', () => {
  it('compares texts with their case', () => {
    expect(filtered('status', 'eq', 'string', 'down')).toEqual(['c', 'b']);
    expect(filtered('status', 'neq', 'string', 'down')).toEqual(['a']);
  });

  it('names the type of the field, and sees no other', () => {
    expect(filtered('code', 'eq', 'number', 503)).toEqual(['b', 'a']);
    expect(filtered('code', 'eq', 'string', '503')).toEqual([]);
    expect(() => filtered('code', 'eq', 'integer', 503)).toThrow('filter.type');
  });

  it('finds what is there, and what is not', () => {
    expect(filtered('code', 'exists', 'number')).toEqual(['c', 'b', 'a']);
    expect(filtered('code', 'is_null', 'number')).toEqual([]);
  });

  it('has the patterns of RE2, without what looks ahead', () => {
    expect(filtered('status', 'regex', 'string', '^D')).toEqual(['a']);
    expect(() => filtered('status', 'regex', 'string', '(?=D)')).toThrow('RE2');
  });

  it('reads what Cloudflare adds under $metadata', () => {
    expect(filtered('$metadata.requestId', 'eq', 'string', 'invocation b')).toEqual(['b']);
  });
});

describe('events', () => {
  it('are counted beyond the page that is listed, whose last $metadata.id leads to the next one', () => {
    const { events } = ask({ view: 'events', limit: 2 });
    expect(events).toMatchObject({
      count: 3,
      events: [{ $metadata: { id: 'c' } }, { $metadata: { id: 'b' } }],
    });
    expect(idsOf({ limit: 2, offset: 'b', offsetDirection: 'next' })).toEqual(['a']);
  });
});

describe('calculations', () => {
  const calculations = [
    { operator: 'count', alias: 'n' },
    { operator: 'max', key: 'timestamp', keyType: 'number', alias: 'last' },
  ];
  const groupBys = [{ type: 'number', value: 'code' }];
  const calculate = (more: Query, parameters: Query = {}, short = whole) =>
    ask({ view: 'calculations', ...more, parameters: { calculations, ...parameters } }, short).calculations;

  it('have the alias that they were asked for by, and a value', () => {
    expect(calculate({ ignoreSeries: true })).toMatchObject([
      { alias: 'n', calculation: 'count', aggregates: [{ value: 3, count: 3 }], series: [] },
      { alias: 'last', calculation: 'max', aggregates: [{ value: 3000 }], series: [] },
    ]);
  });

  it('are made for each group, in the order of an alias', () => {
    const [counted] =
      calculate({ ignoreSeries: true }, { groupBys, orderBy: { value: 'n', order: 'asc' } }) ?? [];
    expect(
      counted?.aggregates.map(({ value, groups }) => [groups?.[0]?.key, String(groups?.[0]?.value), value]),
    ).toEqual([
      ['code', '404', 1],
      ['code', '503', 2],
    ]);
  });

  it('are estimated from a sample: the count is the sum of the sample intervals', () => {
    const [counted] = calculate({ ignoreSeries: true }, {}, { ...whole, sampleInterval: 10 }) ?? [];
    expect(counted?.aggregates).toMatchObject([{ count: 30, value: 30, sampleInterval: 10, interval: 10 }]);
  });

  it('are given over time in as many parts as the granularity', () => {
    const [counted] = calculate({ granularity: 2 }) ?? [];
    expect(counted?.series.map(({ time, data }) => [time, data[0]?.value])).toEqual([
      ['1970-01-01T00:00:00.000Z', 1],
      ['1970-01-01T00:00:02.000Z', 2],
    ]);
  });
});
