/** The answer that every visitor of a failed request gets, whatever failed. */
import { expect } from 'vitest';
import type { Answer } from './ask.ts';
import { secret } from './origin.ts';

/** The request headers that an answer depends on, for Vary. */
export const vary =
  'Accept, Accept-Language, Content-Type, HX-Boosted, HX-History-Restore-Request, HX-Request, Sec-Fetch-Dest, ' +
  'Sec-Fetch-Mode, X-Inertia, X-Livewire, X-Requested-With, X-Up-Version';

/** All headers of the page, apart from Date and those about the length of the body. */
const pageHeaders: Readonly<Record<string, unknown>> = {
  'cache-control': 'no-store',
  'content-language': 'en',
  'content-security-policy': expect.stringMatching(
    /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; script-src 'sha256-[\w+/]{43}=';/,
  ),
  'content-type': 'text/html; charset=utf-8',
  'cross-origin-embedder-policy': 'require-corp',
  'proxy-status': expect.stringMatching(/^edge-error-interceptor(?:; |$)/),
  'referrer-policy': 'no-referrer',
  vary,
  'x-content-type-options': 'nosniff',
  'x-request-id': expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
  'x-robots-tag': 'noindex',
};

const framing: readonly string[] = [
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
];

/** The headers of an answer by their lower-case names, without those about its framing. */
export function headersOf({ rawHeaders }: Answer): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? '';
    const value = rawHeaders[i + 1] ?? '';
    if (!framing.includes(name)) headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

/**
 * Expects the page, with all its headers and nothing from the origin.
 * @returns the request ID, which is in the header and on the page
 */
export function expectPage(answer: Answer, status = 500): string {
  expect(answer.status).toBe(status);
  // Only this header of the misbehaving origin is kept.
  const { 'x-frame-options': framing = 'SAMEORIGIN', ...headers } = headersOf(answer);
  expect(framing).toBe('SAMEORIGIN');
  expect(headers).toEqual(pageHeaders);
  const requestId = answer.header('x-request-id') ?? '';
  expect(answer.text).toMatch(/^<!doctype html>[^]*<\/html>\s*$/);
  expect(answer.text).toContain(requestId);
  expect(answer.text).not.toContain(secret);
  return requestId;
}

/** Expects the best answer that is possible without a template: 500, HTML, and an ID that a visitor can quote. */
export function expectLastResort(answer: Answer): string {
  expect(answer.status).toBe(500);
  expect(answer.header('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.header('cache-control')).toBe('no-store');
  expect(answer.header('content-security-policy')).toBeUndefined();
  const requestId = answer.header('x-request-id') ?? '';
  expect(requestId).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  const { text } = answer;
  expect(text).toMatch(
    /^<!doctype html><html lang="en"><head>.*<meta name="viewport".* content="light dark">/,
  );
  const seen = text.replace(/<(style|title)>.*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ');
  expect(seen.replace(/ +/g, ' ').trim()).toBe(
    '500 Internal Server Error The server was unable to complete your request. Please try again later. ' +
      `Request ID: ${requestId}`,
  );
  return requestId;
}
