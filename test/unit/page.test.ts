import { createHash } from 'node:crypto';
import Mustache from 'mustache';
import { describe, expect, it, vi } from 'vitest';
import { checkPage } from '../../src/cli/check-page/check-page.ts';
import { createPage } from '../../src/page/create-page.ts';
import { languages } from '../../src/page/languages.ts';
import { asServed } from '../../src/page/template.ts';
import { tokens } from '../../src/page/tokens.ts';
import { allowed, forbidden } from '../support/markup-cases.ts';
import { languageTags, page, sampleFacts, samplePage, template } from '../support/sample-page.ts';

const hostile = `"><script>alert(1)</script>'\`&{{request_id}}\0heading\0$&$1`;

describe('the page', () => {
  it('says what happened, what to do, whom to ask, and the ID that is in the log, in this order', () => {
    expect(textOf(samplePage({ retryAfter: undefined }))).toBe(
      [
        'shop.example',
        'Something went wrong',
        'The server was unable to complete your request. Please try again later.',
        'Try again Service status',
        'If this problem persists, please contact support (support@shop.example).',
        `Server logs contain details of this error with request ID: ${sampleFacts.requestId} Copy ID`,
        '500 Internal Server Error 2026-11-23 09:30:00 UTC',
      ].join(' '),
    );
  });

  it.each([
    ['the support sentence only where there is support', { supportUrl: undefined }, 'contact support'],
    ['the status page only where there is one', { statusPageUrl: undefined }, 'Service status'],
    ['when to try again only where that is known', { retryAfter: undefined }, 'in 10 minutes'],
  ])('shows %s', (_what, facts, sign) => {
    expect(samplePage()).toContain(sign);
    expect(samplePage(facts)).not.toContain(sign);
  });

  it('gives one order: when the origin says when, not also later', () => {
    expect(textOf(samplePage())).toContain(
      'complete your request. Please try again in 10 minutes. Try again',
    );
    expect(samplePage()).not.toContain('later');
  });

  it('offers to try again where that is safe', () => {
    expect(samplePage()).toMatch(/href="">\s*Try again\s*<\/a>/);
    expect(samplePage()).not.toContain('Go back');
  });

  it('says of an order that it may have gone through, and leads back to what was typed', () => {
    const page = samplePage({ isUnsafe: true });
    expect(textOf(page)).toContain(
      'The server was unable to complete your request. It may or may not have gone through. ' +
        'Please check before you do it again. Go back Service status Your browser may have kept what you entered. If',
    );
    expect(page).toMatch(/href="https:\/\/shop.example\/cart">\s*Go back\s*<\/a>/);
    expect(page).not.toMatch(/[Tt]ry again/);
  });

  it('leads to where the site starts', () => {
    expect(samplePage()).toContain('<a href="/"><bdi>shop.example</bdi></a>');
  });

  it.each(languageTags)('has in %s nothing in English above its heading', (language) => {
    const { heading } = languages[language];
    const [above] = textOf(samplePage({ language, siteName: '…' })).split(heading);
    expect(above?.trim()).toBe('…');
  });

  it.each([
    ['mailto:help@shop.example?subject=x', ' (help@shop.example).'],
    ['MAILTO:a%2Bb@shop.example', ' (a+b@shop.example).'],
    ['tel:+49-30-123456;ext=7', ' (+49-30-123456).'],
    ['mailto:100%', ' (100%).'],
    ['https://shop.example/help?id=1', '.'],
  ])('shows of %s the address, if it has one', (supportUrl, address) => {
    expect(textOf(samplePage({ supportUrl }))).toContain(`please contact support${address} Server logs`);
  });

  it('can be another: a template and texts of one’s own', async () => {
    const texts = { ...languages, en: { ...languages.en, heading: 'Oh dear' } };
    const own = createPage('<h1>{{heading}}</h1><p>{{request_id}}</p>', texts);
    expect(own.render({ ...sampleFacts, texts: texts.en })).toBe(
      `<h1>Oh dear</h1><p>${sampleFacts.requestId}</p>`,
    );
    expect(await own.policy()).toContain("style-src 'none'; script-src 'none'");
  });

  it('is prepared once for all hosts that a link may name', () => {
    const render = vi.spyOn(Mustache, 'render');
    const own = createPage(template, languages);
    const pages = ['a', 'b'].map((host) =>
      own.render({ ...sampleFacts, statusPageUrl: `https://${host}.example/` }),
    );
    expect(pages.map((html) => html.includes('https://a.example/'))).toEqual([true, false]);
    expect(render).toHaveBeenCalledTimes(1);
    render.mockRestore();
  });

  it('keeps what was asked for before apart from what is asked for now', () => {
    samplePage({ language: 'de', requestId: 'FIRST', siteName: 'first.example' });
    const page = samplePage({ language: 'de', requestId: 'SECOND' });
    expect(page).toContain('SECOND');
    expect(page).not.toMatch(/FIRST|first\.example/);
  });

  it.each(['requestId', 'siteName', 'backUrl', 'supportUrl', 'statusPageUrl', 'reason'] as const)(
    'cannot be changed by what is in %s',
    (name) => {
      const isUnsafe = name === 'backUrl';
      const value = name === 'supportUrl' ? `mailto:${hostile}` : hostile;
      const page = samplePage({ isUnsafe, [name]: value });
      expect(elementsOf(page)).toEqual(elementsOf(samplePage({ isUnsafe })));
      expect(page).not.toContain('alert(1)</script>');
      expect(page).toContain('&quot;&gt;&lt;script&gt;');
    },
  );

  it('cannot be changed by any text of a language', () => {
    const names = Object.keys(languages.en).filter((name) => !['dir', 'aliases', 'when'].includes(name));
    const changed = { ...languages.en, ...Object.fromEntries(names.map((name) => [name, hostile])) };
    const page = samplePage({ texts: changed });
    expect(elementsOf(page)).toEqual(elementsOf(samplePage()));
    expect(page).not.toContain('alert(1)</script>');
  });

  it('is a file of Latin-1 characters: with others, each page takes ten microseconds more to join and encode', () => {
    expect(template.match(/[^\0-\xff]/g)).toBeNull();
  });

  it('asks for nothing from anywhere', () => {
    const page = samplePage();
    expect(page).not.toMatch(/\ssrc=|srcset|@import|url\(|<iframe|<form|http-equiv/i);
    expect([...page.matchAll(/<link[^>]*>/g)].map(String)).toEqual(['<link rel="icon" href="data:," />']);
  });
});

describe('the Content-Security-Policy', () => {
  it('allows the inline style and script of the page by their hashes, and nothing else', async () => {
    const html = samplePage();
    const hashOf = (element: string) => {
      const content = html.split(`<${element}>`)[1]?.split(`</${element}>`)[0] ?? '';
      return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    };
    expect(await page.policy()).toBe(
      `default-src 'none'; style-src ${hashOf('style')}; script-src ${hashOf('script')}; ` +
        `img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });

  it('never says unsafe', async () => {
    expect(await page.policy()).not.toContain('unsafe');
  });
});

describe('a page template', () => {
  it('as shipped has no problems and uses every token', () => {
    expect(problemsOf(template)).toEqual([]);
    for (const name of Object.keys(tokens)) expect(template).toMatch(new RegExp(`\\{\\{[#^/]?${name}\\}\\}`));
  });

  it('as shipped shows no section tags when a browser opens the file', () => {
    expect(template.replace(/<!--[^]*?-->/g, '')).not.toMatch(/\{\{[#^/]/);
  });

  it('may be as small as the ID', () => {
    expect(problemsOf('<!doctype html><p>{{request_id}}</p>')).toEqual([]);
  });

  it.each([
    ['no ID', '<p>{{heading}}</p>', 'has no {{request_id}}'],
    ['an ID that is only in a comment', '<!-- {{request_id}} -->', 'has no {{request_id}}'],
    ['an unknown token', '{{request_id}} {{foo}}', 'has the unknown token {{foo}}; known are request_id, '],
    ['a mistyped token', '{{request_id}} {{headign}}', '{{headign}}; did you mean {{heading}}?'],
    ['a token of version 0.1.0', '{{request_id}}{{#links}}{{/links}}', 'has the unknown token {{links}}'],
    [
      'an unknown section in a comment',
      '{{request_id}}<!-- {{#retrry}} -->x<!-- {{/retrry}} -->',
      'has the unknown token {{retrry}}',
    ],
    [
      'an unclosed section',
      '{{request_id}}<!-- {{#retry}} -->',
      'is not a Mustache template: Unclosed section',
    ],
    ['an unclosed tag', '{{request_id}} {{heading', 'is not a Mustache template: Unclosed tag'],
    ['the ID in a section only', '{{#support}}{{request_id}}{{/support}}', 'only inside sections'],
    ['an unescaped token', '{{request_id}} {{{site_name}}}', 'has an unescaped token'],
    ['an unescaped token of the other kind', '{{request_id}} {{& site_name}}', 'has an unescaped token'],
    ['a partial', '{{request_id}} {{> footer}}', 'has the unknown token {{footer}}'],
    ['a token in a style', '{{request_id}}<style>a{color:{{heading}}}</style>', 'has a token inside <style>'],
    ['a token in a script', '{{request_id}}<script>"{{heading}}"</script>', 'has a token inside <script>'],
    ['a script with a source', '{{request_id}}<script src="x.js"></script>', 'with attributes'],
    ['a token in a bare value', '<a href={{support_url}}>{{request_id}}</a>', 'outside of text and quoted'],
    ['a token for an attribute', '<p {{direction}}>{{request_id}}</p>', 'outside of text and quoted values'],
    ['other delimiters', '{{request_id}}{{=<% %>=}}', 'has the unknown token {{<% %>}}'],
    ['a comment that is not closed', '{{request_id}}<!-- a', 'has a comment that is not closed'],
    ['a comment that ends oddly', '{{request_id}}<!-- a --!> b', 'ends with --!>; write -->'],
    ['a tag that is not closed', '{{request_id}}<a href="', 'has a tag that is not closed'],
    ['a style that is not closed', '{{request_id}}<style>a{}', 'has a <style> that is not closed'],
    ['an attribute twice', '{{request_id}}<a href="/a" href="/b">a</a>', 'the same attribute twice'],
    [
      'a mail address for a link',
      '{{request_id}}<a href="help@shop.example">a</a>',
      'links to a page of the site called help@shop.example; did you mean mailto:help@shop.example?',
    ],
    ['an image in a template', '{{request_id}}<template><img src="/a" alt=""></template>', 'loads /a'],
    ['an image without scripts', '{{request_id}}<noscript><img src="/a" alt=""></noscript>', 'loads /a'],
    ['a style in capitals', '{{request_id}}<STYLE>a{}</STYLE>', 'with attributes'],
    ['a style with a space at its end', '{{request_id}}<style>a{}</style >', 'with attributes'],
  ])('with %s is refused in words', (_what, html, problem) => {
    expect(problemsOf(html).join('\n')).toContain(problem);
  });

  it.each(forbidden)('with %s is refused in words', (_what, html, problem) => {
    const problems = problemsOf(`{{request_id}}${html}`);
    expect(problems.join('\n')).toContain(problem);
    for (const sentence of problems) expect(sentence).toMatch(/which the Content-Security-Policy forbids$/);
  });

  it.each(allowed)('may have %s', (_what, html) => {
    expect(problemsOf(`{{request_id}}${html}`)).toEqual([]);
  });

  it('is told on which line it is wrong', () => {
    const html = [
      '<p>{{heading}}</p>',
      '<!-- a',
      'b --><p>{{requestid}} {{request_id}}</p>',
      '<style>',
      '/* url(/not-this.png) */',
      'a { background: url(/a.png) }',
      '</style>',
      '<p',
      '  title="a"',
      '  onclick="x()"',
      '>a</p>',
    ];
    expect(checkPage(html.join('\n')).map(({ line }) => line)).toEqual([3, 6, 10]);
    expect(checkPage('{{request_id}}\n{{#retry}}\n').map(({ line }) => line)).toEqual([3]);
  });

  it('may hold what looks like a comment, a tag or a style sheet where it is none', () => {
    const script = '<script>const a = "<!-- <img src=/a.png> -->";</script>';
    const text = '<p title="<style> @import onclick=a">javascript:a</p><title>a <b></title>';
    expect(checkPage(`<p>{{request_id}}</p>\n${script}\n${text}`)).toEqual([]);
  });

  it('may hold comments, which no visitor gets', () => {
    expect(asServed('a<!-- note {{heading}} -->b')).toBe('ab');
    expect(asServed('<!-- {{#retry}} --><a><!--{{/retry}}-->')).toBe('{{#retry}}<a>{{/retry}}');
    expect(samplePage()).not.toContain('<!--');
  });

  it('keeps what looks like a comment inside a style or a script', () => {
    const inline = '<style>a::after{content:"<!-- -->"}</style><script>"<!-- {{x}} -->"</script>';
    expect(asServed(`<!-- a -->${inline}<!-- b -->`)).toBe(inline);
  });

  it('is sent without its indentation, unless that shows', () => {
    expect(asServed('<p>\n  a\n\n  b\n</p>')).toBe('<p>\na\nb\n</p>');
    expect(asServed('<pre>\n  a\n</pre>')).toBe('<pre>\n  a\n</pre>');
  });
});

/** The text that a visitor reads on a page: without attributes, and with single spaces. */
function textOf(html: string): string {
  return html
    .replace(/<(title|style|script)>[^]*?<\/\1>|<\/?(?:a|b|bdi|code|time)\b[^>]*>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The check's messages about a template, each with its line. */
function problemsOf(html: string): string[] {
  return checkPage(html).map(({ line, problem }) => `${line}: ${problem}`);
}

/** The names of all tags and attributes of a page, in order. Hostile text must not change them. */
function elementsOf(html: string): string[] {
  return [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/="[^"]*"/g, ''));
}
