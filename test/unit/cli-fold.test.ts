import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filtersOf, groupsOf } from '../../src/cli/lookup/fold.ts';
import { sum, type Filter, type LogStore, type Tally } from '../../src/cli/lookup/log-store.ts';
import { workersLogs } from '../../src/cli/lookup/telemetry.ts';

function tally(count: number, last: number, path: string, type = '503', host = 'shop.example'): Tally {
  const [first, end] = [last - count, last].map((time) => new Date(time).toISOString());
  return { values: [type, 'origin', host, path], count, first, last: end, sampleInterval: 1 };
}

/** The groups of what a log store has counted. */
function groups(...tallies: readonly Tally[]) {
  const store: LogStore = {
    name: 'test',
    isLocal: false,
    lines: async () => [],
    tally: async () => tallies,
    timeline: async () => [],
  };
  return groupsOf(store, [], { from: 0, to: 100 }, sum(tallies));
}

/** The path of the group that failures on this path are counted in. */
async function folded(path: string): Promise<string | undefined> {
  return (await groups(tally(1, 1, path)))[0]?.path;
}

/** True if Workers Logs would find this path or host with the filter. */
function passes({ operation, value = '' }: Filter, text: string): boolean {
  return operation === 'eq' ? text === value : new RegExp(value, 'u').test(text);
}

/** The filter of a group for one fact. */
function filterOn(key: string, group: Parameters<typeof filtersOf>[0]): Filter {
  const filter = filtersOf(group).find((one) => one.key === key);
  if (filter === undefined) throw new Error(`no filter on ${key}`);
  return filter;
}

describe('a path', () => {
  test.each([
    ['/order/17', '/order/…'],
    ['/order/1/items/22', '/order/…/items/…'],
    ['/u/7b7e0f9a-60ed-4ff7-8c3f-8d3a2b1c0d9e', '/u/…'],
    ['/ORD-2219/pdf', '/…/pdf'],
    ['/2026/11/25/news', '/…/…/…/news'],
    ['/reset/…', '/reset/…'],
    ['/reset/…;jsessionid=…', '/reset/…'],
    ['/app.3f2a1b.js', '/…'],
    ['/100%', '/…'],
  ])('%s is %s', async (path, name) => {
    expect(await folded(path)).toBe(name);
  });

  test.each([
    '/',
    '',
    '/cart',
    '/api/v1/users',
    '/oauth2/token',
    '/a/',
    '/%D0%BA%D0%BE%D1%80%D0%B7%D0%B8%D0%BD%D0%B0',
  ])('%s names the same thing each time', async (path) => {
    expect(await folded(path)).toBe(path);
  });

  test('passes the filter of its own group, and of no other', async () => {
    const special = [
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
    ];
    const segment = fc.oneof(
      fc.constantFrom(...special),
      fc.string({ maxLength: 5 }).map((text) => text.replaceAll('/', '')),
    );
    const path = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`);
    await fc.assert(
      fc.asyncProperty(path, path, async (one, other) => {
        const [group] = await groups(tally(1, 1, one));
        if (group === undefined) throw new Error('no group');
        const isSame = group.path === (await folded(other));
        expect(passes(filterOn('url.path', group), other)).toBe(isSame);
      }),
      { numRuns: 3000 },
    );
  });

  test('that is hostile is folded in linear time', async () => {
    for (const path of ['%'.repeat(1e5), '…'.repeat(1e5), `${'1%'.repeat(5e4)}/`, '1'.repeat(1e5)]) {
      const before = performance.now();
      await folded(`/${path}`);
      // A pattern that backtracks would take hours.
      expect(performance.now() - before).toBeLessThan(10_000);
    }
  });
});

describe('a group', () => {
  test('joins the paths that differ in a number; count, first, last and the example of the last', async () => {
    const all = [tally(3, 50, '/order/17'), tally(2, 90, '/order/18'), tally(9, 60, '/cart')];
    const times = { first: new Date(47).toISOString(), last: new Date(90).toISOString() };
    expect(await groups(...all)).toMatchObject([
      { path: '/cart', count: 9, newest: { host: 'shop.example', path: '/cart' } },
      {
        path: '/order/…',
        count: 5,
        ...times,
        newest: { host: 'shop.example', path: '/order/18' },
      },
    ]);
  });

  test('has one type: the same path with another type is another group', async () => {
    expect(await groups(tally(1, 1, '/a', '503'), tally(1, 1, '/a', '502'))).toHaveLength(2);
  });
});

describe('hosts with the same failure', () => {
  const tenants = (count: number, domain: string) =>
    Array.from({ length: count }, (_, i) => `${'abcdefghijkl'[i]}.${domain}`);
  const hostsOf = async (hosts: readonly string[]) =>
    (await groups(...hosts.map((host, i) => tally(100 - i, 1, '/', '503', host)))).map(({ host }) => host);

  test('are one where they are many: the tenants of a domain, else any', async () => {
    expect(await hostsOf(tenants(12, 'shop.example'))).toEqual(['….shop.example']);
    expect(await hostsOf([...tenants(6, 'shop.co.uk'), 'shop.co.uk'])).toEqual(['….shop.co.uk']);
    expect(await hostsOf([...tenants(12, 'shop.example'), 'www.other.example'])).toEqual([
      '….shop.example',
      'www.other.example',
    ]);
    expect(await hostsOf(tenants(12, 'x').map((host) => `${host[0]}.example`))).toEqual(['…']);
    expect(await hostsOf(tenants(12, '').map((_, i) => `10.0.0.${i}`))).toEqual(['…']);
  });

  test('stay apart where they are few', async () => {
    const few = ['shop.example', 'www.shop.example', 'api.shop.example'];
    expect(await hostsOf(few)).toEqual(few);
  });

  test('pass the filter of their group, and no others do', () => {
    const group = { error_type: '503', error_source: 'origin', path: '/' };
    const shop = filterOn('server.address', { ...group, host: '….shop.example' });
    for (const host of ['shop.example', 'a.shop.example', 'a.b.shop.example'])
      expect(passes(shop, host), host).toBe(true);
    for (const host of ['myshop.example', 'shopXexample', 'shop.example.test'])
      expect(passes(shop, host), host).toBe(false);
    const any = filterOn('server.address', { ...group, host: '…' });
    expect(passes(any, 'any.example')).toBe(true);
  });

  test('are one group only with what failed alike', async () => {
    const all = tenants(10, 'shop.example').map((host, i) => tally(2, i, '/cart', '503', host));
    const other = tally(1, 1, '/cart', '502', 'a.shop.example');
    expect(await groups(...all, other)).toMatchObject([
      {
        host: '….shop.example',
        path: '/cart',
        count: 20,
        newest: { host: 'j.shop.example', path: '/cart' },
      },
      { host: 'a.shop.example', error_type: '502', count: 1 },
    ]);
  });
});

describe('what the API answers', () => {
  const from = Date.parse('2026-11-25T08:00:00Z');
  const window = { from, to: from + 4 * 60_000 };
  const point = (time: string, value: number) => ({ time, data: [{ value }] });
  /** Workers Logs, if each answer of the API has these calculations. */
  const answering = (...calculations: readonly unknown[]) =>
    workersLogs(
      async () => ({ calculations }),
      () => {},
    );

  test('the parts of the time are found however it writes a time, and wherever it begins them', async () => {
    const series = [
      point('2026-11-25T07:59:50.000Z', 1),
      point('2026-11-25 08:01:00', 2),
      point('2026-11-25T09:02:10+01:00', 3),
      point('2026-11-25T08:59:00Z', 4),
      point('never', 5),
    ];
    expect(await answering({ alias: 'failures', series }).timeline([], window, 4)).toEqual([1, 2, 3, 4]);
    expect(await answering().timeline([], window, 2)).toEqual([0, 0]);
  });

  test('counts without times, times out of the window and groups of other keys do no harm', async () => {
    const group = (value: unknown, name: unknown) => ({ value, groups: [{ key: 'path', value: name }] });
    const counts = [group(3, '/a'), group(0, '/b'), group('4', '/c'), null, group(5, true)];
    const store = answering(
      { alias: 'failures', aggregates: counts },
      { alias: 'first', aggregates: [group(from, '/a'), group(1, true)] },
    );
    expect(await store.tally([], window, ['path'])).toEqual([
      { values: ['/a'], count: 3, first: '2026-11-25T08:00:00.000Z', sampleInterval: 1 },
      { values: ['true'], count: 5, sampleInterval: 1 },
    ]);
    expect(await answering().tally([], window)).toEqual([]);
  });
});
