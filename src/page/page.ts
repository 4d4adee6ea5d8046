/** The page of this product. */
import { createPage, type Page } from './create-page.ts';
import { isLanguageTag, languages, type Language, type LanguageTag } from './languages.ts';
import source from './page.html';

/** What an application may have otherwise on its page. */
export interface PageOptions {
  /** A Mustache template with the tokens of page.html. */
  readonly template?: string;
  /** Other texts, by language: of a language, those that are given. */
  readonly languages?: { readonly [Tag in LanguageTag]?: Partial<Language> };
}

/** The page with another template or other texts. Never throws. */
export function pageWith({ template = source, languages: others = {} }: PageOptions): Page {
  const texts = Object.entries<Partial<Language> | undefined>(others);
  const changed = Object.fromEntries(
    texts.flatMap(([tag, text]) => (isLanguageTag(tag) ? [[tag, { ...languages[tag], ...text }]] : [])),
  );
  return createPage(template, { ...languages, ...changed });
}
