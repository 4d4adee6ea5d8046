/**
 * The headers of a failed origin that reach the visitor: those with a listed name and a checked value, and no others.
 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { startRawOrigin, type RawOrigin } from '../support/raw-origin.ts';
import { startWorkerd, type RunningWorker } from '../support/workerd.ts';

let origin: RawOrigin;
let worker: RunningWorker;

beforeAll(async () => {
  origin = await startRawOrigin();
  worker = await startWorkerd({
    bundle: inject('bundle'),
    vars: { ORIGIN_URL: `http://${origin.host}` },
  });
});

afterAll(async () => {
  await worker.stop();
  await origin.stop();
});

/** The visitor's answer, after the origin answered 500 with these header lines. */
async function answerTo(lines: readonly string[], method = 'GET') {
  origin.bytes = Buffer.from(
    `HTTP/1.1 500 Internal Server Error\r\n${lines.join('\r\n')}\r\nContent-Length: 6\r\n\r\nsecret`,
    'latin1',
  );
  const answer = await ask(worker, { method, headers: { Accept: 'text/html' } });
  expect(answer.status).toBe(500);
  expect(answer.header('proxy-status')).toBe('edge-error-interceptor; received-status=500');
  return answer;
}

/** All values of a header, one for each line of the answer. */
function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name.toLowerCase());
}

it.each([
  ['Retry-After', '120'],
  ['WWW-Authenticate', 'Basic realm="shop"'],
  ['Strict-Transport-Security', 'max-age=63072000; includeSubDomains; preload'],
  ['WWW-Authenticate', `Basic realm="${'x'.repeat(1986)}"`],
  ['X-Frame-Options', 'DENY'],
  ['X-Frame-Options', 'sameorigin'],
  ['Clear-Site-Data', '"cookies"'],
  ['Clear-Site-Data', '"cache", "cookies","storage" , "executionContexts"'],
  ['Clear-Site-Data', '"*"'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-site'],
  ['Cross-Origin-Resource-Policy', 'cross-origin'],
  ['X-Should-Retry', 'false'],
  ['X-Should-Retry', 'true'],
  ['Retry-After-Ms', '1500'],
  ['X-WP-Upload-Attachment-ID', '25'],
])('%s: %s is kept', async (name, value) => {
  const answer = await answerTo([`${name}: ${value}`]);
  expect(valuesOf(answer.rawHeaders, name)).toEqual([value]);
});

it.each([
  ['WWW-Authenticate', `Basic realm="${'x'.repeat(1987)}"`],
  ['WWW-Authenticate', 'Basic realm="b\u00fcro"'],
  ['X-Frame-Options', 'DENY, secret'],
  ['X-Frame-Options', 'secret, DENY'],
  ['Clear-Site-Data', 'cookies'],
  ['Clear-Site-Data', '"cookies", "and the secret"'],
  ['Clear-Site-Data', '"Cookies"'],
  ['Clear-Site-Data', '"cookies",'],
  ['Clear-Site-Data', '"cookies"; secret=1'],
  ['Clear-Site-Data', '"everything"'],
  ['Clear-Site-Data', '""'],
  ['Clear-Site-Data', '"cook\u00efes"'],
  ['Clear-Site-Data', `"cookies"${', "cookies"'.repeat(200)}`],
  ['Cross-Origin-Resource-Policy', 'same-origin secret'],
  ['Cross-Origin-Resource-Policy', 'Same-Origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin, same-origin'],
  ['Cross-Origin-Resource-Policy', '*'],
  ['Cross-Origin-Resource-Policy', 'none'],
  ['X-Should-Retry', 'secret'],
  ['X-Should-Retry', '1'],
  ['X-Should-Retry', 'true, false'],
  ['X-Should-Retry', '"true"'],
  ['Retry-After-Ms', '-1'],
  ['Retry-After-Ms', '1.5'],
  ['Retry-After-Ms', '1e3'],
  ['Retry-After-Ms', '12 secrets'],
  ['Retry-After-Ms', '1'.repeat(50)],
  ['X-WP-Upload-Attachment-ID', '25; secret'],
  ['X-WP-Upload-Attachment-ID', '<script>'],
  ['X-WP-Upload-Attachment-ID', '0x19'],
  ['X-WP-Upload-Attachment-ID', '-25'],
  ['X-WP-Upload-Attachment-ID', '\u00b2'],
  ['X-WP-Upload-Attachment-ID', '2'.repeat(2001)],
  ['X-Should-Retry-Not', 'true'],
  ['Content-Security-Policy-Report-Only', "frame-ancestors 'none'"],
  ['Permissions-Policy', 'camera=()'],
])('%s: %.40s does not reach the visitor', async (name, value) => {
  const answer = await answerTo([`${name}: ${value}`]);
  expect(valuesOf(answer.rawHeaders, name)).toEqual([]);
  expect(answer.header('content-security-policy')).not.toContain('frame-ancestors');
});

describe('Set-Cookie', () => {
  it('that deletes a corrupt session heals, and says nothing else', async () => {
    const answer = await answerTo([
      'Set-Cookie: sid=swordfish; Max-Age=0; Path=/; HttpOnly; Comment=secret',
      'Set-Cookie: csrf=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      'Set-Cookie: cart=secret; Path=/',
      'Set-Cookie: theme=dark; Max-Age=31536000',
      'Set-Cookie: b\u00e9=; Max-Age=0',
    ]);
    expect(valuesOf(answer.rawHeaders, 'Set-Cookie')).toEqual([
      'sid=; Max-Age=0; Path=/; HttpOnly',
      'csrf=; Max-Age=0; Path=/',
    ]);
    expect(answer.rawHeaders.join()).not.toMatch(/swordfish|secret|dark/);
  });

  it('heals after HEAD and POST too', async () => {
    for (const method of ['HEAD', 'POST']) {
      const answer = await answerTo(['Set-Cookie: sid=; Max-Age=0'], method);
      expect(valuesOf(answer.rawHeaders, 'Set-Cookie')).toEqual(['sid=; Max-Age=0']);
    }
  });

  it('comes at most 20 times', async () => {
    const lines = Array.from({ length: 100 }, (_, i) => `Set-Cookie: c${i}=; Max-Age=0`);
    expect(valuesOf((await answerTo(lines)).rawHeaders, 'Set-Cookie')).toHaveLength(20);
  });
});

describe('frame-ancestors', () => {
  it.each([
    [["default-src 'self' https://cdn.secret.example; frame-ancestors 'none'; report-uri /r"], "'none'"],
    [["frame-ancestors 'self' https://partner.example"], "'self' https://partner.example"],
    [['frame-ancestors https://*.partner.example'], "'none'"],
    [["frame-ancestors 'self'", "default-src 'self'"], "'self'"],
    [["frame-ancestors 'self'", 'frame-ancestors https://a.example'], "'none'"],
    [["frame-ancestors 'self', frame-ancestors 'none'"], "'none'"],
  ])('of %j goes into our own policy', async (policies, ancestors) => {
    const answer = await answerTo(policies.map((policy) => `Content-Security-Policy: ${policy}`));
    const [policy = '', ...others] = valuesOf(answer.rawHeaders, 'Content-Security-Policy');
    expect(others).toEqual([]);
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(policy.split('; ').filter((directive) => directive.startsWith('frame-ancestors'))).toEqual([
      `frame-ancestors ${ancestors}`,
    ]);
    expect(policy).not.toMatch(/secret|report-uri|\*/);
  });
});

it('nothing of this makes the runtime write a warning of its own', async () => {
  await answerTo([
    'Set-Cookie: s\u00efd=; Max-Age=0',
    'Clear-Site-Data: "\u00fc"',
    'WWW-Authenticate: Basic realm="\u00fc"',
    'Content-Security-Policy: frame-ancestors \u00fc',
  ]);
  const levels = worker.logs.map(({ level }) => level);
  expect(levels).not.toContain('warn');
});
