/** The page of this product. */
import { createPage } from './create-page.ts';
import { languages } from './languages.ts';
import source from './page.html';

/** page.html in all languages. */
export const page = createPage(source, languages);
