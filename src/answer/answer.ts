/** A planned answer becomes a Response. */
import type { Incident } from '../incident.ts';
import type { Page } from '../page/create-page.ts';
import { REQUEST_ID_HEADER } from '../request-id.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { factsOf } from './facts.ts';
import { forms } from './forms.ts';
import { keptHeaders } from './kept-headers.ts';
import type { Plan } from './plan.ts';

/**
 * The answer to a failed request, as planned. HEAD gets the same headers and no body.
 * @throws Error where the page cannot be rendered
 */
export async function answerTo(
  incident: Incident,
  plan: Exclude<Plan, { readonly format: 'origin' }>,
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
  const { status, language } = plan;
  const form = forms[plan.format];
  Object.assign(headers, ownHeaders, {
    'Content-Type': `${form.mediaType}; charset=utf-8`,
    'Content-Language': language,
    'Content-Security-Policy': await page.policy(),
  });
  const facts = factsOf(incident, status, language, page.languages[language], kept['Retry-After']);
  // A Response encodes a text by the character, which costs twice as much.
  const body = encoder.encode(form.write(facts, page));
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
