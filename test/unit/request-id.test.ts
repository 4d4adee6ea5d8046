import { decodeTime, isValid } from 'ulid';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newRequestId, requestIdFor } from '../../src/request-id.ts';

function requestWith(id: string): Request {
  return new Request('https://shop.example/', { headers: { 'X-Request-Id': id } });
}

afterEach(() => vi.restoreAllMocks());

describe('a request ID', () => {
  it('is a ULID that holds the time it was made', () => {
    const before = Date.now();
    const id = newRequestId();
    expect(isValid(id)).toBe(true);
    expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    expect(decodeTime(id)).toBeGreaterThanOrEqual(before);
    expect(decodeTime(id)).toBeLessThanOrEqual(Date.now());
  });

  it('is another one each time', () => {
    expect(new Set(Array.from({ length: 10_000 }, newRequestId)).size).toBe(10_000);
  });

  it('uses every character of the alphabet about equally often', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 4000; i++) {
      for (const character of newRequestId().slice(10))
        counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    expect(counts.size).toBe(32);
    for (const count of counts.values()) expect(count / 2000).toBeGreaterThan(0.85);
  });

  it('is still made, and unique, where crypto fails', () => {
    vi.spyOn(crypto, 'getRandomValues').mockImplementation(() => {
      throw new Error('no entropy');
    });
    const ids = Array.from({ length: 1000 }, newRequestId);
    expect(ids.every(isValid)).toBe(true);
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
    expect(requestIdFor(requestWith('x'.repeat(20)), true)).toBe('x'.repeat(20));
    expect(requestIdFor(requestWith('x'.repeat(200)), true)).toBe('x'.repeat(200));
  });

  it.each([
    '',
    'x'.repeat(19),
    'x'.repeat(201),
    `${'x'.repeat(20)}<b>`,
    `${'x'.repeat(20)} y`,
    `${'x'.repeat(20)}_`,
  ])('is replaced even then where it is %j', (bad) => {
    expect(isValid(requestIdFor(requestWith(bad), true))).toBe(true);
  });
});
