/** A failure becomes a Response: planned first, so that the record can say what the visitor got, then made. */
import { isOnPurpose } from '../failure.ts';
import type { AnswerFacts, Incident } from '../incident.ts';
import { languageFor } from '../page/negotiate-language.ts';
import type { Page } from '../page/create-page.ts';
import { REQUEST_ID_HEADER } from '../request-id.ts';
import { attempt } from '../untrusted.ts';
import { corsHeaders, isPreflight, preflightHeaders } from './cors.ts';
import { bodies, mediaTypes } from './forms.ts';
import { keptHeaders } from './kept-headers.ts';
import { textsOf, type OwnAnswer } from './texts.ts';
import { whoAsks, type Asker } from './who-asks.ts';

/** An answer that is passed on as it is. */
export interface PassedAnswer extends AnswerFacts {
  readonly format: 'origin';
  readonly response: Response;
  /** Whether the origin answered so on purpose. */
  readonly onPurpose: boolean;
}

/** The answer to a preflight, in place of an origin that cannot be asked. */
export interface PreflightAnswer extends AnswerFacts {
  readonly format: 'preflight';
}

/** Who gets what. */
export type Plan = OwnAnswer | PassedAnswer | PreflightAnswer;

/** Decides who gets what: status, form and language. Never throws: where choosing fails, a default holds. */
export function planAnswer(incident: Incident): Plan {
  const { request, failure, settings, diagnosis } = incident;
  const response =
    failure.kind === 'answered' && failure.response.status >= 500 ? failure.response : undefined;
  const asker = attempt(() => whoAsks(request.headers, response?.headers.get('content-type') ?? null));
  const { form, isPerson }: Asker = asker ?? { form: 'html', isPerson: true };
  const passable = response !== undefined && isWhole(response) ? response : undefined;
  if (passable !== undefined && isOnPurpose(passable)) return passed(passable, true);
  if (isPreflight(incident)) return { status: 204, format: 'preflight' };
  if (passable !== undefined && settings.INTERCEPT === 'pages' && !isPerson && isOwnWords(incident)) {
    return passed(passable, false);
  }
  return {
    status: settings.ERROR_STATUS === 'origin' ? diagnosis.status : 500,
    format: form,
    language:
      attempt(() => languageFor(request.headers.get('accept-language'), settings.DEFAULT_LANGUAGE)) ??
      settings.DEFAULT_LANGUAGE,
  };
}

function passed(response: Response, onPurpose: boolean): PassedAnswer {
  return { status: response.status, format: 'origin', response, onPurpose };
}

/** Not what Cloudflare says in place of an origin, nor what `onError` made of an exception. */
function isOwnWords({ failure, diagnosis }: Incident): boolean {
  return diagnosis.source !== 'network' && failure.kind === 'answered' && failure.exception === undefined;
}

/** An application may have read its own answer: then there is nothing left to pass on. */
function isWhole({ bodyUsed, body }: Response): boolean {
  return !bodyUsed && !body?.locked;
}

/**
 * The answer to a failed request, as planned. HEAD gets the same headers and no body.
 * @throws Error where the page cannot be rendered
 */
export async function answerTo(
  incident: Incident,
  plan: OwnAnswer | PreflightAnswer,
  page: Page,
): Promise<Response> {
  const { settings, failure, requestId, request } = incident;
  const made = 'response' in failure ? failure.response : undefined;
  const kept: Record<string, string> = made === undefined ? {} : keptHeaders(made.headers);
  const headers: Record<string, string> = {
    'Cache-Control': 'no-store',
    'Proxy-Status': proxyStatus(incident),
    Vary: settings.CORS_ORIGINS.length > 0 ? `${VARY}, Origin` : VARY,
    [REQUEST_ID_HEADER]: requestId,
    ...kept,
    ...(!isReadable(kept, request) && corsHeaders(incident)),
  };
  if (plan.format === 'preflight') {
    return new Response(null, { status: 204, headers: { ...headers, ...preflightHeaders(incident) } });
  }
  const { status, format, language } = plan;
  Object.assign(headers, ownHeaders, {
    'Content-Type': `${mediaTypes[format]}; charset=utf-8`,
    'Content-Language': language,
    'Content-Security-Policy': await page.policy(),
  });
  const texts = textsOf(incident, plan, page.languages[language], kept['Retry-After']);
  // A Response encodes a text by the character, which costs twice as much.
  const body = encoder.encode(bodies[format](texts, page));
  if (request.method !== 'HEAD') return new Response(body, { status, headers });
  headers['Content-Length'] = String(body.length);
  return new Response(null, { status, headers });
}

const encoder = new TextEncoder();

/** Whether the asking app may read an answer by the origin's own word. */
function isReadable(kept: Readonly<Record<string, string>>, { headers }: Request): boolean {
  const allowed = kept['Access-Control-Allow-Origin'];
  return allowed !== undefined && (allowed === '*' || allowed === headers.get('origin'));
}

/** Every request header that the form or the language of an answer follows from. */
const VARY =
  'Accept, Accept-Language, Content-Type, HX-Boosted, HX-Request, Sec-Fetch-Dest, Sec-Fetch-Mode, ' +
  'X-Requested-With, X-Up-Version';

const ownHeaders = {
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex',
} as const;

const WITHOUT_ERROR: readonly string[] = ['origin', 'application', 'drill'];

/** https://www.rfc-editor.org/rfc/rfc9209#name-the-proxy-status-http-field */
function proxyStatus({ diagnosis, failure }: Incident): string {
  const error = WITHOUT_ERROR.includes(diagnosis.source) ? '' : `; error=${diagnosis.type}`;
  const isReceived = failure.kind === 'answered' && failure.source === 'origin';
  return `edge-error-interceptor${error}${isReceived ? `; received-status=${failure.response.status}` : ''}`;
}
