/** The page as visitors get it, for tests of its HTML. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPage } from '../../src/page/create-page.ts';
import { isLanguageTag, languages } from '../../src/page/languages.ts';
import type { PageFacts } from '../../src/page/page-facts.ts';

/** The text of src/page/page.html. */
export const template = readFileSync(join(import.meta.dirname, '../../src/page/page.html'), 'utf8');

/** The page that src/page/page.ts makes of page.html. */
export const page = createPage(template, languages);

/** The tags of all languages of the page. */
export const languageTags = Object.keys(languages).filter(isLanguageTag);

/** Facts after a GET, as the Worker finds them. The long mail link is made from a mail address. */
export const sampleFacts: PageFacts = {
  status: 500,
  reason: 'Internal Server Error',
  language: 'en',
  texts: languages.en,
  requestId: '0199c3f2-7a4e-7c1d-9b3a-52d0f1e86a47',
  siteName: 'shop.example',
  supportUrl:
    'mailto:support@shop.example?subject=shop.example%3A%200199c3f2-7a4e-7c1d-9b3a-52d0f1e86a47' +
    '&body=%0D%0A%0D%0Ashop.example%0D%0A0199c3f2-7a4e-7c1d-9b3a-52d0f1e86a47%0D%0A',
  statusPageUrl: 'https://status.shop.example',
  failedAt: new Date('2026-11-23T09:30:00Z'),
  isUnsafe: false,
  isRetryable: true,
  backUrl: 'https://shop.example/cart',
  retryAfter: 600,
};

/** Facts for every combination of the page's sections. */
export const sectionVariants: readonly Partial<PageFacts>[] = [true, false].flatMap((isUnsafe) =>
  [sampleFacts.supportUrl, undefined].flatMap((supportUrl) =>
    [600, undefined].flatMap((retryAfter) =>
      ['https://status.shop.example/?from=error&lang=x', undefined].map((statusPageUrl) => ({
        isUnsafe,
        supportUrl,
        retryAfter,
        statusPageUrl,
      })),
    ),
  ),
);

/** The page of the sample facts, with some of them replaced. In another language its texts are replaced, too. */
export function samplePage(facts: Partial<PageFacts> = {}): string {
  const texts = languages[facts.language ?? 'en'];
  return page.render({ ...sampleFacts, texts, ...facts });
}
