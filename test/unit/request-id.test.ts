import { afterEach, describe, expect, it, vi } from 'vitest';
import { newRequestId, requestIdFor } from '../../src/request-id.ts';

/** https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7 */
const UUID = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

function timeIn(id: string): number {
  return parseInt(id.replace('-', '').slice(0, 12), 16);
}

function requestWith(id: string): Request {
  return new Request('https://shop.example/', { headers: { 'X-Request-Id': id } });
}

afterEach(() => vi.restoreAllMocks());

describe('a request ID', () => {
  it('is a UUIDv7 that holds the time it was made', () => {
    const before = Date.now();
    const id = newRequestId();
    expect(id).toMatch(UUID);
    expect(timeIn(id)).toBeGreaterThanOrEqual(before);
    expect(timeIn(id)).toBeLessThanOrEqual(Date.now());
  });

  it('is another one each time', () => {
    expect(new Set(Array.from({ length: 10_000 }, newRequestId)).size).toBe(10_000);
  });

  it('is still made, and unique, where crypto fails', () => {
    vi.spyOn(crypto, 'randomUUID').mockImplementation(() => {
      throw new Error('no entropy');
    });
    const ids = Array.from({ length: 1000 }, newRequestId);
    expect(ids.filter((id) => !UUID.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(1000);
  });
});

describe("a client's X-Request-Id", () => {
  const sent = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';

  it('is not used by default', () => {
    expect(requestIdFor(requestWith(sent), false)).not.toBe(sent);
  });

  it('is used where it is trusted', () => {
    expect(requestIdFor(requestWith(sent), true)).toBe(sent);
    expect(requestIdFor(requestWith('x'.repeat(8)), true)).toBe('x'.repeat(8));
    expect(requestIdFor(requestWith('x'.repeat(200)), true)).toBe('x'.repeat(200));
  });

  it.each([
    ['Kong, with its counter', 'cd05bd2d-f9f0-4b4f-a2e3-7d9c6e1f9b1d#17'],
    ['HAProxy', '7F000001:8296_7F00001E:1F90_4F7B0A69_0003:790E'],
    ['Apache', 'YyCcCH8AAQEAAHpEAAA@-_~/+'],
    ['AWS load balancers', 'Root=1-67891233-abcdef012345678912345678'],
    ['Google Cloud', '105445aa7843bc8bf206b12000100000/1'],
    ['nginx', '444535f9378a3dfa1b8604bc9e05a303'],
    ['Vercel', 'fra1::iad1::x7kgh-1732530000000-0a1b2c3d4e5f'],
    ['a proxy that puts its host before it', 'cdn@edge@shop.example'],
    ['a proxy that puts its host behind it', '7d9c6e1f@shop.example@2'],
    ['a proxy that puts its address before it', '203.0.113.195-17'],
    ['a proxy that puts its address behind it', '17-203.0.113.195'],
  ])('of %s is taken as it is', (_, id) => {
    expect(requestIdFor(requestWith(id), true)).toBe(id);
  });

  it.each([
    '',
    'x'.repeat(7),
    'x'.repeat(201),
    `${'x'.repeat(20)}<b>`,
    `${'x'.repeat(20)} y`,
    `-${'x'.repeat(20)}`,
    'somebody@shop.example',
    '203.0.113.195',
    '2001:db8::8a2e:370:7334',
  ])('is replaced even then where it is %j', (bad) => {
    expect(requestIdFor(requestWith(bad), true)).toMatch(UUID);
  });
});
