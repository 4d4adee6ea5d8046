/** The origin's frame policy becomes part of our own policy. A policy that is not plain becomes the strictest one. */
import { expect, it } from 'vitest';
import { frameAncestors } from '../../src/answer/frame-ancestors.ts';

it.each([
  ["frame-ancestors 'none'", "'none'"],
  ["default-src 'self'; frame-ancestors 'self'; img-src *", "'self'"],
  ["FRAME-ANCESTORS 'SELF'", "'self'"],
  [
    "frame-ancestors 'self' https://a.example http://b.example:8080",
    "'self' https://a.example http://b.example:8080",
  ],
  ['frame-ancestors\thttps://a.example', 'https://a.example'],
  [";;frame-ancestors  'self' ;", "'self'"],
  ["frame-ancestors 'self'; frame-ancestors https://a.example", "'self'"],
  ["default-src *, frame-ancestors 'self'", "'self'"],
  ["frame-ancestors 'self', frame-ancestors 'self'", "'self'"],
  [
    "frame-ancestors 'self' https://a.example, frame-ancestors https://a.example 'self'",
    "'self' https://a.example",
  ],
])('%s', (policy, ancestors) => {
  expect(frameAncestors(policy)).toBe(ancestors);
});

it.each([
  ['an empty list', 'frame-ancestors'],
  ['any site', 'frame-ancestors *'],
  ['any site with a scheme', 'frame-ancestors https:'],
  ['any subdomain', "frame-ancestors 'self' https://*.shop.example"],
  ['a host without a scheme', 'frame-ancestors shop.example'],
  ['a path', 'frame-ancestors https://shop.example/'],
  ['a query', 'frame-ancestors https://shop.example?a=b'],
  ['any port', 'frame-ancestors https://shop.example:*'],
  ['a long port', 'frame-ancestors https://shop.example:4430000'],
  ['userinfo', 'frame-ancestors https://user@shop.example'],
  ['another scheme', 'frame-ancestors data:'],
  ['a scheme of an extension', 'frame-ancestors chrome-extension://abc'],
  ['a nonce', "frame-ancestors 'nonce-swordfish'"],
  ['a word of its own', "frame-ancestors 'self' 'unsafe-inline'"],
  ['a word without quotes', 'frame-ancestors self'],
  ["'none' beside others", "frame-ancestors 'none' https://a.example"],
  ['what is beyond ASCII', "frame-ancestors 'self' https://büro.example"],
  ['markup', 'frame-ancestors <script>alert(1)</script>'],
  ['a long list', `frame-ancestors ${'https://a.example '.repeat(200)}`],
  [
    'policies whose origins have the same letters',
    'frame-ancestors https://ab.example, frame-ancestors https://ba.example',
  ],
  ['policies that differ', "frame-ancestors 'self', frame-ancestors https://a.example"],
  ['policies of which one is strict', "frame-ancestors 'self', default-src *; frame-ancestors 'none'"],
  ['policies of which one is not plain', "frame-ancestors 'self', frame-ancestors *"],
])('%s becomes none', (_what, policy) => {
  expect(frameAncestors(policy)).toBe("'none'");
});

it.each([
  null,
  '',
  ',',
  "default-src 'self'",
  "x-frame-ancestors 'none'",
  "default-src frame-ancestors 'none'",
])('%j says nothing of frames', (policy) => {
  expect(frameAncestors(policy)).toBeUndefined();
});
