/** Decides from the request who is asking: it chooses the form of the answer, and says if a person will read it. */
import { mediaRanges, mediaType } from './media-types.ts';
import type { Weighted } from './weighted.ts';

/** The forms of an answer of our own: page, part of a page, problem details (RFC 9457), Markdown, plain text. */
export type Form = 'html' | 'fragment' | 'json' | 'markdown' | 'text';

/** The parts of an exchange that show who asks. */
interface Evidence {
  readonly headers: Headers;
  readonly accepted: readonly Weighted[];
  /** The media type of the origin's own answer of 5xx. Empty if there is none. */
  readonly originType: string;
}

/** A rule. It returns a form, or undefined if it does not apply. */
interface Rule {
  /** True if a client that gets html by this rule is a person. */
  readonly showsPerson: boolean;
  decide(evidence: Evidence): Form | undefined;
}

/** Our form for a media type that a client names. Undefined if we have none. */
function formOf(type: string): Form | undefined {
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'html';
  if (JSON_TYPES.has(type) || type.endsWith('+json')) return 'json';
  if (type === 'text/markdown') return 'markdown';
  return type === 'text/plain' ? 'text' : undefined;
}

const JSON_TYPES = new Set([
  'application/json',
  'text/json',
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
  'application/jsonlines',
  'application/json-seq',
  'text/event-stream',
]);

/** Uploads besides JSON that only a program sends: gRPC, Connect, protobuf. */
const PROGRAM_UPLOAD = /^application\/(?:grpc|connect\+|proto|x-protobuf|protobuf|vnd\.google\.protobuf)/;

/** The destinations that show a document: https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header */
const DOCUMENTS = new Set(['document', 'iframe', 'frame', 'embed', 'object', 'fencedframe']);

function isHtmx(headers: Headers): boolean {
  return headers.get('hx-request') === 'true';
}

/** The content types that an HTML form can send (https://html.spec.whatwg.org/#attr-fs-enctype). */
const FORM_UPLOADS = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']);

/** The `Accept` that java.net.HttpURLConnection sends by default: since Java 1.1, and since JDK 17. */
const JAVA_DEFAULTS = new Set([
  'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
  'text/html, image/gif, image/jpeg, */*; q=0.2',
]);

/** True if a browser may send this request for a page. Some programs accept HTML too, such as SOAP clients. */
function canBeNavigation(headers: Headers): boolean {
  if (headers.get('sec-fetch-mode') === 'navigate') return true;
  const type = mediaType(headers.get('content-type'));
  return (type === '' || FORM_UPLOADS.has(type)) && !JAVA_DEFAULTS.has(headers.get('accept') ?? '');
}

/**
 * The rules, of which the first that decides counts. If none decides, the form is html. When you add a rule, add the
 * headers that it reads to `VARY` in plan.ts.
 */
const rules: readonly Rule[] = [
  {
    // git shows a plain text.
    showsPerson: false,
    decide: ({ headers }) => (headers.get('user-agent')?.startsWith('git/') ? 'text' : undefined),
  },
  {
    // htmx replaces the whole page.
    showsPerson: true,
    decide: ({ headers }) =>
      isHtmx(headers) && (headers.has('hx-boosted') || headers.has('hx-history-restore-request'))
        ? 'html'
        : undefined,
  },
  {
    // htmx and Unpoly insert the answer into a page.
    showsPerson: false,
    decide: ({ headers }) => (isHtmx(headers) || headers.has('x-up-version') ? 'fragment' : undefined),
  },
  {
    // Livewire, Inertia and Symfony's live components lay any answer over the page of the site.
    showsPerson: false,
    decide: ({ headers, accepted }) =>
      headers.has('x-livewire') ||
      headers.has('x-inertia') ||
      accepted.some(({ name }) => name === 'application/vnd.live-component+html')
        ? 'html'
        : undefined,
  },
  {
    // Accept names a type for which we have a form.
    showsPerson: true,
    decide: ({ headers, accepted }) => {
      let best: Form | undefined;
      let highest = 0;
      for (const { name, q } of accepted) {
        const form = q > highest ? formOf(name) : undefined;
        if (form !== undefined) [best, highest] = [form, q];
      }
      return best === 'html' && !canBeNavigation(headers) ? undefined : best;
    },
  },
  {
    // Sec-Fetch-Dest says how the browser will use the answer.
    showsPerson: true,
    decide: ({ headers }) => {
      const destination = headers.get('sec-fetch-dest');
      if (destination === null) return undefined;
      if (DOCUMENTS.has(destination)) return 'html';
      return destination === 'empty' ? 'json' : 'text';
    },
  },
  {
    // A script fetches, or the upload has a type that only programs send.
    showsPerson: false,
    decide: ({ headers }) => {
      const mode = headers.get('sec-fetch-mode');
      if ((mode !== null && mode !== 'navigate') || headers.has('x-requested-with')) return 'json';
      const type = mediaType(headers.get('content-type'));
      return formOf(type) === 'json' || PROGRAM_UPLOAD.test(type) ? 'json' : undefined;
    },
  },
  {
    // Accept names only types for which we have no form.
    showsPerson: false,
    decide: ({ accepted }) =>
      accepted.length > 0 && accepted.every(({ name }) => name !== '*/*') ? 'text' : undefined,
  },
  {
    // The type of the origin's own error shows what the client can read.
    showsPerson: false,
    decide: ({ originType }) => {
      const form = formOf(originType);
      if (form === 'html' || (form === 'json' && originType !== 'text/event-stream')) return form;
      return /^text\/|[/+]xml$/.test(originType) ? 'text' : undefined;
    },
  },
];

/**
 * Decides who asks. Never throws.
 * @param originType the `Content-Type` of the origin's own answer, or null without one
 * @returns the form; `isPerson` is true if a person reads it in a browser window
 */
export function whoAsks(
  headers: Headers,
  originType: string | null,
): { readonly form: Form; readonly isPerson: boolean } {
  const evidence: Evidence = {
    headers,
    accepted: mediaRanges(headers.get('accept') ?? ''),
    originType: mediaType(originType),
  };
  const isNavigation = headers.get('sec-fetch-mode') === 'navigate';
  for (const { decide, showsPerson } of rules) {
    const form = decide(evidence);
    if (form !== undefined) return { form, isPerson: isNavigation || (showsPerson && form === 'html') };
  }
  return { form: 'html', isPerson: isNavigation };
}
