/** Renders pages from a template. Mustache runs once for each language and choice of sections. */
import Mustache from 'mustache';
import type { Language, LanguageTag } from './languages.ts';
import type { PageFacts } from './page-facts.ts';
import { INLINE_ELEMENT, asServed } from './template.ts';
import { isOfLanguage, tokens } from './tokens.ts';

/** The texts of a page in every language. */
export type Languages = Readonly<Record<LanguageTag, Language>>;

/** A template with its languages. */
export interface Page {
  readonly languages: Languages;
  /**
   * The page as HTML, with every value escaped.
   * @throws Error if the template is not a Mustache template
   */
  render(facts: PageFacts): string;
  /** The `Content-Security-Policy` of the page. It allows only the page's own inline style and script, by hashes. */
  policy(): Promise<string>;
}

/** Makes a page from a template. See `tokens` and `checkPage` for the allowed contents. Never throws. */
export function createPage(source: string, languages: Languages): Page {
  // Prepare the template at the first failure, so that a Worker with a healthy origin does no work.
  let template: string | undefined;
  let policy: Promise<string> | undefined;
  // The key is the language and the choice of sections, so that no value of a request can add an entry.
  const prepared = new Map<string, readonly Part[]>();

  return {
    languages,
    render(facts) {
      const values = requestTokens.map(([, token]) => token(facts));
      const sections = values.map((value) => (value ? '1' : '0')).join('');
      const key = facts.language + sections;
      let parts = prepared.get(key);
      if (parts === undefined) {
        template ??= asServed(source);
        prepared.set(key, (parts = prepare(template, facts)));
      }
      let html = '';
      for (const part of parts) html += typeof part === 'string' ? part : escapeHtml(String(values[part]));
      return html;
    },
    policy() {
      return (policy ??= policyOf((template ??= asServed(source))).catch((error) => {
        policy = undefined; // the next request tries again
        throw error;
      }));
    },
  };
}

const requestTokens = Object.entries(tokens).filter(([, token]) => !isOfLanguage(token));

/** Literal HTML, or the index of a token in `requestTokens`. */
type Part = string | number;

/** Renders everything but the values of the request: the texts of the language, and the sections that are shown. */
function prepare(template: string, facts: PageFacts): readonly Part[] {
  const view = Object.entries(tokens).map(([name, token]) => {
    const value = token(facts);
    if (!value) return [name, ''];
    const place = requestTokens.findIndex(([other]) => other === name);
    // Mark tokens with NUL. No template needs that character: an HTML parser drops it.
    return [name, place < 0 ? escapeHtml(String(value)) : `\0${place}\0`];
  });
  const html = Mustache.render(template, Object.fromEntries(view), undefined, { escape: String });
  return html.split(/\0(\d+)\0/).map((part, i) => (i % 2 === 0 ? part : Number(part)));
}

/** Escapes text and quoted attributes. Mustache's own function would also escape every / and = of a URL. */
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
