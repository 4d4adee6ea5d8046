import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldGroups, foldHosts, foldPath, hostPattern, pathPattern } from '../../src/cli/lookup/fold.ts';
import type { TallyOf } from '../../src/cli/lookup/log-store.ts';
import { bars } from '../../src/cli/lookup/summary.ts';
import { talliesOf, timelineOf } from '../../src/cli/lookup/telemetry-results.ts';

function tally(count: number, last: number, path: string, type = '503', host = 'shop.example'): TallyOf {
  const values = [type, 'origin', host, path];
  return { values, count, first: last - count, last, sampleInterval: 1 };
}

describe('foldPath', () => {
  test.each([
    ['/order/17', '/order/…'],
    ['/order/1/items/22', '/order/…/items/…'],
    ['/u/7b7e0f9a-60ed-4ff7-8c3f-8d3a2b1c0d9e', '/u/…'],
    ['/ORD-2219/pdf', '/…/pdf'],
    ['/2026/11/25/news', '/…/…/…/news'],
    ['/reset/…', '/reset/…'],
    ['/reset/…;jsessionid=…', '/reset/…'],
    ['/app.3f2a1b.js', '/…'],
  ])('%s is %s', (path, folded) => {
    expect(foldPath(path)).toBe(folded);
  });

  test.each([
    '/',
    '',
    '/cart',
    '/api/v1/users',
    '/oauth2/token',
    '/a/',
    '/%D0%BA%D0%BE%D1%80%D0%B7%D0%B8%D0%BD%D0%B0',
    '/100%',
  ])('%s names the same thing each time', (path) => {
    expect(foldPath(path)).toBe(path === '/100%' ? '/…' : path);
  });

  test('a path matches the pattern of its own folded form, and of no other', () => {
    const segment = fc.oneof(
      fc.constantFrom(
        '',
        'order',
        '17',
        '1',
        'v1',
        '…',
        'a…',
        'a.b',
        '(x)',
        '%D0',
        '%1',
        '1%',
        '[',
        '$',
        '^',
        '|',
      ),
      fc.string({ maxLength: 5 }).map((text) => text.replaceAll('/', '')),
    );
    const path = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`);
    fc.assert(
      fc.property(path, path, (one, other) => {
        const pattern = pathPattern(foldPath(one));
        const matches = pattern === undefined ? one === other : new RegExp(pattern, 'u').test(other);
        expect(matches).toBe(foldPath(one) === foldPath(other));
      }),
      { numRuns: 3000 },
    );
  });

  test('a hostile path is folded in linear time', () => {
    for (const path of ['%'.repeat(1e5), '…'.repeat(1e5), `${'1%'.repeat(5e4)}/`, '1'.repeat(1e5)]) {
      const before = performance.now();
      foldPath(`/${path}`);
      // A pattern that backtracks would take hours.
      expect(performance.now() - before).toBeLessThan(10_000);
    }
  });
});

describe('foldGroups', () => {
  test('joins the paths that differ in a number; count, first, last and the example of the last', () => {
    const groups = foldGroups([tally(3, 50, '/order/17'), tally(2, 90, '/order/18'), tally(9, 60, '/cart')]);
    expect(groups).toMatchObject([
      { path: '/cart', count: 9, example: { host: 'shop.example', path: '/cart' } },
      {
        path: '/order/…',
        count: 5,
        first: 47,
        last: 90,
        example: { host: 'shop.example', path: '/order/18' },
      },
    ]);
  });

  test('the same path with another type is another group', () => {
    expect(foldGroups([tally(1, 1, '/a', '503'), tally(1, 1, '/a', '502')])).toHaveLength(2);
  });
});

describe('hosts with the same failure', () => {
  const tenants = (count: number, domain: string) =>
    Array.from({ length: count }, (_, i) => `${'abcdefghijkl'[i]}.${domain}`);

  test('are one where they are many: the tenants of a domain, else any', () => {
    const folded = (hosts: readonly string[]) => [...new Set(foldHosts(hosts).values())];
    expect(folded(tenants(12, 'shop.example'))).toEqual(['….shop.example']);
    expect(folded([...tenants(6, 'shop.co.uk'), 'shop.co.uk'])).toEqual(['….shop.co.uk']);
    expect(folded([...tenants(12, 'shop.example'), 'www.other.example'])).toEqual([
      '….shop.example',
      'www.other.example',
    ]);
    expect(folded(tenants(12, 'x').map((host) => `${host[0]}.example`))).toEqual(['…']);
    expect(folded(tenants(12, '').map((_, i) => `10.0.0.${i}`))).toEqual(['…']);
  });

  test('stay apart where they are few', () => {
    const few = ['shop.example', 'www.shop.example', 'api.shop.example'];
    expect([...foldHosts(few).values()]).toEqual(few);
  });

  test('match the pattern of their folded form, and no others do', () => {
    const pattern = new RegExp(hostPattern('….shop.example') ?? '');
    expect(['shop.example', 'a.shop.example', 'a.b.shop.example'].every((host) => pattern.test(host))).toBe(
      true,
    );
    expect(['myshop.example', 'shopXexample', 'shop.example.test'].some((host) => pattern.test(host))).toBe(
      false,
    );
    expect(hostPattern('shop.example')).toBeUndefined();
    expect(new RegExp(hostPattern('…') ?? '').test('any.example')).toBe(true);
  });

  test('are one group only with what failed alike', () => {
    const all = tenants(10, 'shop.example').map((host, i) => tally(2, i, '/cart', '503', host));
    const other = tally(1, 1, '/cart', '502', 'a.shop.example');
    expect(foldGroups([...all, other])).toMatchObject([
      {
        host: '….shop.example',
        path: '/cart',
        count: 20,
        example: { host: 'j.shop.example', path: '/cart' },
      },
      { host: 'a.shop.example', type: '502', count: 1 },
    ]);
  });
});

test('bars: nothing is a gap, the most is the highest, the least is seen', () => {
  expect(bars([0, 1, 50, 100])).toBe(' ▁▄█');
  expect(bars([0, 0])).toBe('  ');
});

describe('what the API answers', () => {
  const from = Date.parse('2026-11-25T08:00:00Z');
  const window = { from, to: from + 4 * 60_000 };
  const point = (time: string, value: number) => ({ time, data: [{ value }] });

  test('the parts of the time are found however it writes a time, and wherever it begins them', () => {
    const series = [
      point('2026-11-25T07:59:50.000Z', 1),
      point('2026-11-25 08:01:00', 2),
      point('2026-11-25T09:02:10+01:00', 3),
      point('2026-11-25T08:59:00Z', 4),
      point('never', 5),
    ];
    expect(timelineOf({ series }, window, 4)).toEqual([1, 2, 3, 4]);
    expect(timelineOf(undefined, window, 2)).toEqual([0, 0]);
  });

  test('counts without times, times out of the window and groups of other keys do no harm', () => {
    const group = (value: unknown, name: unknown) => ({ value, groups: [{ key: 'path', value: name }] });
    const counts = { aggregates: [group(3, '/a'), group(0, '/b'), group('4', '/c'), null, group(5, true)] };
    const firsts = { aggregates: [group(from, '/a'), group(1, true)] };
    expect(talliesOf([counts, firsts], window, ['path'])).toEqual([
      { values: ['/a'], count: 3, first: from, sampleInterval: 1 },
      { values: ['true'], count: 5, sampleInterval: 1 },
    ]);
    expect(talliesOf([], window)).toEqual([]);
  });
});
