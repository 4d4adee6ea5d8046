/** What programs get of a failure. Pure: answers in, results out. */
import type { Form } from '../../answer/who-asks.ts';
import { attempt, property, textProperty } from '../../untrusted.ts';
import { checkHeader, failed, passed, quoted, type Check } from './check.ts';
import type { HttpAnswer } from './http-answer.ts';
import {
  checkStatus,
  idFormat,
  isOurs,
  requestIdOf,
  statusOfOrigin,
  type Expectations,
} from './worker-answer.ts';

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
    checkHeader(answer, 'Content-Type', 'application/json', /^application\/json(?:; *charset=utf-8)?$/i),
    property(problem, 'request_id') === id && property(problem, 'status') === answer.status
      ? passed(`the body has request_id ${id} and status ${answer.status}, as the headers do`)
      : failed(`the body has not the request_id and status of the headers: ${answer.body.slice(0, 200)}`),
    wrong.length === 0
      ? passed('the body has title, detail, message, error, retryable and timestamp, and no type')
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
    ...['message', 'error']
      .filter((name) => !textProperty(problem, name).includes(id))
      .map((name) => `no ${name} with the ID`),
    ...(typeof property(problem, 'retryable') === 'boolean' ? [] : ['no retryable']),
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

/** Each of them. */
export const formsToCheck: Readonly<Record<Exclude<Form, 'html' | 'json'>, FormToCheck>> = {
  text: {
    who: 'Text client:',
    headers: { Accept: 'text/plain' },
    mediaType: 'text/plain',
    looks: 'text',
    test: (body) => !/<[a-z!]/i.test(body),
  },
  markdown: {
    who: 'Markdown client:',
    headers: { Accept: 'text/markdown' },
    mediaType: 'text/markdown',
    looks: 'Markdown with front matter',
    test: (body) => /^---\n(?:\w+: .*\n)+---\n\n# /.test(body),
  },
  fragment: {
    who: 'htmx:',
    headers: { 'HX-Request': 'true' },
    mediaType: 'text/html',
    looks: 'a fragment with role="alert"',
    test: (body) => /role="alert"/.test(body) && !/<(?:!doctype|html|head|style|script)\b/i.test(body),
  },
};

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
