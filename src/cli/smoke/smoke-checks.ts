/** What the answers of a deployed site have to look like. Pure: answers in, results out. */
import { isAcceptable } from '../../request-id.ts';
import { attempt, property, textProperty } from '../../untrusted.ts';
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

/** What a request ID has to be. */
interface IdFormat {
  readonly name: string;
  readonly test: (id: string) => boolean;
}

const ULID: IdFormat = { name: 'a ULID', test: (id) => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id) };
const TRUSTED_ID: IdFormat = { name: 'a request ID', test: isAcceptable };

function idFormat({ trustRequestId }: Expectations): IdFormat {
  return trustRequestId === 'true' ? TRUSTED_ID : ULID;
}

/** Whether the Worker made this answer. */
export function isOurs(answer: HttpAnswer): boolean {
  return /^edge-error-interceptor *(?:[;,]|$)/.test(answer.header('Proxy-Status'));
}

/** Whether this is the Worker's answer to a drill: no origin failed, and no network. */
export function isDrill(answer: HttpAnswer): boolean {
  return /^edge-error-interceptor *(?:,|$)/.test(answer.header('Proxy-Status'));
}

/** The request ID of an answer; undefined where what it has is none. */
export function requestIdOf(answer: HttpAnswer, expectations: Expectations): string | undefined {
  const id = answer.header('X-Request-Id');
  return idFormat(expectations).test(id) ? id : undefined;
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
  const id = answer.header('X-Request-Id');
  const { name, test } = idFormat(expectations);
  return [
    checkStatus('GET', answer, expectations),
    checkHeader(answer, 'Content-Type', 'text/html; charset=utf-8', /^text\/html; *charset=utf-8$/i),
    test(id)
      ? passed(`X-Request-Id: ${id}`)
      : failed(`X-Request-Id is ${id === '' ? 'missing' : quoted(id)}, expected ${name}`),
    id !== '' && answer.body.includes(id)
      ? passed('the page shows the same ID')
      : failed('the page does not show the ID of the header'),
    ...HEADERS.map(([name, expected, pattern]) => checkHeader(answer, name, expected, pattern)),
    passed(`Proxy-Status: ${answer.header('Proxy-Status')}`),
  ];
}

/** A failure on demand, as a browser gets it. */
export function checkDrill(answer: HttpAnswer, expectations: Expectations): Check[] {
  if (isDrill(answer))
    return [passed('the Worker answers the drill'), ...checkErrorPage(answer, expectations)];
  const seen = `GET ${answer.status} is no answer to a drill`;
  if (isOurs(answer)) {
    return [failed(`${seen} but of a failed origin: the Worker has no DRILL_TOKEN, or another one`)];
  }
  const hint =
    answer.status >= 300 && answer.status < 400
      ? 'give the URL that it redirects to, as the token is sent to no other'
      : 'the Worker is not on this route, or has no DRILL_TOKEN, or another one';
  return [failed(`${seen}: ${hint}`)];
}

/** The same failure as an API client gets it. `page` is the answer that a browser got. */
export function checkProblemDetails(
  answer: HttpAnswer,
  page: HttpAnswer,
  expectations: Expectations,
): Check[] {
  const leftAlone = checkLeftAlone('JSON client:', answer, expectations);
  if (leftAlone !== undefined) return [leftAlone];
  const { name, test } = idFormat(expectations);
  const problem: unknown = attempt(() => JSON.parse(answer.body));
  const id = answer.header('X-Request-Id');
  const wrong = wrongMembers(problem, id);
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
    wrong.length === 0
      ? passed('the body has title, detail, message and timestamp, and no type')
      : failed(`the body is no problem as promised: ${wrong.join(', ')}`),
    test(id) && id !== page.header('X-Request-Id')
      ? passed(`its ID is ${name}, and another one than that of the page`)
      : failed(`its ID is ${quoted(id)}, expected ${name} of its own`),
  ];
}

/** What is wrong with problem details besides ID and status; nothing where all is as promised. */
function wrongMembers(problem: unknown, id: string): string[] {
  const timestamp = textProperty(problem, 'timestamp');
  return [
    ...['title', 'detail'].filter((name) => textProperty(problem, name) === '').map((name) => `no ${name}`),
    ...(textProperty(problem, 'message').includes(id) ? [] : ['no message with the ID']),
    ...(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(timestamp) ? [] : ['no timestamp']),
    ...(property(problem, 'type') === undefined ? [] : ['a type']),
  ];
}

/** A form of the answer that is neither page nor problem details. */
export interface FormToCheck {
  /** Who asks for it. */
  readonly who: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly mediaType: string;
  /** What tells its body from that of the others, in words and as a test. */
  readonly looks: string;
  readonly test: (body: string) => boolean;
}

/** What else there is. */
export const FORMS: readonly FormToCheck[] = [
  {
    who: 'Text client:',
    headers: { Accept: 'text/plain' },
    mediaType: 'text/plain',
    looks: 'text',
    test: (body) => !/<[a-z!]/i.test(body),
  },
  {
    who: 'Markdown client:',
    headers: { Accept: 'text/markdown' },
    mediaType: 'text/markdown',
    looks: 'Markdown',
    test: (body) => body.startsWith('# '),
  },
  {
    who: 'htmx:',
    headers: { 'HX-Request': 'true' },
    mediaType: 'text/html',
    looks: 'a fragment with role="alert"',
    test: (body) => /role="alert"/.test(body) && !/<(?:!doctype|html|head|style|script)\b/i.test(body),
  },
];

/** The same failure in another form. */
export function checkForm(form: FormToCheck, answer: HttpAnswer, expectations: Expectations): Check {
  const { who, mediaType, looks } = form;
  const leftAlone = checkLeftAlone(who, answer, expectations);
  if (leftAlone !== undefined) return leftAlone;
  const status = checkStatus(who, answer, expectations);
  if (!status.passed) return status;
  const type = answer.header('Content-Type');
  const seen = `${who} ${answer.status} ${type || 'without a Content-Type'}`;
  if (type.toLowerCase().replace(/; */, '; ') !== `${mediaType}; charset=utf-8`) {
    return failed(`${seen}, expected ${mediaType}; charset=utf-8`);
  }
  if (!form.test(answer.body)) return failed(`${seen}, expected ${looks}`);
  const id = requestIdOf(answer, expectations);
  return id !== undefined && answer.body.includes(id)
    ? passed(`${seen}, which shows the ID of its header`)
    : failed(`${seen} does not show the ID of the header`);
}

/** Of INTERCEPT = "pages": what a program gets in place of our answer; undefined where that has to be ours. */
function checkLeftAlone(who: string, answer: HttpAnswer, { intercept }: Expectations): Check | undefined {
  if (intercept === 'all') return undefined;
  const seen = `${who} ${answer.status}`;
  if (!isOurs(answer)) {
    return answer.status >= 500
      ? passed(`${seen}, the origin's own answer (INTERCEPT = "pages")`)
      : failed(`${seen}: so asked for, this URL does not fail`);
  }
  if (statusOfOrigin(answer) === undefined) return undefined;
  return failed(`${seen}, the Worker's answer, expected the origin's own (INTERCEPT = "pages")`);
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
  const different = ['Content-Type', ...HEADERS.map(([name]) => name)].filter(
    (name) => answer.header(name) !== page.header(name),
  );
  return [
    checkStatus('HEAD', answer, expectations),
    isOurs(answer) && different.length === 0
      ? passed('HEAD has the headers of GET')
      : failed(`HEAD is unlike GET: ${different.join(', ') || 'Proxy-Status'}`),
    body,
  ];
}

// Every request header that the form or the language of an answer follows from.
const VARY = [
  'Accept',
  'Accept-Language',
  'Content-Type',
  'HX-Boosted',
  'HX-Request',
  'Sec-Fetch-Dest',
  'Sec-Fetch-Mode',
  'X-Requested-With',
  'X-Up-Version',
];

// What the page promises besides status, type and ID: the name, the value in words, the value.
const HEADERS: readonly (readonly [name: string, expected: string, pattern: RegExp])[] = [
  ['Content-Language', 'a language', /^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/i],
  ['Cache-Control', 'no-store', /^no-store$/],
  ['Content-Security-Policy', "default-src 'none', and nothing unsafe", /^default-src 'none';(?!.*unsafe)/],
  ['X-Content-Type-Options', 'nosniff', /^nosniff$/],
  ['Referrer-Policy', 'no-referrer', /^no-referrer$/],
  ['X-Robots-Tag', 'noindex', /^noindex$/],
  ['Cross-Origin-Embedder-Policy', 'require-corp', /^require-corp$/],
  // With CORS_ORIGINS there is Origin, too.
  ['Vary', VARY.join(', '), new RegExp(`^${VARY.join(', *')}(?:, *Origin)?$`, 'i')],
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
