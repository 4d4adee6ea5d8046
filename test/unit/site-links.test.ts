/** The operator's links lead where the operator said, whatever host the visitor sends. */
import { expect, it } from 'vitest';
import { supportLink, withHost } from '../../src/answer/site-links.ts';

const ID = '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';

it.each([
  ['https://{host}/help', 'shop.example', 'https://shop.example/help'],
  [
    'https://status.example/{host}/{host}',
    'a-1.shop.example',
    'https://status.example/a-1.shop.example/a-1.shop.example',
  ],
  ['https://{host}/help', 'xn--bcher-kva.example', 'https://xn--bcher-kva.example/help'],
  ['https://{host}/help', '1.shop.example', 'https://1.shop.example/help'],
  ['https://{host}/help', '203.0.113.7', undefined],
  ['https://{host}/help', '203.0.113.7.', undefined],
  ['https://{host}/help', '7', undefined],
  ['https://{host}/help', '[2001:db8::1]', undefined],
  ['https://{host}/help', 'evil.example/', undefined],
  ['https://{host}/help', 'me@evil.example', undefined],
  ['https://{host}/help', ' shop.example', undefined],
  ['https://{host}/help', '', undefined],
  ['https://status.example/', '203.0.113.7', 'https://status.example/'],
])('%s for %j is %s', (link, host, expected) => {
  expect(withHost(link, host)).toBe(expected);
  expect(supportLink(link, ID, host)).toBe(expected);
});

it('a mail address gets a subject and a body with the host and the ID', () => {
  const link = supportLink('MAILTO:help@shop.example', ID, 'shop.example') ?? '';
  expect(link).toMatch(/^MAILTO:help@shop\.example\?subject=/);
  const { searchParams } = new URL(link);
  expect(searchParams.get('subject')).toBe(`shop.example: ${ID}`);
  expect(searchParams.get('body')).toBe(`\r\n\r\nshop.example\r\n${ID}\r\n`);
});

it.each([
  'https://help.example/mailto:{request_id}',
  'mailto:help@shop.example?subject={request_id}',
  'tel:+1555010',
])('%s gets none', (link) => {
  expect(supportLink(link, ID, 'shop.example')).toBe(link.replace('{request_id}', ID));
});
