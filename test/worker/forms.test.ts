/** Every form of an answer has the same facts as the page, in the notation of its reader. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ask, type Answer } from '../support/ask.ts';
import { forms } from '../../src/answer/forms.ts';
import type { Form } from '../../src/answer/who-asks.ts';
import { escapeHtml } from '../../src/page/create-page.ts';
import { languages } from '../../src/page/languages.ts';
import { startRawOrigin, type RawOrigin } from '../support/raw-origin.ts';
import { startWorkerd, type RunningWorker } from '../support/workerd.ts';

let origin: RawOrigin;
let worker: RunningWorker;

beforeAll(async () => {
  origin = await startRawOrigin();
  worker = await startWorkerd({
    bundle: inject('bundle'),
    vars: {
      ORIGIN_URL: `http://${origin.host}`,
      SITE_NAME: 'Söhne & Co',
      SUPPORT_URL: 'mailto:help+shop@shop.example',
      STATUS_PAGE_URL: 'https://status.shop.example/',
      ERROR_STATUS: 'origin',
    },
  });
});

afterAll(async () => {
  await worker.stop();
  await origin.stop();
});

/** The answer to a request, after the origin answered 503 with these header lines. */
function fail(
  headers: Record<string, string>,
  method = 'GET',
  lines: readonly string[] = [],
): Promise<Answer> {
  const head = ['HTTP/1.1 503 Service Unavailable', ...lines, 'Content-Length: 6', '', 'secret'];
  origin.bytes = Buffer.from(head.join('\r\n'));
  return ask(worker, { method, headers });
}

const asked: Readonly<Record<Form, Record<string, string>>> = {
  html: { Accept: 'text/html' },
  fragment: { 'HX-Request': 'true' },
  json: { Accept: 'application/problem+json' },
  markdown: { Accept: 'text/markdown' },
  text: { Accept: 'text/plain' },
};

/** The forms that people read, each with its way of escaping a text. */
const readable = [
  ['html', escapeHtml],
  ['fragment', escapeHtml],
  ['markdown', (text: string) => text.replaceAll('&', '\\&')],
  ['text', (text: string) => text],
] as const;

describe.each(readable)('as %s', (form, written) => {
  it('says who, what happened, what to do, whom to ask, and the ID', async () => {
    const answer = await fail(asked[form]);
    const { heading, explanation, statusPage, logged } = languages.en;
    for (const text of [heading, explanation, statusPage, logged, 'contact support', 'Söhne & Co']) {
      expect(answer.text).toContain(written(text));
    }
    expect(answer.text).toContain('503 Service Unavailable');
    expect(answer.text).toContain('https://status.shop.example/');
    expect(answer.text).toContain(answer.header('x-request-id'));
    expect(answer.text).toMatch(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\b/);
  });

  it('shows the mail address as one would write it', async () => {
    const { text } = await fail(asked[form]);
    const seen = form === 'html' || form === 'fragment' ? text.replace(/href="[^"]*"/g, '') : text;
    expect(seen).toMatch(/(?<!mailto:)help\+shop@shop\.example/);
    if (form === 'text') expect(text).not.toContain('mailto:');
  });

  it('says of an order that it may have gone through', async () => {
    const { text } = await fail(asked[form], 'POST');
    expect(text).toContain(written(languages.en.uncertain));
    expect(text).not.toMatch(/try again/i);
  });
});

it('every form there is stands in this file, and has a type of its own', async () => {
  expect(Object.keys(asked).toSorted()).toEqual(Object.keys(forms).toSorted());
  for (const [form, headers] of Object.entries(asked)) {
    const writer = Object.entries(forms).find(([name]) => name === form)?.[1];
    const type = (await fail(headers)).header('content-type');
    expect(type).toBe(`${writer?.mediaType(new Headers(headers))}; charset=utf-8`);
  }
});

describe('problem details', () => {
  it.each([
    ['application/json', 'application/json'],
    ['application/json; charset=utf-8', 'application/json'],
    ['Application/JSON;q=0.9, text/plain;q=0.5', 'application/json'],
    ['application/json, application/problem+json', 'application/problem+json'],
    ['application/problem+json, application/json;q=0.1', 'application/problem+json'],
    ['application/json, */*', 'application/problem+json'],
    ['application/json, text/plain, */*', 'application/problem+json'],
    ['*/*;q=0.1, application/json', 'application/problem+json'],
    ['application/json, application/problem+json;q=0', 'application/json'],
    ['application/problem+json', 'application/problem+json'],
    ['application/vnd.api+json', 'application/problem+json'],
    ['text/event-stream', 'application/problem+json'],
  ])('to Accept: %s are %s', async (accept, type) => {
    const answer = await fail({ Accept: accept });
    expect(answer.header('content-type')).toBe(`${type}; charset=utf-8`);
    expect(JSON.parse(answer.text)).toMatchObject({ request_id: answer.header('x-request-id') });
  });

  it('have the sentence with the ID as a text named error, for clients that read nothing else', async () => {
    const answer = await fail(asked.json);
    const { message, error } = JSON.parse(answer.text);
    expect(error).toBe(message);
    expect(error).toContain(`request ID: ${answer.header('x-request-id')}`);
  });
});

describe('whether to ask again', () => {
  /** The facts in problem details and in Markdown. */
  async function retryable(method: string, lines: readonly string[] = []): Promise<unknown[]> {
    const problem = await fail(asked.json, method, lines);
    const markdown = await fail(asked.markdown, method, lines);
    return [
      JSON.parse(problem.text).retryable,
      /^retryable: (true|false)$/m.exec(markdown.text)?.[1] === 'true',
    ];
  }

  it.each([
    ['GET', true],
    ['OPTIONS', true],
    ['POST', false],
    ['PUT', false],
    ['PATCH', false],
    ['DELETE', false],
    ['PROPFIND', false],
  ])('after %s: %s', async (method, expected) => {
    expect(await retryable(method)).toEqual([expected, expected]);
  });

  it('is the same for HEAD as for GET', async () => {
    const [get, head] = [await fail(asked.json), await fail(asked.json, 'HEAD')];
    expect(head.header('content-length')).toBe(String(get.body.length));
  });

  it('is what the origin says, where it says it', async () => {
    expect(await retryable('GET', ['X-Should-Retry: false'])).toEqual([false, false]);
    expect(await retryable('POST', ['X-Should-Retry: true'])).toEqual([true, true]);
    expect(await retryable('GET', ['X-Should-Retry: never'])).toEqual([true, true]);
  });
});

it('a name or a link that looks like Markdown is text in Markdown', async () => {
  const hostile = await startWorkerd({
    bundle: inject('bundle'),
    vars: {
      ORIGIN_URL: `http://${origin.host}`,
      SITE_NAME: '*a* _b_ `c` [d](e) <f> \\g',
      SUPPORT_URL: 'https://help.shop.example/?a=<b>\\c',
      STATUS_PAGE_URL: 'https://status.shop.example/?a=<b>\\c',
    },
  });
  origin.bytes = Buffer.from('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
  const { text } = await ask(hostile, { headers: asked.markdown });
  await hostile.stop();
  expect(text).toContain('\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f\\> \\\\g · ');
  expect(text).toContain('](<https://help.shop.example/?a=%3Cb%3E%5Cc>)');
  expect(text).toContain('](<https://status.shop.example/?a=%3Cb%3E%5Cc>)');
});

it('Markdown begins with YAML that a program can read', async () => {
  const answer = await fail(asked.markdown, 'GET', ['Retry-After: 120']);
  const [, yaml = '', rest = ''] = /^---\n([^]*?)\n---\n\n([^]*)$/.exec(answer.text) ?? [];
  expect(yaml.split('\n')).toEqual([
    'status: 503',
    `request_id: "${answer.header('x-request-id')}"`,
    'retryable: true',
    'retry_after: 120',
  ]);
  expect(rest).toMatch(/^# 503 Service Unavailable\n/);
  expect((await fail(asked.markdown)).text).not.toContain('retry_after');
});
