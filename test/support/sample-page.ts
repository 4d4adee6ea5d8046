/** The page as a visitor may get it, for the tests that look at its HTML. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPage, type PageValues, type PageVariant } from '../../src/page/create-page.ts';
import { isLanguageTag, languages } from '../../src/page/languages.ts';

/** src/page/page.html. */
export const template = readFileSync(join(import.meta.dirname, '../../src/page/page.html'), 'utf8');

/** The page that src/page/page.ts makes of it. */
export const page = createPage(template, languages);

/** The tags of all languages of the page. */
export const languageTags = Object.keys(languages).filter(isLanguageTag);

/** Values as the Worker fills them in, with the long mail link that it makes of a mail address. */
export const sampleValues: PageValues = {
  request_id: '01KAS0Z5G1J8T0N6QH3V9W2XYB',
  site_name: 'shop.example',
  home_url: '/',
  back_url: 'https://shop.example/cart',
  come_back: 'Please come back in about 10 minutes.',
  support_url:
    'mailto:support@shop.example?subject=shop.example%3A%2001KAS0Z5G1J8T0N6QH3V9W2XYB' +
    '&body=%0D%0A%0D%0ARequest%20ID%3A%2001KAS0Z5G1J8T0N6QH3V9W2XYB%0D%0ASite%3A%20shop.example%0D%0A',
  status_page_url: 'https://status.shop.example',
  status: '500',
  reason: 'Internal Server Error',
  time: '2026-11-23 09:30:00 UTC',
  time_iso: '2026-11-23T09:30:00.000Z',
};

/** Every combination of the sections that a page can have. */
export const sectionVariants: readonly { readonly unsafe: boolean; readonly values: Partial<PageValues> }[] =
  [true, false].flatMap((unsafe) =>
    [sampleValues.support_url, undefined].flatMap((support_url) =>
      [sampleValues.come_back, undefined].flatMap((come_back) =>
        ['https://status.shop.example/?from=error&lang=x', undefined].map((status_page_url) => ({
          unsafe,
          values: { support_url, come_back, status_page_url },
        })),
      ),
    ),
  );

/** A page in English, after GET. */
export const sampleVariant: PageVariant = { language: 'en', unsafe: false };

/** The page with all its sections, unless told otherwise. */
export function samplePage(variant: Partial<PageVariant> = {}, values: Partial<PageValues> = {}): string {
  return page.render({ ...sampleVariant, ...variant }, { ...sampleValues, ...values });
}
