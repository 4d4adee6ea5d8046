/** Checks an answer of a site against the promises. Pure: answers in, results out. */
import { lastingStatus } from '../../answer/status.ts';
import type { SiteSettings } from './arguments.ts';
import { failed, passed, type Check } from './check.ts';
import type { HttpAnswer } from './http-answer.ts';
import { HEADERS, type Asker, type HeaderPromise } from './promises.ts';
import { isDrill, isOurs, requestIdOf, statusOfOrigin } from './worker-answer.ts';

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
  if (wantsDrill ? isDrill(answer) : isOurs(answer)) return undefined;
  const { status } = answer;
  if (!wantsDrill)
    return failed(
      `GET ${status} without the header Proxy-Status: edge-error-interceptor: ${
        status < 500
          ? 'this URL does not fail'
          : 'the Worker is not on this route, the origin opted out (X-Intercept-Errors: off), or a Custom Error Rule replaced its page'
      }`,
    );
  const why = isOurs(answer)
    ? ' but of a failed origin: the Worker has no DRILL_TOKEN, or another one'
    : status >= 300 && status < 400
      ? ': give the URL that it redirects to, as the token is sent to no other'
      : ': the Worker is not on this route, or has no DRILL_TOKEN, or another one';
  return failed(`GET ${status} is no answer to a drill${why}`);
}

/**
 * Checks every promise of one answer.
 * @param page the answer that a browser got
 * @returns a check for each promise of the page; for other answers one check
 */
export function checkAnswer(
  asker: Asker,
  answer: HttpAnswer,
  page: HttpAnswer,
  settings: SiteSettings,
): Check[] {
  const { who } = asker;
  const notOurs = checkOwner(asker, answer, settings);
  if (notOurs !== undefined) return [notOurs];
  const status = checkStatus(answer, settings);
  const own = [checkType(asker, answer), checkId(answer, page, settings), ...checkBody(asker, answer)];
  const headers = HEADERS.map((header) => checkHeader(answer, header));
  if (answer === page) {
    const proxyStatus = passed(`Proxy-Status: ${answer.header('Proxy-Status')}`);
    return [{ ...status, text: `${who} ${status.text}` }, ...own, ...headers, proxyStatus];
  }
  // In a drill nobody failed, which is to be said of no form (RFC 9209).
  if (isDrill(page))
    own.push(checkHeader(answer, ['Proxy-Status', 'that of a drill', () => isDrill(answer)]));
  // Do not repeat the faults of the page.
  const said = HEADERS.map((header) => checkHeader(page, header).text);
  const news = [status, ...own, ...headers.filter(({ text }) => !said.includes(text))];
  const faults = news.filter(isBroken).map(({ text }) => text);
  if (faults.length === 0 && headers.some(isBroken))
    faults.push('its headers have the same faults as those of the page');
  return faults.length > 0
    ? [failed(`${who} ${faults.join('; ')}`)]
    : [passed(`${who} ${answer.status} ${answer.header('Content-Type')}, as promised`)];
}

function isBroken({ mark }: Check): boolean {
  return mark === '✗';
}

/** Checks by whom a client was answered: with INTERCEPT = "pages", programs get the origin's own answer. */
function checkOwner(
  { who, isPerson, method }: Asker,
  answer: HttpAnswer,
  { intercept }: SiteSettings,
): Check | undefined {
  const seen = `${who} ${answer.status}`;
  const isFailure = answer.status >= 500;
  const isOwn = isOurs(answer);
  if (method === 'HEAD' && !isOwn && !isFailure) return passed(`${seen}: the origin fails on GET only`);
  // A failure that has no answer of the origin is the Worker's to answer.
  const isWorkers = isOwn && (intercept === 'all' || statusOfOrigin(answer) === undefined);
  if (isPerson || isWorkers) return undefined;
  if (isOwn) return failed(`${seen}, the Worker's answer, expected the origin's own (INTERCEPT = "pages")`);
  if (!isFailure) return failed(`${seen}: this URL does not fail for such a request`);
  return intercept === 'all'
    ? failed(`${seen}, the origin's own answer; with INTERCEPT = "pages": --intercept pages`)
    : passed(`${seen}, the origin's own answer (INTERCEPT = "pages")`);
}

function checkStatus(answer: HttpAnswer, { errorStatus }: SiteSettings): Check {
  const { status } = answer;
  const kept = keptStatuses(answer);
  const expected = errorStatus === 'origin' ? kept : [500];
  if (expected.includes(status)) return passed(`${status}`);
  const isKept = isOurs(answer) && kept.includes(status);
  const hint = isKept ? '; with ERROR_STATUS = "origin": --error-status origin' : '';
  return failed(`${status}, expected ${expected.join(' or ')}${hint}`);
}

/** The statuses that the Worker's answer may have with ERROR_STATUS = "origin". */
function keptStatuses(answer: HttpAnswer): number[] {
  const status = statusOfOrigin(answer);
  if (status !== undefined) return [lastingStatus(status)];
  // 503 stands for an origin that did not answer and for a drill; 500 for a failure of the Worker itself.
  return isDrill(answer) ? [503] : [503, 500];
}

function checkType({ mediaType }: Asker, answer: HttpAnswer): Check {
  const full = `${mediaType}; charset=utf-8`;
  // JSON is UTF-8 with and without a charset (RFC 8259).
  const expected = mediaType.startsWith('text/') ? full : mediaType;
  const isExpected = (type: string): boolean =>
    [expected, full].includes(type.toLowerCase().replace(/; */, '; '));
  return checkHeader(answer, ['Content-Type', expected, isExpected]);
}

function checkId(answer: HttpAnswer, page: HttpAnswer, settings: SiteSettings): Check {
  const form = settings.trustRequestId === 'true' ? 'a request ID' : 'a UUIDv7';
  const isValid = (): boolean => requestIdOf(answer, settings) !== undefined;
  const id = answer.header('X-Request-Id');
  return isValid() && answer !== page && id === page.header('X-Request-Id')
    ? failed(`X-Request-Id is ${JSON.stringify(id)}, that of the page, expected one of its own`)
    : checkHeader(answer, ['X-Request-Id', form, isValid]);
}

function checkHeader(
  answer: HttpAnswer,
  [name, expected, test = (value) => value === expected]: HeaderPromise,
): Check {
  const value = answer.header(name);
  if (value !== '' && test(value)) return passed(`${name}: ${value}`);
  return failed(`${name} is ${value === '' ? 'missing' : JSON.stringify(value)}, expected ${expected}`);
}

function checkBody({ body: promises }: Asker, answer: HttpAnswer): Check[] {
  return Object.entries(promises).map(([expected, test]) =>
    test(answer.body, answer)
      ? passed(`the body has ${expected}`)
      : failed(`the body should have ${expected}: ${JSON.stringify(answer.body.slice(0, 100))}`),
  );
}
