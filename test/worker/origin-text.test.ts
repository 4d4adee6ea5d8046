/** The log shows the text of an origin's error page. The runtime's own parser reads the page. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type RawOrigin, startRawOrigin } from '../support/raw-origin.ts';
import { ask } from '../support/ask.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

let origin: RawOrigin;
let worker: RunningWorker;

beforeAll(async () => {
  origin = await startRawOrigin();
  worker = await startWorkerd({
    bundle: inject('bundle'),
    route: origin.host,
    vars: { LOG_ORIGIN_BODY_BYTES: 1024 },
  });
});
afterAll(async () => {
  await worker.stop();
  await origin.stop();
});

/** The body in the second record, after the origin failed with this body. */
async function loggedBody(
  body: string | Buffer,
  type = 'text/html; charset=utf-8',
  status = 500,
): Promise<unknown> {
  const head = `HTTP/1.1 ${status} x\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  origin.bytes = Buffer.concat([Buffer.from(head), Buffer.from(body)]);
  const answer = await ask(worker, { path: '/', headers: { Accept: 'text/html' } });
  const [, second] = await worker.recordsOf(answer.header('X-Request-Id') ?? '', 2);
  return second?.['origin'];
}

const css = `<style type="text/css">${'html { background: #f1f1f1; } body { color: #444; max-width: 700px }\n'.repeat(38)}</style>`;

/** The answer of a WordPress without its database, by wp_die(): 2.5 kB of styles before 55 characters of text. */
const wordpress = `<!DOCTYPE html>
<html lang="en-US">
<head>
	<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
	<meta name="viewport" content="width=device-width">
	<title>Database Error</title>
	${css}
</head>
<body id="error-page">
	<div class="wp-die-message"><h1>Error establishing a database connection</h1></div></body>
</html>`;

describe('of an HTML page', () => {
  test('the cause is in the log, though 2.5 kB of styles come first', async () => {
    expect(await loggedBody(wordpress)).toMatchObject({
      body: 'Database Error\nError establishing a database connection',
    });
  });

  test.each([
    ['scripts and styles', '<script>var a = "x";</script><p>cause</p><style>p{}</style>', 'cause'],
    ['pictures and what is in them', '<svg><title>Logo</title><text>x</text></svg><p>cause</p>', 'cause'],
    ['a picture that closes itself', '<svg/><p>cause</p>', 'cause'],
    ['comments', '<!-- a <b>comment</b> --><p>ca<!-- x -->use</p>', 'ca use'],
    ['no tags around it', 'cause', 'cause'],
    ['templates', '<template><p>x</p></template><p>cause</p>', 'cause'],
    ['nested unread elements', '<svg><style>x</style><g>y</g></svg><p>cause</p>', 'cause'],
  ])('%s: only the text is logged', async (_, html, text) => {
    expect(await loggedBody(html)).toMatchObject({ body: text });
  });

  test('character references are decoded, words stay apart, white space is folded', async () => {
    expect(
      await loggedBody(
        '<p>Fatal&nbsp;error:\n\n caf&eacute; &amp; &#x27;&#39; &lt;b&gt;</p><p>in <b>x</b>.</p>',
      ),
    ).toMatchObject({
      body: "Fatal error:\ncafé & '' <b>\nin x.",
    });
  });

  test.each([
    ['encoded', '<p>password&#61;&quot;s3cret&quot;</p>'],
    ['in a table', '<table><tr><td>DB_PASSWORD</td> <td>s3cret</td></tr></table>'],
    ['in a list', '<dl><dt>api_key<dd>s3cret</dl>'],
    ['between tags', '<b>password</b>=<i>s3cret</i>'],
    ['in a link', '<a href="/reset?token=s3cret">/reset?token=s3cret</a>'],
    ['in plain text', '<pre>mysql://root:s3cret@db/shop</pre>'],
  ])('a secret that is %s is left out', async (_, html) => {
    expect(JSON.stringify(await loggedBody(html))).not.toContain('s3cret');
  });

  test.each([
    ['nothing but styles', `${css.slice(0, 900)}`],
    ['an unclosed picture', '<svg><p>cause'],
    ['an unclosed comment', '<!-- cause'],
    ['markup without end', '<'.repeat(3000)],
    ['an attribute without end', `<a b="${'x'.repeat(3000)}`],
  ])('%s: the scrubbed start is logged', async (_, html) => {
    const logged = await loggedBody(html);
    expect(logged).toHaveProperty('body');
    expect(JSON.stringify(logged).length).toBeLessThan(1400);
  });

  test('of 1 MB little is read', async () => {
    const page = `${css}<p>cause</p>${'<p>more</p>'.repeat(100_000)}`;
    expect(await loggedBody(page)).toMatchObject({ body: expect.stringMatching(/^cause\nmore\nmore/) });
  });
});

describe('a text in UTF-16', () => {
  const text = '\ufeffcause: password=s3cret;';
  const bigEndian = Buffer.from(text, 'utf16le').swap16();
  test.each([
    ['little-endian', Buffer.from(text, 'utf16le')],
    ['big-endian', bigEndian],
  ])('%s, is read by its byte order mark', async (_, body) => {
    expect(await loggedBody(body, 'text/plain')).toMatchObject({ body: 'cause: password=…;' });
  });
});

describe('an empty body', () => {
  test('is said in the record of the failure', async () => {
    origin.bytes = Buffer.from('HTTP/1.1 500 x\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n');
    const answer = await ask(worker, { path: '/', headers: { Accept: 'text/html' } });
    const [record] = await worker.recordsOf(answer.header('X-Request-Id') ?? '');
    expect(record).toMatchObject({ origin: { status_code: 500, body_size: 0 } });
  });
  test('is said in the record of the body, where only reading shows it', async () => {
    origin.bytes = Buffer.from(
      'HTTP/1.1 500 x\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    );
    const answer = await ask(worker, { path: '/', headers: { Accept: 'text/html' } });
    const [, second] = await worker.recordsOf(answer.header('X-Request-Id') ?? '', 2);
    expect(second).toMatchObject({ message: 'Origin error body', origin: { body_size: 0 } });
  });
});

describe("the record has the ID that the origin's host gave", () => {
  test.each([
    ['X-Vercel-Id', 'fra1::iad1::q7Zt4-1796040000000-4f1c9a2d7b3e'],
    ['X-Amzn-RequestId', '4f1c9a2d-7b3e-4c5d-8e9f-0a1b2c3d4e5f'],
    ['X-Amz-Cf-Id', 'q7Zt4mKx2wRp9vLn3sYbHd6fGj8kNc5vX0zMpL9sD2fG7hJ5kN0bC3=='],
    ['Fly-Request-Id', '01KAS0Z5G1J8T0N6QH3V9W2XYB-fra'],
    ['X-Correlation-Id', '4bf92f3577b34da6a3ce929d0e0e4736'],
  ])('%s', async (name, id) => {
    origin.bytes = Buffer.from(`HTTP/1.1 503 x\r\n${name}: ${id}\r\nContent-Length: 0\r\n\r\n`);
    const answer = await ask(worker, { path: '/' });
    const [record] = await worker.recordsOf(answer.header('X-Request-Id') ?? '');
    expect(record).toMatchObject({ origin: { request_id: id } });
  });
});

describe('of anything else', () => {
  test('markup in plain text stays', async () => {
    expect(await loggedBody('<b>cause</b>', 'text/plain')).toMatchObject({ body: '<b>cause</b>' });
  });

  test.each([
    '{"url":"https:\\/\\/shop.example\\/a?token=s3cret"}',
    '{"password":"s3cret"}',
    '{"error":"no user bob-s3cret@shop.example"}',
  ])('a secret in JSON is left out: %s', async (json) => {
    expect(JSON.stringify(await loggedBody(json, 'application/json'))).not.toContain('s3cret');
  });
});
