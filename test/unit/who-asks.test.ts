import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whoAsks } from '../../src/answer/who-asks.ts';
import type { Form } from '../../src/incident.ts';
import { headerText } from '../support/header-text.ts';

function formatOf(accept: string | undefined, destination?: string): Form {
  const headers = new Headers();
  if (accept !== undefined) headers.set('Accept', accept);
  if (destination !== undefined) headers.set('Sec-Fetch-Dest', destination);
  return whoAsks(headers, null).form;
}

const chromeNavigation =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7';
const chromeImage = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';

describe('the format that a client gets', () => {
  it.each<[client: string, accept: string | undefined, destination: string | undefined, format: Form]>([
    ['curl', '*/*', undefined, 'html'],
    ['a client without Accept', undefined, undefined, 'html'],
    ['a client with an empty Accept', '', undefined, 'html'],
    ['Chrome, for a page', chromeNavigation, 'document', 'html'],
    ['Chrome, for a frame', chromeNavigation, 'iframe', 'html'],
    ...['document', 'iframe', 'frame', 'embed', 'object', 'fencedframe'].map(
      (destination): [string, string, string, Form] => [
        `a browser, for ${destination}`,
        '*/*',
        destination,
        'html',
      ],
    ),
    [
      'Firefox, for a page',
      'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'document',
      'html',
    ],
    [
      'Safari, for a page',
      'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      undefined,
      'html',
    ],
    ['Chrome, for an image', chromeImage, 'image', 'text'],
    [
      'Firefox, for an image',
      'image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5',
      'image',
      'text',
    ],
    ['an image client that takes nothing else', 'image/webp,image/*', 'image', 'text'],
    ['Chrome, for a script', '*/*', 'script', 'text'],
    ['Chrome, for a style sheet', 'text/css,*/*;q=0.1', 'style', 'text'],
    ['Chrome, for a font', '*/*', 'font', 'text'],
    ['Chrome, for a video', '*/*', 'video', 'text'],
    ['Chrome, for a service worker', '*/*', 'serviceworker', 'text'],
    ['fetch() without options', '*/*', 'empty', 'json'],
    ['fetch() of a page', 'text/html', 'empty', 'html'],
    ['jQuery.get of a page', 'text/html, */*; q=0.01', 'empty', 'html'],
    ['jQuery.getJSON', 'application/json, text/javascript, */*; q=0.01', 'empty', 'json'],
    ['axios in a browser', 'application/json, text/plain, */*', 'empty', 'json'],
    ['axios in Node', 'application/json, text/plain, */*', undefined, 'json'],
    ['EventSource', 'text/event-stream', 'empty', 'json'],
    ['a GraphQL client', 'application/graphql-response+json, application/json;q=0.9', undefined, 'json'],
    ['Python requests', '*/*', undefined, 'html'],
    ['Postman', '*/*', undefined, 'html'],
    ['HTTPie with JSON', 'application/json, */*;q=0.5', undefined, 'json'],
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

  it('depends on the first 64 types of Accept alone', () => {
    expect(formatOf('a/b,'.repeat(63) + 'application/json')).toBe('json');
    expect(formatOf('a/b,'.repeat(64) + 'application/json')).toBe('text');
  });

  it('is one of these, whatever the headers hold', () => {
    fc.assert(
      fc.property(headerText, headerText, (accept, destination) => {
        expect(['html', 'json', 'markdown', 'text']).toContain(formatOf(accept, destination));
      }),
    );
  });
});
