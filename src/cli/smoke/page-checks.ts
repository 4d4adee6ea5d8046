/** What a browser gets of a deployed site. Pure: answers in, results out. */
import { VARY } from '../../answer/plan.ts';
import { checkHeader, failed, passed, quoted, type Check } from './check.ts';
import type { HttpAnswer } from './http-answer.ts';
import { checkStatus, idFormat, isDrill, isOurs, type Expectations } from './worker-answer.ts';

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

/** What every form of a drill has in common: nobody failed, so that no error is named (RFC 9209). */
export function checkDrillForms(answers: readonly HttpAnswer[]): Check {
  const other = answers.find((answer) => !isDrill(answer));
  return other === undefined
    ? passed('Proxy-Status names no error in any form')
    : failed(`Proxy-Status is ${quoted(other.header('Proxy-Status'))}, expected no error= in a drill`);
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
  ['Vary', VARY, new RegExp(`^${VARY.replaceAll(', ', ', *')}(?:, *Origin)?$`, 'i')],
];
