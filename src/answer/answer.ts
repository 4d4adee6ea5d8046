/** Turns a planned answer into a Response. */
import type { Incident } from '../incident.ts';
import type { Page } from '../page/create-page.ts';
import { REQUEST_ID_HEADER } from '../request-id.ts';
import { cookieDeletions } from './cookie-deletions.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { factsOf } from './facts.ts';
import { forms } from './forms.ts';
import { frameAncestors } from './frame-ancestors.ts';
import { keptHeaders } from './kept-headers.ts';
import { VARY, type Plan } from './plan.ts';

/**
 * Makes the planned answer to a failed request. HEAD gets the same headers and no body.
 * @throws Error if the page cannot be rendered
 */
export async function answerTo(
  incident: Incident,
  plan: Exclude<Plan, { readonly format: 'origin' }>,
  page: Page,
): Promise<Response> {
  const { settings, failure, requestId, request, failedAt } = incident;
  const theirs = 'response' in failure ? failure.response?.headers : undefined;
  const kept = theirs === undefined ? {} : keptHeaders(theirs);
  const headers: Record<string, string> = {
    'Cache-Control': 'no-store',
    'Proxy-Status': proxyStatus(incident),
    Vary: settings.CORS_ORIGINS.length > 0 ? `${VARY}, Origin` : VARY,
    [REQUEST_ID_HEADER]: requestId,
    ...kept,
    ...(plan.format === 'preflight' ? preflightHeaders(incident) : corsHeaders(incident, theirs)),
  };
  if (plan.format === 'preflight') return new Response(null, { status: plan.status, headers });

  const { status, language } = plan;
  const form = forms[plan.format];
  Object.assign(headers, ownHeaders, {
    'Content-Type': `${form.mediaType(request.headers)}; charset=utf-8`,
    'Content-Language': language,
    'Content-Security-Policy': await policyFor(page, theirs),
  });
  const facts = factsOf(incident, status, language, page.languages[language], kept);
  // Encode the text here: a Response does it character by character, which takes twice as long.
  const body = encoder.encode(form.write(facts, page));
  if (request.method === 'HEAD') headers['Content-Length'] = String(body.length);
  const answer = new Response(request.method === 'HEAD' ? null : body, { status, headers });
  for (const deletion of cookieDeletions(theirs?.getSetCookie() ?? [], failedAt)) {
    answer.headers.append('Set-Cookie', deletion);
  }
  return answer;
}

const encoder = new TextEncoder();

/** The page's policy, with the `frame-ancestors` of the origin's own policy. */
async function policyFor(page: Page, theirs: Headers | undefined): Promise<string> {
  const policy = await page.policy();
  const ancestors = frameAncestors(theirs?.get('content-security-policy') ?? null);
  return ancestors === undefined ? policy : `${policy}; frame-ancestors ${ancestors}`;
}

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
