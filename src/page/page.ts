/** The page: page.html, rendered once per language and isolate; only what differs per request is filled in. */
import Mustache from 'mustache';
import { languages, type Language, type LanguageTag } from './languages.ts';
import source from './page.html';
import { INLINE_ELEMENT, withoutComments } from './tokens.ts';

/** What decides which texts and sections the page has. */
export interface PageVariant {
  readonly language: LanguageTag;
  /** Whether the request may have changed something: then a link back is offered, not "Try again". */
  readonly unsafe: boolean;
  /** Whether there is a link to support. */
  readonly support: boolean;
  readonly statusPageUrl: string | undefined;
  /** Whether it is known when to come back. */
  readonly comeBack: boolean;
}

/** What differs from request to request. */
export type PageValues = Readonly<Record<(typeof perRequest)[number], string>>;

export const perRequest = [
  'request_id',
  'site_name',
  'home_url',
  'back_url',
  'come_back',
  'support_url',
  'status',
  'reason',
  'time',
  'time_iso',
] as const;

/** A page with its texts in place: literal HTML at even places, the name of a value at odd ones. */
type RenderedVariant = readonly string[];

const template = withoutComments(source);
const rendered = new Map<string, RenderedVariant>();

/**
 * The page as HTML, with every value escaped.
 * @throws Error where page.html is not a Mustache template
 */
export function renderPage(variant: PageVariant, values: PageValues): string {
  const key = `${variant.language} ${variant.unsafe} ${variant.support} ${variant.statusPageUrl}`;
  let parts = rendered.get(key);
  if (parts === undefined) rendered.set(key, (parts = renderVariant(variant)));
  const escaped = new Map<string, string>(perRequest.map((name) => [name, escapeHtml(values[name])]));
  return parts.map((part, i) => (i % 2 === 0 ? part : escaped.get(part))).join('');
}

function renderVariant({ language, unsafe, support, statusPageUrl }: PageVariant): RenderedVariant {
  const texts: Language = languages[language];
  const [before = '', link = '', after = ''] = texts.contact.split(/[[\]]/);
  const view: Readonly<Record<string, string | boolean>> = {
    ...placeholders,
    language,
    direction: texts.dir,
    heading: texts.heading,
    explanation: texts.explanation,
    support,
    contact_before: before,
    contact_link: link,
    contact_after: after,
    links: !unsafe || statusPageUrl !== undefined,
    retry: !unsafe,
    try_again: texts.tryAgain,
    status_page: statusPageUrl !== undefined,
    status_page_url: statusPageUrl ?? '',
    status_page_text: texts.statusPage,
    logged: texts.logged,
    copy: texts.copy,
    copied: texts.copied,
  };
  return Mustache.render(template, view, undefined, { escape: escapeHtml }).split(PLACEHOLDER);
}

// NUL can stand in no template: an HTML parser drops it.
const PLACEHOLDER = /\0(\w+)\0/;
const placeholders: PageValues = {
  request_id: '\0request_id\0',
  home_url: '\0home_url\0',
  back_url: '\0back_url\0',
  come_back: '\0come_back\0',
  site_name: '\0site_name\0',
  support_url: '\0support_url\0',
  status: '\0status\0',
  reason: '\0reason\0',
  time: '\0time\0',
  time_iso: '\0time_iso\0',
};

/** For text and quoted attributes; Mustache's own would also write every / and = of a URL as an entity. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

let policy: Promise<string> | undefined;

/** The `Content-Security-Policy` of the page: nothing but its own inline style and script, by their hashes. */
export function contentSecurityPolicy(): Promise<string> {
  return (policy ??= createPolicy().catch((error) => {
    policy = undefined; // the next request tries again
    throw error;
  }));
}

async function createPolicy(): Promise<string> {
  const sources: Record<string, string[]> = { style: [], script: [] };
  for (const [, element = '', content = ''] of template.matchAll(INLINE_ELEMENT)) {
    sources[element]?.push(await hashSource(content));
  }
  const directives = Object.entries(sources).map(
    ([element, hashes]) => `${element}-src ${hashes.length > 0 ? hashes.join(' ') : "'none'"}`,
  );
  return `default-src 'none'; ${directives.join('; ')}; img-src data:; base-uri 'none'; form-action 'none'`;
}

/** https://www.w3.org/TR/CSP3/#grammardef-hash-source */
async function hashSource(content: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content));
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
}

/** A page template with its languages. */
export interface Page {
  readonly languages: Readonly<Record<LanguageTag, Language>>;
  render(variant: PageVariant, values: PageValues): string;
  policy(): Promise<string>;
}

/** The page of this product. */
export const page: Page = { languages, render: renderPage, policy: contentSecurityPolicy };
