/** Who is asking: the form of the answer, by evidence in the request, and whether a person will read it. */
import { mediaRanges, mediaType } from './media-types.ts';
import type { Weighted } from './weighted.ts';

/** The forms of an answer of our own: page, part of a page, problem details (RFC 9457), Markdown, plain text. */
export type Form = 'html' | 'fragment' | 'json' | 'markdown' | 'text';

/** What tells who asks. */
interface Evidence {
  readonly headers: Headers;
  readonly accepted: readonly Weighted[];
  /** The media type of the origin's own answer of 5xx; empty where there is none. */
  readonly originType: string;
}

/** A rule: the form that it decides for, or undefined where it does not decide. */
interface Rule {
  /** Whether html by this rule means a person. */
  readonly showsPerson: boolean;
  decide(evidence: Evidence): Form | undefined;
}

/** The form of a media type that a client names; undefined for one that we do not have. */
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

/** Uploads that only a program sends: JSON in any spelling, gRPC, Connect, protobuf. */
const PROGRAM_UPLOAD = /^application\/(?:grpc|connect\+|proto|x-protobuf|protobuf|vnd\.google\.protobuf)/;

/** https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header: the destinations that show a document. */
const DOCUMENTS = new Set(['document', 'iframe', 'frame', 'embed', 'object', 'fencedframe']);

function isHtmx(headers: Headers): boolean {
  return headers.get('hx-request') === 'true';
}

/** What a form of a page can send (https://html.spec.whatwg.org/#attr-fs-enctype). */
const FORM_UPLOADS = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']);

/** What java.net.HttpURLConnection sends where a program sets nothing: since Java 1.1, and since JDK 17. */
const JAVA_DEFAULTS = new Set([
  'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
  'text/html, image/gif, image/jpeg, */*; q=0.2',
]);

/** False where no browser would send such a request for a page: SOAP's clients, for one, ask for HTML too. */
function canBeNavigation(headers: Headers): boolean {
  if (headers.get('sec-fetch-mode') === 'navigate') return true;
  const type = mediaType(headers.get('content-type'));
  return (type === '' || FORM_UPLOADS.has(type)) && !JAVA_DEFAULTS.has(headers.get('accept') ?? '');
}

/**
 * The first rule that decides is the answer; where none does, it is html. Of the headers that they read, `VARY`
 * in plan.ts names all but User-Agent.
 */
const rules: readonly Rule[] = [
  {
    // git shows a text.
    showsPerson: false,
    decide: ({ headers }) => (headers.get('user-agent')?.startsWith('git/') ? 'text' : undefined),
  },
  {
    // htmx replaces all of the page.
    showsPerson: true,
    decide: ({ headers }) =>
      isHtmx(headers) && (headers.has('hx-boosted') || headers.has('hx-history-restore-request'))
        ? 'html'
        : undefined,
  },
  {
    // htmx and Unpoly put a part of a page into a page.
    showsPerson: false,
    decide: ({ headers }) => (isHtmx(headers) || headers.has('x-up-version') ? 'fragment' : undefined),
  },
  {
    // Livewire, Inertia and Symfony's live components lay the answer over the page of the site, whatever it is.
    showsPerson: false,
    decide: ({ headers, accepted }) =>
      headers.has('x-livewire') ||
      headers.has('x-inertia') ||
      accepted.some(({ name }) => name === 'application/vnd.live-component+html')
        ? 'html'
        : undefined,
  },
  {
    // Accept names a type that we have.
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
    // Sec-Fetch-Dest says what the browser makes of it.
    showsPerson: true,
    decide: ({ headers }) => {
      const destination = headers.get('sec-fetch-dest');
      if (destination === null) return undefined;
      if (DOCUMENTS.has(destination)) return 'html';
      return destination === 'empty' ? 'json' : 'text';
    },
  },
  {
    // A script fetches, or a program uploads what only programs do.
    showsPerson: false,
    decide: ({ headers }) => {
      const mode = headers.get('sec-fetch-mode');
      if ((mode !== null && mode !== 'navigate') || headers.has('x-requested-with')) return 'json';
      const type = mediaType(headers.get('content-type'));
      return formOf(type) === 'json' || PROGRAM_UPLOAD.test(type) ? 'json' : undefined;
    },
  },
  {
    // Accept names only types that we have not.
    showsPerson: false,
    decide: ({ accepted }) =>
      accepted.length > 0 && accepted.every(({ name }) => name !== '*/*') ? 'text' : undefined,
  },
  {
    // The origin's own error is of a type.
    showsPerson: false,
    decide: ({ originType }) => {
      const form = formOf(originType);
      if (form === 'html' || (form === 'json' && originType !== 'text/event-stream')) return form;
      return /^text\/|[/+]xml$/.test(originType) ? 'text' : undefined;
    },
  },
];

/**
 * Who asks. Never throws.
 * @param originType the `Content-Type` of the origin's own answer, where there is one
 * @returns the form for them, and whether a person reads it, in a window of a browser
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
