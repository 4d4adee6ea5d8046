/** Every page that a template can become, as visitors would get it. */
import { forms } from '../../answer/forms.ts';
import { lastResort } from '../../answer/last-resort.ts';
import { createPage } from '../../page/create-page.ts';
import { languages, type LanguageTag } from '../../page/languages.ts';
import type { Settings } from '../../settings.ts';

/** An answer to look at. */
export interface Sample {
  readonly form: 'page' | 'fragment' | 'last resort';
  readonly language: LanguageTag;
  readonly method: 'GET' | 'POST';
  /** Whether there are links to support and to the status page. */
  readonly links: boolean;
  readonly html: string;
  /** How large it is, in bytes. */
  readonly size: number;
}

const REQUEST_ID = '01KAS0Z5G1J8T0N6QH3V9W2XYB';
const RETRY_AFTER_SECONDS = 600;
const tags = Object.keys(languages).filter((tag): tag is LanguageTag => tag in languages);

/**
 * Renders a template in every language, after GET and POST, with and without links, and the forms beside it.
 * @param settings what they say is shown; links that they do not name are made up
 * @throws Error where the template is not a Mustache template
 */
export async function samplesOf(template: string, settings: Settings): Promise<Sample[]> {
  const page = createPage(template, languages);
  const policy = `<meta http-equiv="Content-Security-Policy" content="${await page.policy()}">`;
  const facts = {
    status: 500,
    reason: 'Internal Server Error',
    requestId: REQUEST_ID,
    siteName: settings.SITE_NAME ?? 'shop.example',
    failedAt: new Date(),
    backUrl: '/',
  };
  const samples = tags.flatMap((language) =>
    (['GET', 'POST'] as const).flatMap((method) =>
      [true, false].flatMap((links) => {
        const supportUrl = links ? (settings.SUPPORT_URL ?? 'mailto:support@shop.example') : undefined;
        const all = {
          ...facts,
          language,
          texts: languages[language],
          isUnsafe: method === 'POST',
          isRetryable: method === 'GET',
          retryAfter: links ? RETRY_AFTER_SECONDS : undefined,
          supportUrl: supportUrl?.replaceAll('{request_id}', REQUEST_ID).replaceAll('{host}', 'shop.example'),
          statusPageUrl: links ? (settings.STATUS_PAGE_URL ?? 'https://status.shop.example') : undefined,
        };
        const html = forms.html.write(all, page);
        const fragment = forms.fragment.write(all, page);
        return [
          { form: 'page', language, method, links, html: withPolicy(html, policy), size: sizeOf(html) },
          { form: 'fragment', language, method, links, html: fragment, size: sizeOf(fragment) },
        ] as const;
      }),
    ),
  );
  const html = await lastResort(REQUEST_ID).text();
  const bare = { form: 'last resort', language: 'en', links: false, html, size: sizeOf(html) } as const;
  return [...samples, { ...bare, method: 'GET' }, { ...bare, method: 'POST' }];
}

/** What the header would say, in the page: so that what it forbids does not work here either. */
function withPolicy(html: string, policy: string): string {
  return html.replace(/<head>|<!doctype html>/i, `$&${policy}`);
}

function sizeOf(html: string): number {
  return new TextEncoder().encode(html).length;
}
