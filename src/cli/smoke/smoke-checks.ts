/** What the answers of a deployed site have to look like. Pure: answers in, results out. */
import { attempt, property } from '../../untrusted.ts';
import type { HttpAnswer } from './http-answer.ts';

/** One thing that was looked at. */
export interface Check {
  readonly passed: boolean;
  /** What was seen; and, where it is wrong, what was expected. */
  readonly text: string;
}

/** How the site was deployed; the settings of the same names. */
export interface Expectations {
  readonly errorStatus: '500' | 'origin';
  readonly intercept: 'all' | 'pages';
  readonly trustRequestId: 'false' | 'true';
}

const ULID = { name: 'a ULID', pattern: /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/ };
const TRUSTED_ID = { name: 'a request ID', pattern: /^[A-Za-z0-9][\w.:@#/+=~-]{7,199}$/ };

function idFormat({ trustRequestId }: Expectations): typeof ULID {
  return trustRequestId === 'true' ? TRUSTED_ID : ULID;
}

/** Whether the Worker made this answer. */
export function isOurs(answer: HttpAnswer): boolean {
  return /^edge-error-interceptor\b/.test(answer.header('Proxy-Status'));
}

/** The request ID of an answer; undefined where it has none. */
export function requestIdOf(answer: HttpAnswer): string | undefined {
  return answer.header('X-Request-Id') || undefined;
}

/** A page that works. */
export function checkGoodPage(answer: HttpAnswer): Check[] {
  const seen = `GET ${answer.status} ${answer.header('Content-Type') || 'without a Content-Type'}`;
  if (isOurs(answer)) return [failed(`${seen}: an error page of the Worker, not the site`)];
  if (answer.status >= 500 && answer.status < 600)
    return [failed(`${seen}: a failure that the Worker did not answer`)];
  return [passed(`${seen}: the site's own answer`)];
}

/** A page that fails, as a browser gets it. */
export function checkErrorPage(answer: HttpAnswer, expectations: Expectations): Check[] {
  if (!isOurs(answer)) {
    const hint =
      answer.status < 500
        ? 'this URL does not fail'
        : 'the Worker is not on this route, the origin opted out (X-Intercept-Errors: off), or a Custom Error Rule replaced its page';
    return [failed(`GET ${answer.status} without the header Proxy-Status: edge-error-interceptor: ${hint}`)];
  }
  const id = requestIdOf(answer) ?? '';
  const { name, pattern } = idFormat(expectations);
  return [
    checkStatus('GET', answer, expectations),
    checkHeader(answer, 'Content-Type', 'text/html; charset=utf-8', /^text\/html; *charset=utf-8$/i),
    checkHeader(answer, 'X-Request-Id', name, pattern),
    id !== '' && answer.body.includes(id)
      ? passed('the page shows the same ID')
      : failed('the page does not show the ID of the header'),
    ...HEADERS.map(([name, expected, pattern]) => checkHeader(answer, name, expected, pattern)),
  ];
}

/** The same failure as an API client gets it. `page` is the answer that a browser got. */
export function checkProblemDetails(
  answer: HttpAnswer,
  page: HttpAnswer,
  expectations: Expectations,
): Check[] {
  if (expectations.intercept === 'pages') {
    const seen = `JSON client: ${answer.status}`;
    if (!isOurs(answer)) {
      return answer.status >= 500
        ? [passed(`${seen}, the origin's own answer (INTERCEPT = "pages")`)]
        : [failed(`${seen}: for a JSON client this URL does not fail`)];
    }
    if (statusOfOrigin(answer) !== undefined) {
      return [failed(`${seen}, the Worker's answer, expected the origin's own (INTERCEPT = "pages")`)];
    }
  }
  const { name, pattern } = idFormat(expectations);
  const problem: unknown = attempt(() => JSON.parse(answer.body));
  const id = requestIdOf(answer) ?? '';
  return [
    checkStatus('JSON client:', answer, expectations),
    checkHeader(
      answer,
      'Content-Type',
      'application/problem+json',
      /^application\/problem\+json(?:; *charset=utf-8)?$/i,
    ),
    property(problem, 'request_id') === id && property(problem, 'status') === answer.status
      ? passed(`the body has request_id ${id} and status ${answer.status}, as the headers do`)
      : failed(`the body has not the request_id and status of the headers: ${answer.body.slice(0, 200)}`),
    pattern.test(id) && id !== requestIdOf(page)
      ? passed(`its ID is ${name}, and another one than that of the page`)
      : failed(`its ID is ${quoted(id)}, expected ${name} of its own`),
  ];
}

/** The same failure without its body. */
export function checkHead(answer: HttpAnswer, page: HttpAnswer, expectations: Expectations): Check[] {
  const body =
    answer.body === ''
      ? passed('HEAD has no body')
      : failed(`HEAD has a body of ${answer.body.length} bytes`);
  if (!isOurs(answer) && answer.status < 500) {
    return [passed(`HEAD ${answer.status}: the origin fails on GET only`), body];
  }
  // The origin may fail in another way than on GET, which Proxy-Status says.
  const different = ['Content-Type', ...HEADERS.map(([name]) => name)].filter(
    (name) => name !== 'Proxy-Status' && answer.header(name) !== page.header(name),
  );
  return [
    checkStatus('HEAD', answer, expectations),
    isOurs(answer) && different.length === 0
      ? passed('HEAD has the headers of GET')
      : failed(`HEAD is unlike GET: ${different.join(', ') || 'Proxy-Status'}`),
    body,
  ];
}

// What the page promises besides status, type and ID: the name, the value in words, the value.
const HEADERS: readonly (readonly [name: string, expected: string, pattern: RegExp])[] = [
  ['Content-Language', 'a language', /^[a-z]{2}/i],
  ['Cache-Control', 'no-store', /^no-store$/],
  ['Content-Security-Policy', "default-src 'none', and nothing unsafe", /^default-src 'none';(?!.*unsafe)/],
  ['X-Content-Type-Options', 'nosniff', /^nosniff$/],
  ['Referrer-Policy', 'no-referrer', /^no-referrer$/],
  ['X-Robots-Tag', 'noindex', /^noindex$/],
  ['Cross-Origin-Embedder-Policy', 'require-corp', /^require-corp$/],
  ['Vary', 'Accept, Accept-Language, …', /\bAccept, *Accept-Language, *Content-Type, *HX-Boosted\b/i],
  ['Proxy-Status', 'edge-error-interceptor', /^edge-error-interceptor(?:; |$)/],
];

function checkStatus(who: string, answer: HttpAnswer, { errorStatus }: Expectations): Check {
  const { status } = answer;
  const expected = errorStatus === 'origin' ? keptStatuses(answer) : [500];
  if (expected.includes(status)) return passed(`${who} ${status}`);
  const hint =
    errorStatus === '500' && keptStatuses(answer).includes(status)
      ? '; with ERROR_STATUS = "origin": --error-status origin'
      : '';
  return failed(`${who} ${status}, expected ${expected.join(' or ')}${hint}`);
}

/** What an answer of the Worker's may have as its status with ERROR_STATUS = "origin". */
function keptStatuses(answer: HttpAnswer): number[] {
  const status = statusOfOrigin(answer);
  // Cloudflare's own 52x are 502 or 504; a failure of the Worker is 500.
  return status === undefined || (status >= 520 && status <= 530) ? [502, 504, 500] : [status];
}

/** The status that the origin answered, by `Proxy-Status` (RFC 9209); undefined where it did not answer. */
function statusOfOrigin(answer: HttpAnswer): number | undefined {
  const proxyStatus = answer.header('Proxy-Status');
  const [, status] = /;\s*received-status=(\d{3})\b/.exec(proxyStatus) ?? [];
  return status === undefined || /;\s*error=/.test(proxyStatus) ? undefined : Number(status);
}

function checkHeader(answer: HttpAnswer, name: string, expected: string, pattern: RegExp): Check {
  const value = answer.header(name);
  if (pattern.test(value)) return passed(`${name}: ${value}`);
  return failed(`${name} is ${value === '' ? 'missing' : quoted(value)}, expected ${expected}`);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function passed(text: string): Check {
  return { passed: true, text };
}

function failed(text: string): Check {
  return { passed: false, text };
}
