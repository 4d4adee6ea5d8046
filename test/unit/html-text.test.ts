import { describe, expect, it } from 'vitest';
import { textOfHtml } from '../../src/log/html-text.ts';

describe('the text of a page is what a reader sees', () => {
  it.each([
    ['blocks are lines', '<h1>Error</h1><p>disk   full</p>', 'Error\ndisk full'],
    ['words stay apart', '<b>disk</b><i>full</i>', 'disk full'],
    ['styles and scripts', '<style>p > a {}</style><script>if (a < b) x()</script>cause', 'cause'],
    ['a script that holds markup', '<script>document.write("<p>x</p>")</script>cause', 'cause'],
    ['pictures, nested', '<svg><svg><text>x</text></svg>y</svg>cause', 'cause'],
    ['a picture that closes itself', '<svg/>cause', 'cause'],
    ['comments and declarations', '<!DOCTYPE html><?xml version="1.0"?><!-- <p>x</p> -->cause', 'cause'],
    ['a tag with brackets in its attributes', `<a title="1 > 0" alt='<p>'>cause</a>`, 'cause'],
    ['a bracket that is no tag', '1 < 2 and 3 <4', '1 < 2 and 3 <4'],
    ['a table', '<table><tr><td>DB_HOST</td><td><pre>db</pre></td></tr></table>', 'DB_HOST: db'],
    ['a cell behind no name', '<table><tr><td>—</td><td>db</td></tr></table>', '— db'],
    ['references', 'a&nbsp;b&rsaquo;c&mdash;&#39;&amp;&hellip;', "a b›c—'&…"],
    ['a tag without end', 'cause<a href="x', 'cause'],
    ['nothing but a tag without end', '<a href="x', ''],
  ])('%s', (_, html, text) => {
    expect(textOfHtml(html, 999)).toBe(text);
  });
});

describe('no more of a page is read than is asked for', () => {
  it('in characters', () => {
    expect(textOfHtml('<p>a line of text</p>'.repeat(1000), 100).length).toBeLessThan(250);
  });
  it('in tags', () => {
    expect(textOfHtml(`start${'<b></b>'.repeat(5000)}end`, 999)).toBe('start');
  });
});
