/** `INTERCEPT = "pages"`: the failures that reach a program unchanged, and those that do not. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { buildLibraryBundle } from '../support/library-bundle.ts';
import { startRawOrigin, type RawOrigin } from '../support/raw-origin.ts';
import { startWorkers, type RunningWorker } from '../support/workerd.ts';

const application = `
  import { Hono } from 'hono';
  import { HTTPException } from 'hono/http-exception';
  import { onError } from './with-error-pages.ts';

  const app = new Hono();
  app.onError(onError);
  app.get('/returns', (c) => c.json({ fault: 'its own words' }, 503));
  app.get('/throws', () => { throw new TypeError('cart is undefined'); });
  app.get('/throws-503', () => { throw new HTTPException(503, { message: 'its own words' }); });
  app.get('/throws-response', () => { throw new Response('its own words', { status: 503 }); });
  export default withErrorPages(app, { INTERCEPT: 'pages' });
`;

let libraryBundle: string;
let origin: RawOrigin;
let workers: Readonly<Record<'wrapped' | 'inFront', RunningWorker>>;

beforeAll(async () => {
  [libraryBundle, origin] = await Promise.all([buildLibraryBundle(application), startRawOrigin()]);
  workers = await startWorkers({
    wrapped: { bundle: libraryBundle },
    inFront: { bundle: inject('bundle'), vars: { ORIGIN_URL: `http://${origin.host}`, INTERCEPT: 'pages' } },
  });
});

afterAll(async () => {
  await workers.wrapped.stop();
  await origin.stop();
  await rm(libraryBundle, { recursive: true });
});

const forPrograms = { Accept: 'application/json' };
const forPeople = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };

/** The next answer of the origin. */
function answering(status: string, lines: readonly string[], body: string): void {
  const head = [`HTTP/1.1 ${status}`, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', ''];
  origin.bytes = Buffer.from(head.join('\r\n') + body);
}

describe('a wrapped application', () => {
  it('has its own words where it returns them', async () => {
    const answer = await ask(workers.wrapped, { path: '/returns', headers: forPrograms });
    expect([answer.status, answer.text]).toEqual([503, '{"fault":"its own words"}']);
    expect(answer.header('x-request-id')).toBeUndefined();
  });

  it.each(['/throws', '/throws-503', '/throws-response'])(
    'has ours where onError made them of an exception: %s',
    async (path) => {
      const answer = await ask(workers.wrapped, { path, headers: forPrograms });
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain('its own words');
      expect(JSON.parse(answer.text)).toMatchObject({ request_id: answer.header('x-request-id') });
    },
  );

  it('received nothing, by Proxy-Status', async () => {
    const answer = await ask(workers.wrapped, { path: '/returns', headers: forPeople });
    expect(answer.header('proxy-status')).toBe('edge-error-interceptor');
  });
});

describe('an origin', () => {
  it.each([
    [
      'SOAP',
      {
        'Content-Type': 'text/xml; charset=utf-8',
        SOAPAction: '"add"',
        Accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
      },
    ],
    [
      'SOAP 1.2',
      { 'Content-Type': 'application/soap+xml; charset=utf-8; action="add"', Accept: 'text/html, */*' },
    ],
    ['XML-RPC', { 'Content-Type': 'text/xml', Accept: 'text/html' }],
    ['protobuf', { 'Content-Type': 'application/x-protobuf', Accept: 'text/html' }],
    ['an octet stream', { 'Content-Type': 'application/octet-stream', Accept: 'text/html' }],
    ['a type in capitals', { 'Content-Type': 'TEXT/XML', Accept: 'text/html' }],
  ])('is heard by a client of %s, whose fault is a 500', async (_client, headers) => {
    const fault = '<soap:Fault>it adds numbers only</soap:Fault>';
    answering('500 Internal Server Error', ['Content-Type: text/xml; charset=utf-8'], fault);
    const answer = await ask(workers.inFront, { method: 'POST', headers, body: '<x/>' });
    expect([answer.status, answer.text]).toEqual([500, fault]);
  });

  it.each([
    'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
    'text/html, image/gif, image/jpeg, */*; q=0.2',
  ])('is heard by Java: %s', async (accept) => {
    answering('500 Internal Server Error', ['Content-Type: text/plain'], 'its own words');
    for (const headers of [{}, { 'Content-Type': 'application/x-www-form-urlencoded' }]) {
      const answer = await ask(workers.inFront, {
        method: 'POST',
        headers: { ...headers, Accept: accept },
        body: 'a=b',
      });
      expect(answer.text).toBe('its own words');
    }
  });

  it.each([
    ['X-Livewire', { 'X-Livewire': '', 'Content-Type': 'application/json', Accept: '*/*' }],
    ['X-Inertia', { 'X-Inertia': 'true', Accept: 'text/html, application/xhtml+xml' }],
    [
      'live components',
      { Accept: 'application/vnd.live-component+html', 'X-Requested-With': 'XMLHttpRequest' },
    ],
  ])('is heard by %s, which shows its words in an overlay', async (_client, headers) => {
    answering('500 Internal Server Error', ['Content-Type: text/html'], 'its own words');
    expect((await ask(workers.inFront, { method: 'POST', headers, body: '{}' })).text).toBe('its own words');
  });

  it.each([
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html' }],
    ['an upload', { 'Content-Type': 'multipart/form-data; boundary=x', Accept: 'text/html' }],
    ['a form of plain text', { 'Content-Type': 'text/plain', Accept: 'text/html' }],
    ['a form of a browser', { ...forPeople, 'Content-Type': 'application/json' }],
    ['an empty Content-Type', { 'Content-Type': '', Accept: 'text/html' }],
  ])('is not what people get who send %s', async (_what, headers) => {
    answering('500 Internal Server Error', ['Content-Type: text/html'], 'its own words');
    const answer = await ask(workers.inFront, { method: 'POST', headers, body: 'a=b' });
    expect(answer.text).toContain('<!doctype html>');
    expect(answer.text).not.toContain('its own words');
  });

  it('that answers 101 to no question has said nothing', async () => {
    answering('101 Switching Protocols', ['Upgrade: websocket', 'Connection: Upgrade'], '');
    const answer = await ask(workers.inFront, { headers: forPrograms });
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.text)).toMatchObject({ request_id: answer.header('x-request-id') });
  });
});
