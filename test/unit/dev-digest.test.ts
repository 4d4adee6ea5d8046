/** What wrangler dev prints, made short. */
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Digest } from '../../src/cli/dev/digest.ts';

const record = {
  message: 'Origin answered 503',
  request_id: '01M88VSFPVB3MRA8AWP0ZPRA07',
  error: { type: '503', source: 'origin' },
  http: { request: { method: 'GET' }, response: { status_code: 500 } },
  url: { scheme: 'http', path: "/it's" },
  origin: {
    status_code: 503,
    content_type: 'text/html; charset=utf-8',
    duration_ms: 5,
    server: 'nginx/1.22.1 (Debian)',
  },
  answer: { format: 'html', language: 'en' },
};
const indented = inspect(record)
  .split('\n')
  .slice(1)
  .map((line) => `  ${line}`)
  .join('\n');
const body = inspect({
  message: 'Origin error body',
  request_id: record.request_id,
  origin: { body: 'x'.repeat(80) },
});
const printed =
  '[wrangler:info] Ready on http://127.0.0.1:8787\n' +
  `\u001b[31m✘ [ERROR]\u001b[0m \u001b[1m{\u001b[0m\n\n${indented}\n\n\n${body}\n` +
  '[wrangler:info] GET /it%27s 500 Internal Server Error (128ms)\n' +
  '[wrangler:info] GET /ok 200 OK (3ms)\n{\n  of: "my own",\n}\n';

test.each([printed.length, 7, 1])('a failure is one line, in pieces of %i characters', (size) => {
  let shown = '';
  const digest = new Digest((text) => (shown += text));
  for (let at = 0; at < printed.length; at += size) digest.write(printed.slice(at, at + size));
  digest.end();
  expect(shown).toBe(
    '[wrangler:info] Ready on http://127.0.0.1:8787\n' +
      "503 GET /it's → 01M88VSFPVB3MRA8AWP0ZPRA07 Origin answered 503\n" +
      '[wrangler:info] GET /ok 200 OK (3ms)\n{\n  of: "my own",\n}\n',
  );
  expect(digest.lastRecords).toContain("content_type: 'text/html; charset=utf-8'");
  expect(digest.lastRecords).toContain('Origin error body');
});
