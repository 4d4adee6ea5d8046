/** Makes the page of this product, with the template and texts of the operator if there are any. */
import { createPage, type Page } from './create-page.ts';
import { isLanguageTag, languages, type Language, type LanguageTag } from './languages.ts';
import source from './page.html';

/** The parts of the page that an application may replace. */
export interface PageOptions {
  /** A Mustache template with the tokens of page.html. */
  readonly template?: string;
  /** Your own texts, by language. Texts that you leave out stay as they are. */
  readonly languages?: { readonly [Tag in LanguageTag]?: Partial<Language> };
}

/** Makes the page with another template or other texts. Never throws. */
export function pageWith({ template = source, languages: others = {} }: PageOptions): Page {
  const texts = Object.entries<Partial<Language> | undefined>(others);
  const changed = Object.fromEntries(
    texts.flatMap(([tag, text]) => (isLanguageTag(tag) ? [[tag, { ...languages[tag], ...text }]] : [])),
  );
  return createPage(template, { ...languages, ...changed });
}
