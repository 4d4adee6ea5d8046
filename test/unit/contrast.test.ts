import { describe, expect, it } from 'vitest';
import { contrastWarnings } from '../../src/cli/check-page/contrast.ts';
import { template } from '../support/sample-page.ts';

/** A template with these CSS rules. */
const styled = (css: string) => `<!doctype html>\n<style>\n${css}\n</style>\n<p>{{request_id}}</p>`;

describe('the colours of a page', () => {
  it('as shipped can be read, light and dark', () => {
    expect(contrastWarnings(template)).toEqual([]);
  });

  it.each([
    ['#767676 on white', ':root { --text: #767676; --page: white }', []],
    ['#777 on white', ':root { --text: #777; --page: #ffffff }', ['4.4:1 in light', '4.4:1 in dark']],
    ['rgb() and hsl()', ':root { --text: rgb(119 119 119); --page: hsl(0, 0%, 100%) }', ['4.4:1', '4.4:1']],
    ['yellow of hsl()', ':root { --text: hsl(60 100% 50%); --page: #fff }', ['1:1', '1:1']],
    [
      'dark alone',
      ':root { --text: #000; --page: #fff } @media (prefers-color-scheme: dark) { :root { --page: #222 } }',
      ['1.3:1 in dark'],
    ],
    [
      'on a screen alone',
      ':root { --text: #000; --page: #fff } @media screen and (prefers-color-scheme:dark){:root{--text:#fff}}',
      ['1:1 in dark'],
    ],
    ['a name and another space', ':root { --text: oklch(1 0 0); --page: snow }', ['1:1', '1:1']],
    ['a button', ':root { --accent: #ffb800; --on-accent: #fff }', ['1.7:1 in light', '1.7:1 in dark']],
  ])('of %s', (_what, css, ratios) => {
    const warnings = contrastWarnings(styled(css));
    expect(warnings).toHaveLength(ratios.length);
    for (const [i, ratio] of ratios.entries())
      expect(warnings[i]?.problem).toContain(`a contrast of ${ratio}`);
  });

  it.each([
    ['another name', ':root { --ink: #fff; --page: #fff }'],
    ['a value that is no colour', ':root { --text: var(--ink); --page: #fff }'],
    ['a later value that is no colour', ':root { --text: #fff; --page: #fff; --text: currentcolor }'],
    ['a transparent colour', ':root { --text: rgb(255 255 255 / 0.5); --page: #fff }'],
    ['paper', ':root { --text: #000; --page: #fff } @media print { :root { --text: #fff } }'],
    ['a part of the page', ':root { --text: #000; --page: #fff } .box { --text: #fff }'],
    ['a comment', ':root { --text: #000; --page: #fff; /* --text: #fff; */ }'],
  ])('are not judged by %s', (_what, css) => {
    expect(contrastWarnings(styled(css))).toEqual([]);
  });

  it('are named with the line', () => {
    const css = ':root {\n  --page: #fff;\n  --text: #eee;\n}';
    expect(contrastWarnings(styled(css)).map(({ line }) => line)).toEqual([5, 5]);
  });
});
