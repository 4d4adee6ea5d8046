/** Checks the promises of the Worker about failures, for each kind of client. Pure: answers in, results out. */
import { VARY } from '../../answer/plan.ts';
import type { Form } from '../../answer/who-asks.ts';
import { attempt, property, textProperty } from '../../untrusted.ts';
import { failed, passed, quoted, type Check } from './check.ts';
import type { HttpAnswer } from './http-answer.ts';
import {
  checkStatus,
  idFormat,
  isDrill,
  isOurs,
  statusOfOrigin,
  type Expectations,
} from './worker-answer.ts';

/** A kind of client, and the promises about its body. The promises about headers are the same for all. */
export interface Asker {
  readonly who: string;
  readonly method?: 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** False for programs. With `INTERCEPT = "pages"` they get the origin's own answer. */
  readonly isPerson: boolean;
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
  html: {
    who: 'GET',
    isPerson: true,
    mediaType: 'text/html',
    body: { 'the ID of the header': theID },
  },
  json: {
    who: 'JSON client:',
    headers: { Accept: 'application/json' },
    isPerson: false,
    mediaType: 'application/json',
    body: {
      'request_id and status of the headers': (body, answer) =>
        member(body, 'request_id') === answer.header('X-Request-Id') &&
        member(body, 'status') === answer.status,
      'title and detail': (body) =>
        ['title', 'detail'].every((name) => textProperty(json(body), name) !== ''),
      'message and error with the ID': (body, answer) =>
        ['message', 'error'].every((name) => theID(textProperty(json(body), name), answer)),
      'retryable, true or false': (body) => typeof member(body, 'retryable') === 'boolean',
      'a timestamp': (body) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(textProperty(json(body), 'timestamp')),
      'no type': (body) => json(body) !== undefined && member(body, 'type') === undefined,
    },
  },
  text: {
    who: 'Text client:',
    headers: { Accept: 'text/plain' },
    isPerson: false,
    mediaType: 'text/plain',
    body: { 'the ID of the header': theID, text: (body) => !/<[a-z!]/i.test(body) },
  },
  markdown: {
    who: 'Markdown client:',
    headers: { Accept: 'text/markdown' },
    isPerson: false,
    mediaType: 'text/markdown',
    body: {
      'the ID of the header': theID,
      'Markdown with front matter': (body) => /^---\n(?:\w+: .*\n)+---\n\n# /.test(body),
    },
  },
  fragment: {
    who: 'htmx:',
    headers: { 'HX-Request': 'true' },
    isPerson: false,
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

/** The headers that every answer promises besides status, type and ID: the name, the value in words, a test. */
const HEADERS: readonly (readonly [name: string, expected: string, test: (value: string) => boolean])[] = [
  ['Content-Language', 'a language', matching(/^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/i)],
  ['Cache-Control', 'no-store', matching(/^no-store$/)],
  [
    'Content-Security-Policy',
    "default-src 'none', and nothing unsafe",
    matching(/^default-src 'none'(?:;(?!.*unsafe)|$)/),
  ],
  ['X-Content-Type-Options', 'nosniff', matching(/^nosniff$/)],
  ['Referrer-Policy', 'no-referrer', matching(/^no-referrer$/)],
  ['X-Robots-Tag', 'noindex', matching(/^noindex$/)],
  ['Cross-Origin-Embedder-Policy', 'require-corp', matching(/^require-corp$/)],
  [
    'Vary',
    VARY,
    (value) => {
      const names = value.toLowerCase().split(/ *, */);
      return VARY.split(', ').every((name) => names.includes(name.toLowerCase()));
    },
  ],
];

function matching(pattern: RegExp) {
  return (value: string): boolean => pattern.test(value);
}

/** Checks a page that works. */
export function checkGoodPage(answer: HttpAnswer): Check {
  const seen = `GET ${answer.status} ${answer.header('Content-Type') || 'without a Content-Type'}`;
  if (isOurs(answer)) return failed(`${seen}: an error page of the Worker, not the site`);
  if (answer.status >= 500 && answer.status < 600)
    return failed(`${seen}: a failure that the Worker did not answer`);
  return passed(`${seen}: the site's own answer`);
}

/** Explains why an answer does not come from the Worker. Undefined if it does. */
export function whyNotOurs(answer: HttpAnswer, wantsDrill: boolean): Check | undefined {
  const { status } = answer;
  if (wantsDrill ? isDrill(answer) : isOurs(answer)) return undefined;
  if (!wantsDrill) {
    const hint =
      status < 500
        ? 'this URL does not fail'
        : 'the Worker is not on this route, the origin opted out (X-Intercept-Errors: off), or a Custom Error Rule replaced its page';
    return failed(`GET ${status} without the header Proxy-Status: edge-error-interceptor: ${hint}`);
  }
  const hint = isOurs(answer)
    ? ' but of a failed origin: the Worker has no DRILL_TOKEN, or another one'
    : status >= 300 && status < 400
      ? ': give the URL that it redirects to, as the token is sent to no other'
      : ': the Worker is not on this route, or has no DRILL_TOKEN, or another one';
  return failed(`GET ${status} is no answer to a drill${hint}`);
}

/**
 * Checks every promise of one answer.
 * @param page the answer that a browser got
 * @returns a check for each promise of the page; for other answers one check, and a second one if the status is wrong
 */
export function checkAnswer(
  asker: Asker,
  answer: HttpAnswer,
  page: HttpAnswer,
  expectations: Expectations,
): Check[] {
  const { who, isPerson, method } = asker;
  if (!isPerson && expectations.intercept === 'pages') {
    const leftAlone = checkLeftAlone(who, answer);
    if (leftAlone !== undefined) return [leftAlone];
  }
  if (method === 'HEAD' && !isOurs(answer) && answer.status < 500)
    return [passed(`HEAD ${answer.status}: the origin fails on GET only`)];
  const status = checkStatus(who, answer, expectations);
  const headers = HEADERS.map((header) => checkHeader(answer, ...header));
  const own = [...checkType(asker, answer), checkId(answer, page, expectations), ...checkBody(asker, answer)];
  if (answer === page)
    return [status, ...own, ...headers, passed(`Proxy-Status: ${answer.header('Proxy-Status')}`)];
  // Do not repeat the faults of the page.
  const said = HEADERS.map((header) => checkHeader(page, ...header).text);
  const broken = [...own, ...headers.filter(({ text }) => !said.includes(text))].filter(isBroken);
  if (broken.length === 0 && headers.some(isBroken))
    broken.push(failed('its headers have the same faults as those of the page'));
  const rest =
    broken.length > 0
      ? failed(`${who} ${broken.map(({ text }) => text).join('; ')}`)
      : passed(`${who} ${answer.status} ${answer.header('Content-Type')}, as promised`);
  return isBroken(status) ? [status, ...(isBroken(rest) ? [rest] : [])] : [rest];
}
function isBroken({ mark }: Check): boolean {
  return mark === '✗';
}

function checkType({ mediaType }: Asker, answer: HttpAnswer): Check[] {
  const isText = mediaType.startsWith('text/');
  const expected = isText ? `${mediaType}; charset=utf-8` : mediaType;
  const [type, parameter] = answer.header('Content-Type').toLowerCase().split(/; */);
  const isExpected = type === mediaType && (parameter ?? (isText ? '' : 'charset=utf-8')) === 'charset=utf-8';
  return [checkHeader(answer, 'Content-Type', expected, () => isExpected)];
}

function checkId(answer: HttpAnswer, page: HttpAnswer, expectations: Expectations): Check {
  const id = answer.header('X-Request-Id');
  const { name, test } = idFormat(expectations);
  if (!test(id)) return failed(`X-Request-Id is ${id === '' ? 'missing' : quoted(id)}, expected ${name}`);
  return answer === page || id !== page.header('X-Request-Id')
    ? passed(`X-Request-Id: ${id}`)
    : failed(`X-Request-Id is ${quoted(id)}, that of the page, expected one of its own`);
}

function checkHeader(
  answer: HttpAnswer,
  name: string,
  expected: string,
  test: (value: string) => boolean,
): Check {
  const value = answer.header(name);
  if (value !== '' && test(value)) return passed(`${name}: ${value}`);
  return failed(`${name} is ${value === '' ? 'missing' : quoted(value)}, expected ${expected}`);
}

function checkBody({ body: promises }: Asker, answer: HttpAnswer): Check[] {
  return Object.entries(promises).map(([expected, test]) =>
    test(answer.body, answer)
      ? passed(`the body has ${expected}`)
      : failed(`the body should have ${expected}: ${quoted(answer.body.slice(0, 100))}`),
  );
}

/** Checks that a program gets the origin's own answer with INTERCEPT = "pages". Undefined if it must be ours. */
function checkLeftAlone(who: string, answer: HttpAnswer): Check | undefined {
  const seen = `${who} ${answer.status}`;
  if (!isOurs(answer)) {
    return answer.status >= 500
      ? passed(`${seen}, the origin's own answer (INTERCEPT = "pages")`)
      : failed(`${seen}: this URL does not fail for such a request`);
  }
  if (statusOfOrigin(answer) === undefined) return undefined;
  return failed(`${seen}, the Worker's answer, expected the origin's own (INTERCEPT = "pages")`);
}

/** Checks that no form of a drill names an error (RFC 9209): nobody failed. */
export function checkDrillForms(answers: readonly HttpAnswer[]): Check {
  const other = answers.find((answer) => !isDrill(answer));
  return other === undefined
    ? passed('Proxy-Status names no error in any form')
    : failed(`Proxy-Status is ${quoted(other.header('Proxy-Status'))}, expected no error= in a drill`);
}

function json(body: string): unknown {
  return attempt(() => JSON.parse(body));
}

function member(body: string, name: string): unknown {
  return property(json(body), name);
}
