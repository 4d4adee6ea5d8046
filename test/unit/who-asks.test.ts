import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forms } from '../../src/answer/forms.ts';
import { whoAsks, type Form } from '../../src/answer/who-asks.ts';
import { headerText } from '../support/header-text.ts';

function formatOf(accept: string | undefined, destination?: string): Form {
  const headers = new Headers();
  if (accept !== undefined) headers.set('Accept', accept);
  if (destination !== undefined) headers.set('Sec-Fetch-Dest', destination);
  return whoAsks(headers, null).form;
}

// Captured requests are in test/worker/captured-clients.test.ts. These requests were not captured.
describe('the format that a client gets', () => {
  it.each<[client: string, accept: string | undefined, destination: string | undefined, format: Form]>([
    ['a client with an empty Accept', '', undefined, 'html'],
    ['a browser, for a frame of its own kind', '*/*', 'fencedframe', 'html'],
    [
      'a browser without Sec-Fetch-Dest, for a page',
      'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      undefined,
      'html',
    ],
    ['an image client that takes nothing else', 'image/webp,image/*', 'image', 'text'],
    ['GitHub’s API client', 'application/vnd.github+json', undefined, 'json'],
    ['a JSON:API client', 'application/vnd.api+json', undefined, 'json'],
    ['a client of credentials', 'application/vc+ld+json', undefined, 'json'],
    ['a client of 3D models', 'model/gltf+json', undefined, 'json'],
    [
      'a client with a quote in a parameter',
      'application/json;a="b\\"c", text/html;q=0.5',
      undefined,
      'json',
    ],
    [
      'a JSON-LD client',
      'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"',
      undefined,
      'json',
    ],
  ])('%s', (_client, accept, destination, format) => {
    expect(formatOf(accept, destination)).toBe(format);
  });

  it.each<[accept: string, format: Form]>([
    ['text/html', 'html'],
    ['text/plain', 'text'],
    ['application/json', 'json'],
    ['application/problem+json', 'json'],
    ['text/plain, text/html', 'text'],
    ['text/html, text/plain', 'html'],
    ['text/html;q=0.5, application/json', 'json'],
    ['text/html;q=0.5, application/json;q=0.9', 'json'],
    ['text/html;q=0.9, application/json;q=0.5', 'html'],
    ['text/plain;q=0.2, application/json;q=0.1', 'text'],
    ['application/json;q=0.5, application/vnd.api+json;q=0.9, text/html;q=0.7', 'json'],
    ['text/html;q=0.001, text/plain;q=0.002', 'text'],
    ['text/html;q=0', 'html'],
    ['text/html;q=0, */*', 'html'],
    ['text/html;q=0, application/json;q=0, */*', 'html'],
    ['text/html;q=0, application/problem+json;q=0, application/json', 'json'],
    ['*/*;q=0', 'html'],
    ['application/json;q=0, */*;q=0.1', 'html'],
    ['text/html;q=0.1, */*', 'html'],
    ['application/json, */*;q=0.8', 'json'],
    ['*/*, application/json', 'json'],
    ['text/*', 'text'],
    ['text/*, text/html;q=0', 'text'],
    ['application/*', 'text'],
    ['image/*', 'text'],
    ['application/xml', 'text'],
    ['application/json-seq', 'json'],
    ['application/jsonp', 'text'],
    ['text/html;level=1', 'html'],
    ['text/plain;charset=utf-8', 'text'],
    ['application/json;charset=utf-8;q=0.9, text/html;q=0.8', 'json'],
    ['application/json;q=0.9;charset=utf-8, text/html;q=0.8', 'json'],
    ['application/json;odata="a,b;c=d", text/html;q=0.9', 'json'],
    ['image/png;a="b\\"c", application/json', 'json'],
    ['APPLICATION/JSON', 'json'],
    ['Text/Plain ; Q=0.9', 'text'],
    ['  text/plain\t,\ttext/html;q=0.5  ', 'text'],
  ])('%s → %s', (accept, format) => {
    expect(formatOf(accept)).toBe(format);
  });

  it.each([
    ['garbage'],
    [',,,,'],
    [';;;'],
    ['/'],
    ['*'],
    ['text'],
    ['text/html;q'],
    ['text/html;q='],
    ['text/html;q=abc'],
    ['text/html;q=-1'],
    ['text/html;q=1e9'],
    ['text/html;="'],
    ['text/html;x="unclosed'],
    ['<script>alert(1)</script>'],
    ['\u00ff\u00fe'],
    ['text/html,'.repeat(100_000)],
    [';'.repeat(1_000_000)],
    ['"'.repeat(1_000_000)],
  ])('malformed %.30s → the page', (accept) => {
    expect(formatOf(accept)).toBe('html');
  });

  it.each([
    'text/json',
    'application/ndjson',
    'application/x-ndjson',
    'application/jsonl',
    'application/jsonlines',
    'application/x-jsonlines',
    'text/event-stream',
  ])('is problem details for a client of a stream: %s', (accept) => {
    expect(formatOf(accept)).toBe('json');
  });

  it.each([
    ['html', ['document', 'iframe', 'frame', 'embed', 'object']],
    ['json', ['empty']],
    ['text', ['image', 'script', 'style', 'font', 'audio', 'worker', 'xslt', '']],
  ])('is %s in a browser that uses it as %j', (format, destinations) => {
    for (const destination of destinations) expect(formatOf('*/*', destination)).toBe(format);
  });

  it.each([
    ['application/grpc', 'json'],
    ['application/connect+json', 'json'],
    ['application/proto', 'json'],
    ['application/protobuf', 'json'],
    ['application/vnd.google.protobuf', 'json'],
    ['application/x-ndjson', 'json'],
    ['application/x-www-form-urlencoded', 'html'],
    ['application/x-application/grpc', 'html'],
  ])('after an upload of %s is %s', (type, format) => {
    expect(whoAsks(new Headers({ 'Content-Type': type }), null).form).toBe(format);
  });

  it.each([
    ['application/problem+json; charset=utf-8', 'json'],
    ['TEXT/HTML', 'html'],
    ['text/csv', 'text'],
    ['text/markdown', 'text'],
    ['text/event-stream', 'text'],
    ['application/xml', 'text'],
    ['application/soap+xml; charset=utf-8', 'text'],
    ['application/xml-dtd', 'html'],
    ['application/x-text/plain', 'html'],
    ['image/png', 'html'],
  ])('is that of the origin, where nothing else tells: %s → %s', (type, format) => {
    expect(whoAsks(new Headers(), type)).toEqual({ form: format, isPerson: false });
  });

  it('depends on the first 64 types of Accept alone', () => {
    expect(formatOf('a/b,'.repeat(63) + 'application/json')).toBe('json');
    expect(formatOf('a/b,'.repeat(64) + 'application/json')).toBe('text');
  });

  it('is one of these, whatever the headers hold', () => {
    fc.assert(
      fc.property(headerText, headerText, (accept, destination) => {
        expect(Object.keys(forms)).toContain(formatOf(accept, destination));
      }),
    );
  });
});

describe('who uploads what only a program sends, and accepts anything,', () => {
  it.each([
    'application/json',
    'application/vnd.api+json',
    'application/ld+json; charset=utf-8',
    'APPLICATION/PROBLEM+JSON',
    'application/x-ndjson',
    'application/grpc-web+proto',
    'application/connect+json',
    'application/proto',
  ])('%s, gets problem details', (type) => {
    const headers = new Headers({ Accept: '*/*', 'Content-Type': type });
    expect(whoAsks(headers, 'text/html').form).toBe('json');
  });
});
