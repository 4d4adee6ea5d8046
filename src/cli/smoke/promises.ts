/** The promises of the Worker about the answer to a failure, as two tables: bodies by kind of client, and headers. */
import { VARY } from '../../answer/plan.ts';
import type { Form } from '../../answer/who-asks.ts';
import { attempt, property, textProperty } from '../../untrusted.ts';
import type { HttpAnswer } from './http-answer.ts';

/** A kind of client, and the promises about its body. The promises about headers are the same for all. */
export interface Asker {
  readonly who: string;
  readonly method?: 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent for programs. With `INTERCEPT = "pages"` they get the origin's own answer. */
  readonly isPerson?: true;
  readonly mediaType: string;
  /** The tests of the body. Each key is the end of "the body should have". */
  readonly body: Readonly<Record<string, (body: string, answer: HttpAnswer) => boolean>>;
}

const theID = (body: string, answer: HttpAnswer): boolean => {
  const id = answer.header('X-Request-Id');
  return id !== '' && body.includes(id);
};

/** All kinds of clients, the page first: the other answers are compared with it. */
export const ASKERS: Readonly<Record<Form | 'head', Asker>> = {
  html: { who: 'GET', isPerson: true, mediaType: 'text/html', body: { 'the ID of the header': theID } },
  json: {
    who: 'JSON client:',
    headers: { Accept: 'application/json' },
    mediaType: 'application/json',
    body: {
      'request_id and status of the headers': (body, answer) =>
        member(body, 'request_id') === answer.header('X-Request-Id') &&
        member(body, 'status') === answer.status,
      'title and detail': (body) => ['title', 'detail'].every((name) => text(body, name) !== ''),
      'message and error with the ID': (body, answer) =>
        ['message', 'error'].every((name) => theID(text(body, name), answer)),
      'retryable, true or false': (body) => typeof member(body, 'retryable') === 'boolean',
      'a timestamp': (body) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text(body, 'timestamp')),
      'no type': (body) => json(body) !== undefined && member(body, 'type') === undefined,
    },
  },
  text: {
    who: 'Text client:',
    headers: { Accept: 'text/plain' },
    mediaType: 'text/plain',
    body: { 'the ID of the header': theID, text: (body) => !/<[a-z!]/i.test(body) },
  },
  markdown: {
    who: 'Markdown client:',
    headers: { Accept: 'text/markdown' },
    mediaType: 'text/markdown',
    body: {
      'the ID of the header': theID,
      'Markdown with front matter': (body) => /^---\n(?:\w+: .*\n)+---\n\n# /.test(body),
    },
  },
  fragment: {
    who: 'htmx:',
    headers: { 'HX-Request': 'true' },
    mediaType: 'text/html',
    body: {
      'the ID of the header': theID,
      'a fragment with role="alert"': (body) =>
        /role="alert"/.test(body) && !/<(?:!doctype|html|head|style|script)\b/i.test(body),
    },
  },
  head: {
    who: 'HEAD',
    method: 'HEAD',
    isPerson: true,
    mediaType: 'text/html',
    body: { nothing: (body) => body === '' },
  },
};

function json(body: string): unknown {
  return attempt(() => JSON.parse(body));
}

function member(body: string, name: string): unknown {
  return property(json(body), name);
}

function text(body: string, name: string): string {
  return textProperty(json(body), name);
}

/** A header of every answer: its name, and its value. Of a value in words, a test too. */
export type HeaderPromise = readonly [name: string, expected: string, test?: (value: string) => boolean];

/** The headers that every answer promises besides status, type and ID. */
export const HEADERS: readonly HeaderPromise[] = [
  ['Content-Language', 'a language', (value) => /^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/i.test(value)],
  ['Cache-Control', 'no-store'],
  [
    'Content-Security-Policy',
    "default-src 'none', and nothing unsafe",
    (value) => /^default-src 'none'(?:;(?!.*unsafe)|$)/.test(value),
  ],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Robots-Tag', 'noindex'],
  ['Cross-Origin-Embedder-Policy', 'require-corp'],
  ['Vary', VARY, (value) => namesIn(VARY).every((name) => namesIn(value).includes(name))],
];

function namesIn(list: string): string[] {
  return list.toLowerCase().split(/ *, */);
}
