/** A page template becomes pages: rendered once per variant and isolate; per request only values are filled in. */
import Mustache from 'mustache';
import { contactParts, type Language, type LanguageTag } from './languages.ts';
import { INLINE_ELEMENT, asServed, type Token } from './tokens.ts';

/** The texts of a page in every language. */
export type Languages = Readonly<Record<LanguageTag, Language>>;

/** What decides which texts a page has. */
export interface PageVariant {
  readonly language: LanguageTag;
  /** Whether the request may have changed something: then there is a link back, in place of "Try again". */
  readonly unsafe: boolean;
}

/** What differs from request to request; what is undefined has no section on the page. */
export interface PageValues {
  readonly request_id: string;
  readonly site_name: string;
  readonly home_url: string;
  readonly back_url: string;
  readonly come_back: string | undefined;
  readonly support_url: string | undefined;
  readonly status_page_url: string | undefined;
  readonly status: string;
  readonly reason: string;
  readonly time: string;
  readonly time_iso: string;
}

/** A template with its languages. */
export interface Page {
  readonly languages: Languages;
  /**
   * The page as HTML, with every value escaped.
   * @throws Error where the template is not a Mustache template
   */
  render(variant: PageVariant, values: PageValues): string;
  /** The `Content-Security-Policy` of the page: nothing but its own inline style and script, by their hashes. */
  policy(): Promise<string>;
}

/** A page with its texts in place: literal HTML at even places, the name of a value at odd ones. */
type RenderedVariant = readonly string[];

/** Makes a page of a template: see `tokens`, and `checkPage` for what it may hold. Never throws. */
export function createPage(source: string, languages: Languages): Page {
  // The first failure prepares it: a Worker whose origin is well need not.
  let template: string | undefined;
  let policy: Promise<string> | undefined;
  // At most sixteen a language: every URL is a value.
  const rendered = new Map<string, RenderedVariant>();

  return {
    languages,
    render({ language, unsafe }, values) {
      const sections: Sections = {
        retry: !unsafe,
        come_back: values.come_back !== undefined,
        support: values.support_url !== undefined,
        status_page: values.status_page_url !== undefined,
      };
      const key = `${language} ${Object.values(sections).join(' ')}`;
      let parts = rendered.get(key);
      if (parts === undefined) {
        template ??= asServed(source);
        rendered.set(key, (parts = renderVariant(template, language, languages[language], sections)));
      }
      const filledIn: Readonly<Record<string, string | undefined>> = {
        ...values,
        support_address: addressOf(values.support_url ?? ''),
      };
      return parts.map((part, i) => (i % 2 === 0 ? part : escapeHtml(filledIn[part] ?? ''))).join('');
    },
    policy() {
      return (policy ??= policyOf((template ??= asServed(source))).catch((error) => {
        policy = undefined; // the next request tries again
        throw error;
      }));
    },
  };
}

type Sections = Readonly<Record<'retry' | 'come_back' | 'support' | 'status_page', boolean>>;

function renderVariant(
  template: string,
  language: LanguageTag,
  texts: Language,
  sections: Sections,
): RenderedVariant {
  const [before, link, after] = contactParts(texts);
  const view: Readonly<Record<Token, string | boolean>> = {
    ...placeholders,
    ...sections,
    come_back: sections.come_back && placeholders.come_back,
    language,
    direction: texts.dir,
    heading: texts.heading,
    explanation: sections.retry ? texts.explanation : texts.uncertain,
    contact_before: before,
    contact_link: link,
    contact_after: after,
    try_again: texts.tryAgain,
    back: texts.back,
    status_page_text: texts.statusPage,
    logged: texts.logged,
    quote: texts.quote,
    copy: texts.copy,
    copied: texts.copied,
    selected: texts.selected,
  };
  return Mustache.render(template, view, undefined, { escape: escapeHtml }).split(PLACEHOLDER);
}

// NUL can stand in no template: an HTML parser drops it.
const PLACEHOLDER = /\0(\w+)\0/;
const placeholders = {
  request_id: '\0request_id\0',
  site_name: '\0site_name\0',
  home_url: '\0home_url\0',
  back_url: '\0back_url\0',
  come_back: '\0come_back\0',
  support_url: '\0support_url\0',
  support_address: '\0support_address\0',
  status_page_url: '\0status_page_url\0',
  status: '\0status\0',
  reason: '\0reason\0',
  time: '\0time\0',
  time_iso: '\0time_iso\0',
} as const satisfies Record<keyof PageValues | 'support_address', string>;

/** A link as one would write it on paper: of `mailto:` and `tel:`, what to write to or to call. */
function addressOf(url: string): string {
  const [, address] = /^(?:mailto|tel):([^?]*)/i.exec(url) ?? [];
  return address ?? url;
}

/** For text and quoted attributes; Mustache's own would also write every / and = of a URL as an entity. */
export function escapeHtml(text: string): string {
  if (!/[&<>"']/.test(text)) return text;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

async function policyOf(template: string): Promise<string> {
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
