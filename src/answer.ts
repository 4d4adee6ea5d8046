/** A failure becomes a Response: the page, problem details or plain text, with nothing of the origin's in it. */
import { diagnose, type Failure } from './failure.ts';
import type { AnswerFacts, Incident } from './log.ts';
import { formatFor, languageFor, mediaTypes, type Format } from './negotiate.ts';
import { languages, type Language, type LanguageTag } from './page/languages.ts';
import { contentSecurityPolicy, renderPage } from './page/page.ts';
import { REQUEST_ID_HEADER } from './request-id.ts';
import { attempt } from './untrusted.ts';

/** An answer of our own. */
export interface OwnAnswer extends AnswerFacts {
  readonly format: Format;
  readonly language: LanguageTag;
}

/** The origin's own answer, passed on as it is. */
export interface PassedAnswer extends AnswerFacts {
  readonly format: 'origin';
  readonly response: Response;
}

/** Decides who gets what: whether the origin's answer is passed on, and else in which form and language. */
export function planAnswer({ request, failure, settings }: Incident): OwnAnswer | PassedAnswer {
  const format = formatFor(request.headers);
  const { source, status } = diagnose(failure);
  if (failure.kind === 'answered' && failure.response.status >= 500) {
    const { response } = failure;
    const isForApi = source === 'origin' && settings.intercept === 'pages' && format !== 'html';
    if (isForApi || isOptedOut(response)) return { status: response.status, format: 'origin', response };
  }
  return {
    status: settings.errorStatus === 'origin' ? status : 500,
    format,
    language: languageFor(request.headers, settings.defaultLanguage),
  };
}

/** The origin's word that it made this answer on purpose. */
function isOptedOut(response: Response): boolean {
  // Set by the application and by its web server, it comes twice.
  return /^\s*off\s*(?:,|$)/i.test(response.headers.get('x-intercept-errors') ?? '');
}

/**
 * The answer to a failed request, as planned. HEAD gets the same headers and no body.
 * @throws Error where the page cannot be rendered
 */
export async function answer(incident: Incident, plan: OwnAnswer): Promise<Response> {
  const { status, format, language } = plan;
  const body = bodies[format](factsOf(incident, plan));
  const headers = {
    ...fixedHeaders,
    'Content-Type': `${mediaTypes[format]}; charset=utf-8`,
    'Content-Language': language,
    'Content-Security-Policy': await contentSecurityPolicy(),
    'Proxy-Status': proxyStatus(incident.failure),
    [REQUEST_ID_HEADER]: incident.requestId,
    ...(incident.failure.kind === 'answered' && keptHeaders(incident.failure.response.headers)),
  };
  if (incident.request.method !== 'HEAD') return new Response(body, { status, headers });
  const length = String(new TextEncoder().encode(body).length);
  return new Response(null, { status, headers: { ...headers, 'Content-Length': length } });
}

const fixedHeaders = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  Vary: 'Accept, Accept-Language, Sec-Fetch-Dest',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex',
} as const;

/** https://www.rfc-editor.org/rfc/rfc9209#name-the-proxy-status-http-field */
function proxyStatus(failure: Failure): string {
  const { type, source } = diagnose(failure);
  const error = source === 'origin' ? '' : `; error=${type}`;
  const received = failure.kind === 'answered' ? `; received-status=${failure.response.status}` : '';
  return `edge-error-interceptor${error}${received}`;
}

/** What a client needs to react to a failure; a browser app must see a 500, not a CORS failure. */
function keptHeaders(origin: Headers): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of origin) {
    if (name === 'retry-after' || name === 'www-authenticate' || name.startsWith('access-control-')) {
      kept[name] = value;
    }
  }
  if (kept['access-control-allow-origin'] !== undefined) {
    const exposed = kept['access-control-expose-headers'];
    kept['access-control-expose-headers'] = exposed ? `${exposed}, ${REQUEST_ID_HEADER}` : REQUEST_ID_HEADER;
  }
  return kept;
}

interface AnswerTexts {
  readonly status: number;
  readonly reason: string;
  readonly language: LanguageTag;
  readonly texts: Language;
  readonly requestId: string;
  readonly siteName: string;
  readonly supportUrl: string | undefined;
  readonly statusPageUrl: string | undefined;
  readonly failedAt: Date;
  readonly retry: boolean;
}

function factsOf({ request, requestId, settings, failedAt }: Incident, plan: OwnAnswer): AnswerTexts {
  // A Host header that is no host makes a URL that cannot be parsed.
  const host = attempt(() => new URL(request.url).host) ?? '';
  return {
    status: plan.status,
    reason: reasons[plan.status] ?? 'Server Error',
    language: plan.language,
    texts: languages[plan.language],
    requestId,
    siteName: settings.siteName ?? host,
    supportUrl: settings.supportUrl && supportLink(settings.supportUrl, requestId, host),
    statusPageUrl: settings.statusPageUrl,
    failedAt: new Date(failedAt),
    // HEAD has to announce the length of the page that GET would get.
    retry: request.method === 'GET' || request.method === 'HEAD',
  };
}

/** https://www.iana.org/assignments/http-status-codes */
const reasons: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
  506: 'Variant Also Negotiates',
  507: 'Insufficient Storage',
  508: 'Loop Detected',
  511: 'Network Authentication Required',
};

/** A mail address without a query gets a subject and a body (RFC 6068) that hold what support will ask for. */
function supportLink(supportUrl: string, requestId: string, host: string): string {
  const link = supportUrl.replaceAll('{request_id}', requestId);
  if (!/^mailto:[^?]*$/i.test(link)) return link;
  const subject = encodeURIComponent(`${host}: ${requestId}`);
  const body = encodeURIComponent(`\r\n\r\nRequest ID: ${requestId}\r\nSite: ${host}\r\n`);
  return `${link}?subject=${subject}&body=${body}`;
}

const bodies: Readonly<Record<Format, (facts: AnswerTexts) => string>> = {
  html({ language, retry, supportUrl, statusPageUrl, ...facts }) {
    const time = facts.failedAt.toISOString();
    return renderPage(
      { language, retry, support: supportUrl !== undefined, statusPageUrl },
      {
        request_id: facts.requestId,
        site_name: facts.siteName,
        support_url: supportUrl ?? '',
        status: String(facts.status),
        reason: facts.reason,
        time: `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`,
        time_iso: time,
      },
    );
  },

  /** https://www.rfc-editor.org/rfc/rfc9457 */
  json({ status, reason, texts, requestId, supportUrl, statusPageUrl }) {
    return JSON.stringify({
      type: 'about:blank',
      title: reason,
      status,
      detail: texts.explanation,
      request_id: requestId,
      support: supportUrl,
      status_page: statusPageUrl,
    });
  },

  text({ status, reason, texts, requestId, supportUrl, statusPageUrl }) {
    return [
      `${status} ${reason}`,
      '',
      texts.heading,
      texts.explanation,
      ...(supportUrl === undefined ? [] : [`${texts.contact.replace(/[[\]]/g, '')} ${supportUrl}`]),
      ...(statusPageUrl === undefined ? [] : [`${texts.statusPage}: ${statusPageUrl}`]),
      `${texts.logged} ${requestId}`,
      '',
    ].join('\n');
  },
};
