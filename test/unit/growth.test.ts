import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cookieDate } from '../../src/answer/cookie-date.ts';
import { cookieDeletions } from '../../src/answer/cookie-deletions.ts';
import { isPreflight, preflightHeaders, corsHeaders } from '../../src/answer/cors.ts';
import { factsOf } from '../../src/answer/facts.ts';
import { frameAncestors } from '../../src/answer/frame-ancestors.ts';
import { keptHeaders, plainHeader } from '../../src/answer/kept-headers.ts';
import { languageFor } from '../../src/answer/language-for.ts';
import { mediaRanges, mediaType } from '../../src/answer/media-types.ts';
import { secondsToWait } from '../../src/answer/retry-after.ts';
import { unicodeHost } from '../../src/answer/unicode-host.ts';
import { weighted } from '../../src/answer/weighted.ts';
import { whoAsks } from '../../src/answer/who-asks.ts';
import { asksForDrill, hostOf } from '../../src/request.ts';
import { diagnose, proxyErrorIn } from '../../src/diagnosis.ts';
import { isOnPurpose } from '../../src/failure.ts';
import { incidentOf, type Incident } from '../../src/incident.ts';
import { errorCodeIn } from '../../src/log/cloudflare-error-code.ts';
import { dataText } from '../../src/log/data-text.ts';
import { decodedView } from '../../src/scrub/decoded-view.ts';
import { textOfHtml } from '../../src/log/html-text.ts';
import { describeException } from '../../src/log/exception.ts';
import { decodeReferences, referencedCharacter } from '../../src/scrub/html-entities.ts';
import { kindOfName } from '../../src/scrub/names.ts';
import { readHeader, readQuoted, readUntilTag, readValue } from '../../src/scrub/read-value.ts';
import type { Rule } from '../../src/scrub/rule.ts';
import { allSecrets } from '../../src/scrub/rules.ts';
import { holdsText, isFile, isTold, looksChosen } from '../../src/scrub/values.ts';
import { isTranslatedName } from '../../src/scrub/translated-names.ts';
import { scrubId, scrubStart, scrubText } from '../../src/scrub/scrub.ts';
import { contactParts, isLanguageTag, languages } from '../../src/page/languages.ts';
import { languageOf } from '../../src/page/language-of.ts';
import { escapeHtml } from '../../src/page/create-page.ts';
import { addressOf } from '../../src/page/tokens.ts';
import { isAcceptable, requestIdFor } from '../../src/request-id.ts';
import { parseSettings } from '../../src/read-settings.ts';
import { nameOfThrown } from '../../src/untrusted.ts';
import { asksForWebSocket } from '../../src/request.ts';
import { growingInput, isGrowing, type Reader, type Shape } from '../support/growth.ts';

const source = join(import.meta.dirname, '../../src');

const header = [
  'a',
  'A',
  '0',
  '-',
  '.',
  ',',
  ';',
  '=',
  '"',
  '\\',
  '*',
  '/',
  ' ',
  'q=',
  'q=0.',
  'x-',
  '+json',
  ':',
  '@',
  '%',
];
const markup = [
  '<',
  '>',
  'a',
  ' ',
  '"',
  '/',
  '!--',
  '-->',
  'error',
  'error code',
  '1',
  '1016',
  '&',
  '&amp',
  ';',
  '#',
  '\n',
];
const prose = [
  '/',
  '?',
  ':',
  '"',
  ' ',
  '=',
  '@',
  '\\',

  'a',
  'A',
  '0',
  '_',
  '-',
  '.',
  '#',
  ';',
  ',',
  '&',
  '%',
  "'",
  '`',
  '(',
  ')',
  '[',
  ']',
  '{',
  '<',
  '>',
  '|',
  '+',
  '~',
  '\n',
  '\r',

  '://',
  'password',
  'key=',
  'cookie:',
  '--token ',
  'Bearer ',
  'eyJ',
  '%3A',
  '%25',
  '\\u003a',
  '&amp;',
  '&#58;',
  '\\"',
  '4111',
  '1.',
  '::',
  'aZ0',
  '-----BEGIN PRIVATE KEY-----',
  '$2y$',
  'ya29.',
  'reset/',
  'é',
  '\ud800',
  '\u2028',
  '    at ',
];

/** The texts for functions that pass a text on to a function that is tested with all of the texts. */
const some = prose.slice(0, 12);

const read = [
  'accept',
  'accept-language',
  'content-type',
  'origin',
  'referer',
  'user-agent',
  'x-request-id',
  'traceparent',
  'cf-ray',
  'access-control-request-headers',
  'access-control-request-method',
  'x-error-drill',
  'x-up-version',
];

/** A request with this text in its path and in these headers. */
function requestOf(text: string, names: readonly string[] = read): Request {
  const path = encodeURI(text.replace(/[^ -~]|[?#%]/g, '').trim());
  return new Request(`https://shop.example/${path}`, { headers: headersOf(text, ...names) });
}

function headersOf(text: string, ...names: string[]): Headers {
  const value = text.replace(/[^ -~]/g, '').trim();
  return new Headers(names.map((name): [string, string] => [name, value]));
}

const { settings } = parseSettings({
  TRUST_REQUEST_ID: true,
  CORS_ORIGINS: 'https://app.example',
  SUPPORT_URL: 'https://help.example/{host}?id={request_id}',
  DRILL_TOKEN: 'd'.repeat(40),
});

function failureOf(text: string) {
  const names = [
    'content-type',
    'server',
    'x-request-id',
    'cf-ray',
    'proxy-status',
    'retry-after',
    'www-authenticate',
  ];
  const headers = headersOf(text, ...names, 'access-control-allow-origin', 'access-control-expose-headers');
  return {
    kind: 'answered',
    source: 'origin',
    response: new Response(null, { status: 503, headers }),
    exception: new Error(text),
  } as const;
}

function incident(text: string): Incident {
  return incidentOf(requestOf(text), 'x'.repeat(26), settings, failureOf(text), 0);
}

const ordinary = incident('a');

/** A failure with this text only in these headers of the request. */
function asked(text: string, ...names: string[]): Incident {
  return { ...ordinary, request: requestOf(text, names) };
}

function ruleReader(rule: Rule, more: readonly string[] = []): Reader {
  return {
    alphabet: [...more, ...prose],
    read: (text) => rule.find({ ...decodedView(text), isCut: true }, () => undefined),
  };
}

const dateParts = ['Sun, ', '06 Nov 1994 ', '06-Nov-94', '08:49:37', ' GMT'];
const keptNames = ['retry-after', 'clear-site-data', 'x-frame-options', 'x-should-retry', 'retry-after-ms'];
const corsNames = ['access-control-allow-origin', 'access-control-expose-headers'];

/** All exported functions that read text of a stranger, an origin or an exception. */
const readers: Readonly<Record<string, Reader>> = {
  'answer/cookie-date.ts cookieDate': { alphabet: [...header, ...dateParts], read: cookieDate },
  'answer/cookie-deletions.ts cookieDeletions': {
    alphabet: [...header, ...dateParts, 'Max-Age=', 'Expires=', 'Path=/', 'Domain=', 'SameSite=Lax'],
    read: (text) => cookieDeletions([`a=; Max-Age=0;${text}`, text], 0),
  },
  'answer/cors.ts corsHeaders': {
    alphabet: header,
    read: (text) => corsHeaders(asked(text, 'origin'), headersOf(text, ...corsNames)),
  },
  'answer/cors.ts isPreflight': {
    alphabet: header,
    read: (text) => isPreflight(asked(text, 'origin', 'access-control-request-method')),
  },
  'answer/cors.ts preflightHeaders': {
    alphabet: header,
    read: (text) =>
      preflightHeaders(asked(text, 'access-control-request-method', 'access-control-request-headers')),
  },
  'answer/facts.ts factsOf': {
    alphabet: header,
    read: (text) => {
      const kept = { 'Retry-After': text, 'X-Should-Retry': text };
      return factsOf(asked(text, 'referer'), 500, 'en', languages.en, kept);
    },
  },
  'answer/frame-ancestors.ts frameAncestors': {
    alphabet: [...header, 'frame-ancestors ', "'self'", "'none'", 'https://a.example', ':443'],
    read: frameAncestors,
  },
  'answer/kept-headers.ts keptHeaders': {
    alphabet: header,
    read: (text) => keptHeaders(headersOf(text, ...keptNames)),
  },
  'answer/kept-headers.ts plainHeader': {
    alphabet: header,
    read: (text) => plainHeader(headersOf(text, 'content-type'), 'content-type'),
  },
  'answer/language-for.ts languageFor': { alphabet: header, read: (text) => languageFor(text, 'en') },
  'answer/media-types.ts mediaRanges': { alphabet: header, read: mediaRanges },
  'answer/media-types.ts mediaType': { alphabet: header, read: mediaType },
  'answer/retry-after.ts secondsToWait': {
    alphabet: [...header, ...dateParts],
    read: (text) => secondsToWait(text, 0),
  },
  'answer/unicode-host.ts unicodeHost': {
    alphabet: ['xn--', 'a', '9', '-', '.', ':', 'xn--bcher-kva', 'xn--99zzz'],
    read: unicodeHost,
  },
  'answer/weighted.ts weighted': { alphabet: header, read: (text) => weighted(text, Infinity, Infinity) },
  'answer/who-asks.ts whoAsks': {
    alphabet: header,
    read: (text) => whoAsks(headersOf(text, 'accept', 'content-type', 'user-agent', 'sec-fetch-dest'), text),
  },
  'request.ts asksForDrill': {
    alphabet: header,
    read: (text) => asksForDrill(requestOf(text, ['x-error-drill']), settings),
  },
  'diagnosis.ts diagnose': {
    alphabet: some,
    read: (text) => diagnose({ kind: 'unreachable', exception: new Error(text) }),
  },
  'diagnosis.ts proxyErrorIn': {
    alphabet: [...some, 'ProxyError', 'ProxyError: '],
    read: (message) => proxyErrorIn({ message }),
  },
  'failure.ts isOnPurpose': {
    alphabet: header,
    read: (text) =>
      isOnPurpose(new Response(null, { status: 503, headers: headersOf(text, 'x-intercept-errors') })),
  },
  'request.ts hostOf': {
    alphabet: [...header, '[', ']', 'a.', ':80'],
    read: (text) => hostOf(new Request('https://shop.example/', { headers: headersOf(text, 'host') })),
  },
  'log/cloudflare-error-code.ts errorCodeIn': { alphabet: markup, read: errorCodeIn },
  'log/data-text.ts dataText': {
    alphabet: some,
    read: (text) => dataText({ [text]: text, list: [text] }, []),
  },
  'scrub/decoded-view.ts decodedView': { alphabet: prose, read: decodedView },
  'log/html-text.ts textOfHtml': {
    alphabet: [
      '<',
      '>',
      'a',
      ' ',
      '"',
      '/',
      '<a ',
      '<!--',
      '-->',
      '<svg>',
      '</svg>',
      '<script>',
      '<td>',
      ...markup,
    ],
    read: (text) => textOfHtml(text, text.length),
  },
  'log/exception.ts describeException': {
    alphabet: some,
    read: (text) =>
      describeException({ name: text, message: text, stack: `${text}\n    at ${text}`, cause: text }),
  },
  'scrub/html-entities.ts decodeReferences': { alphabet: markup, read: decodeReferences },
  'scrub/html-entities.ts referencedCharacter': {
    alphabet: markup,
    read: (text) => [referencedCharacter(text), referencedCharacter(undefined, text, text)],
  },
  'scrub/scrub.ts scrubId': { alphabet: some, read: (text) => scrubId(text, text.length) },
  'scrub/scrub.ts scrubStart': {
    alphabet: some,
    read: (text) => scrubStart(text, text.length >> 1, [text.slice(0, 30)]),
  },
  'scrub/scrub.ts scrubText': {
    alphabet: prose,
    read: (text) => scrubText(text, text.length, ['aaaaaaaaaaaa']),
  },
  'scrub/values.ts isFile': { alphabet: prose, read: isFile },
  'scrub/values.ts isTold': { alphabet: prose, read: isTold },
  'scrub/values.ts holdsText': { alphabet: prose, read: holdsText },
  'scrub/values.ts looksChosen': { alphabet: prose, read: looksChosen },
  'scrub/translated-names.ts isTranslatedName': { alphabet: prose, read: isTranslatedName },
  'scrub/names.ts kindOfName': { alphabet: prose, read: kindOfName },
  'scrub/read-value.ts readValue': { alphabet: prose, read: (text) => readValue(decodedView(text), 0) },
  'scrub/read-value.ts readQuoted': { alphabet: prose, read: (text) => readQuoted(decodedView(text), 0) },
  'scrub/read-value.ts readUntilTag': { alphabet: prose, read: (text) => readUntilTag(decodedView(text), 0) },
  'scrub/read-value.ts readHeader': {
    alphabet: ['a=b; ', 'a', ...prose],
    read: (text) => [
      readHeader(decodedView(text), 0, 'cookie'),
      readHeader(decodedView(text), 0, 'authorization'),
    ],
  },
  'page/language-of.ts languageOf': { alphabet: header, read: languageOf },
  'page/create-page.ts escapeHtml': { alphabet: markup, read: escapeHtml },
  'page/languages.ts contactParts': {
    alphabet: some,
    read: (contact) => contactParts({ ...languages.en, contact }),
  },
  'page/languages.ts isLanguageTag': { alphabet: some, read: isLanguageTag },
  'page/tokens.ts addressOf': { alphabet: [...header, 'mailto:', 'tel:', '?'], read: addressOf },
  'request-id.ts isAcceptable': { alphabet: header, read: isAcceptable },
  'request-id.ts requestIdFor': {
    alphabet: header,
    read: (text) => requestIdFor(requestOf(text, ['x-request-id']), true),
  },
  'untrusted.ts nameOfThrown': { alphabet: some, read: (name) => nameOfThrown({ name }) },
  'request.ts asksForWebSocket': {
    alphabet: header,
    read: (text) => asksForWebSocket(requestOf(text, ['upgrade'])),
  },
};

/** All other exported functions, each with the reason why it needs no such test. */
const others: Readonly<Record<string, string>> = {
  'answer/plan.ts planAnswer': 'reads by whoAsks, languageFor and what facts and headers are made with',
  'incident.ts incidentOf': 'reads by requestIdFor, hostOf, diagnose and isOnPurpose',
  'intercept.ts intercept': 'hands on to the functions that it calls',
  'log/record.ts toLogRecord': 'reads by scrubText, scrubId and describeException',
  'log/report.ts report': 'writes what toLogRecord made',
  'answer/answer.ts answerTo': 'writes what planAnswer read; tried within intercept',
  'answer/status.ts lastingStatus': 'reads a status',
  'answer/status.ts statusOf': 'reads a status',
  'answer/last-resort.ts lastResort': 'reads an ID of ours or one that was accepted',
  'application.ts answerIn': 'reads no text',
  'application.ts askApplication': 'reads no text',
  'application.ts answered': 'reads no text',
  'application.ts threw': 'reads no text',
  'ask-origin.ts askOrigin': 'hands a request on',
  'in-flight.ts begin': 'reads no text but an ID',
  'in-flight.ts end': 'reads no text but an ID',
  'in-flight.ts note': 'reads no text but an ID',
  'failure.ts isFailed': 'reads a status',
  'log/fact.ts fact': 'reads no text',
  'scrub/find.ts eachMatch': 'tried with the patterns of every rule',
  'scrub/find.ts matchAt': 'tried with the patterns of every rule',
  'scrub/find.ts textBefore': 'tried with every rule',
  'scrub/find.ts endOfLine': 'tried with every rule',
  'scrub/notation.ts written': 'does not read',
  'scrub/notation.ts namePlace': 'tried with the rule for what is named',
  'scrub/read-value.ts endOfLongValue': 'tried with the rule for what is named',
  'scrub/read-value.ts readToken': 'tried with the patterns of every notation',
  'scrub/rule.ts patternRule': 'tried with the patterns of every rule',
  'log/origin-body.ts disposeOfBody':
    'reads bytes up to a limit; what it makes of them is tried by its parts',
  'on-error.ts onError': 'reads no text but an ID',
  'request.ts onwardRequest': 'hands headers on as they are',
  'origin.ts fetchOrigin': 'hands a request on; its host is held by the URL parser',
  'answer/site-links.ts supportLink': "puts a host and an ID into the operator's link",
  'answer/site-links.ts withHost': "puts a host into the operator's link",
  'page/explanation.ts explanationOf': 'reads a number',
  'page/create-page.ts createPage': "puts escaped values into the operator's template",
  'page/page.ts pageWith': "reads the operator's template",
  'page/tokens.ts isOfLanguage': 'reads a name of ours',
  'page/template.ts asServed': "reads the operator's template",
  'page/template.ts replaceComments': "reads the operator's template",
  'page/tokens.ts utcText': 'reads a time',
  'request-id.ts newRequestId': 'reads nothing',
  'read-settings.ts describeProblem': "reads the operator's settings",
  'read-settings.ts namesInUse': "reads the operator's settings",
  'read-settings.ts originSettingsReader': "reads the operator's settings",
  'read-settings.ts parseSettings': "reads the operator's settings",
  'read-settings.ts settingsReader': "reads the operator's settings",
  'untrusted.ts attempt': 'reads no text',
  'untrusted.ts property': 'reads no text',
  'untrusted.ts textProperty': 'reads no text',
  'upload.ts isChunkedUpload': 'reads no text',
  'upload.ts isSmallUpload': 'reads a number',
  'upload.ts isUpload': 'reads no text',
  'upload.ts withWholeBody': 'hands bytes on as they are',
  'upload.ts relayUpload': 'hands bytes on as they are',
  'with-error-pages.ts onError': 'stands in on-error.ts',
  'with-error-pages.ts withErrorPages':
    "reads the operator's settings; what it does with requests is intercept",
};

/** `file name` of all functions that the Worker's modules export. */
async function exportedFunctions(): Promise<string[]> {
  const files = await readdir(source, { recursive: true });
  const modules = files.filter((file) => file.endsWith('.ts') && !/\.d\.ts$|^cli\b/.test(file));
  const names = await Promise.all(
    modules.map(async (file) => {
      const module: Record<string, unknown> = await import(join(source, file));
      return Object.keys(module)
        .filter((name) => name !== 'default' && typeof module[name] === 'function')
        .map((name) => `${file.replaceAll('\\', '/')} ${name}`);
    }),
  );
  return names.flat().toSorted();
}

describe('every exported function is known', () => {
  it('as one that reads what strangers write, or as one that does not', async () => {
    const known = [...Object.keys(readers), ...Object.keys(others)];
    expect(await exportedFunctions()).toEqual(known.toSorted());
  });
});

describe('time grows with the length of what a stranger writes, not with its square', () => {
  // Mocks are avoided here: they would keep everything that is written.
  const { error, warn, info } = console;
  const ignore = () => undefined;
  beforeAll(() => void Object.assign(console, { error: ignore, warn: ignore, info: ignore }));
  afterAll(() => void Object.assign(console, { error, warn, info }));

  it.each(Object.entries(readers))('%s', { timeout: 180_000 }, (_, reader) => {
    expect(growingInput(reader)).toBeUndefined();
  });

  // Each rule is also tested alone: in scrubText, a rule does not see text that an earlier rule has hidden.
  it.each(allSecrets.map((rule) => [rule.name, rule] as const))(
    'rule for secrets %s',
    { timeout: 180_000 },
    (_, rule) => {
      expect(
        growingInput(
          ruleReader(rule, [
            'name="',
            'password"',
            ' value="',
            '<td>',
            'connect(',
            '(a,password) values (',
            "('",
            'mysql ',
            ' -p',
            '-u ',
            'ENV ',
            'exec a ',
            "'a',",
            ' replace ',
            'auth plain ',
            '334 a ',
            'echo a | ',
            ' --name a ',
            "name: 'auth', args: [",
            ':4321:a:',
            '";s:9:"',
            'a%26',
            '" got "',
            '\n\n',
          ]),
        ),
      ).toBeUndefined();
    },
  );

  const accept = (value: string) => whoAsks(new Headers({ accept: value }), null);
  const acceptLanguage = (value: string) => languageFor(value, 'en');
  const logged = (text: string) => scrubText(text, text.length);

  // Each of these inputs, or a similar one, once took the time of six to twenty-four ordinary failures.
  it.each<[string, Reader['read'], Partial<Shape>]>([
    ['Accept-Language: x-----…', acceptLanguage, { first: 'x', unit: '-' }],
    ['Accept-Language: a-a-a-…', acceptLanguage, { unit: 'a-' }],
    ['Accept: a.a.a.…', accept, { unit: 'a.' }],
    ['Accept: ;\\";\\"…', accept, { unit: ';\\"' }],
    ['an error body of ://://…', logged, { unit: '://' }],
    ['an error body of http://a@http://a@…', logged, { unit: 'http://a@' }],
    ['an error page of error<error<…', errorCodeIn, { unit: 'error<' }],
    ['an error page of error < error < …', errorCodeIn, { unit: 'error < ' }],
  ])('%s', (_, read, shape) => {
    expect(isGrowing(read, { first: '', unit: '', last: '', ...shape })).toBe(false);
  });

  it.each<[string, Reader]>([
    [
      'a pattern that begins anywhere',
      { alphabet: ['a', ':', '@'], read: (text) => /[^@]+@/.test(text.slice(0, text.length / 4)) },
    ],
    ['a list that is joined over and over', { alphabet: ['x', '-'], read: joinedOverAndOver }],
    ['a pattern for an e-mail address in a header', { alphabet: header, read: hasAddress }],
  ])('%s would be noticed', (_, reader) => {
    expect(growingInput(reader)).toBeDefined();
  });
});

function joinedOverAndOver(text: string): number {
  const parts = text.slice(0, text.length / 4).split('-');
  let length = 0;
  for (; parts.length > 1; parts.pop()) length += parts.join('-').length;
  return length;
}

function hasAddress(text: string): boolean {
  const { headers } = requestOf(text.slice(0, text.length / 4), ['user-agent']);
  return /[^\s@]+@[^\s@]+\.[a-z]+/.test(headers.get('user-agent') ?? '');
}
