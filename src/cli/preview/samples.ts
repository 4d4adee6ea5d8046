/** Makes every answer of a template as visitors would get it, with the Worker's own code. */
import { forms } from '../../answer/forms.ts';
import { lastResort } from '../../answer/last-resort.ts';
import { supportLink, withHost } from '../../answer/site-links.ts';
import type { Form } from '../../answer/who-asks.ts';
import { createPage } from '../../page/create-page.ts';
import { isLanguageTag, languages, type LanguageTag } from '../../page/languages.ts';
import type { PageFacts } from '../../page/page-facts.ts';
import { newRequestId } from '../../request-id.ts';
import type { Settings } from '../../settings.ts';

/** The kinds of failed requests that differ in the texts of the answer. */
export const occasions = ['GET', 'GET, with Retry-After', 'POST'] as const;

/** The settings of the site: a usual name and usual links, the longest ones, or none. */
export const sites = ['usual names', 'long names', 'no settings'] as const;

/** The forms in the order of their use, and the last-resort page. */
export const shownForms = [
  'html',
  'fragment',
  'json',
  'markdown',
  'text',
  'last resort',
] as const satisfies readonly (Form | 'last resort')[];

/** An answer to look at. */
export interface Sample {
  readonly form: (typeof shownForms)[number];
  readonly language: LanguageTag;
  readonly occasion: (typeof occasions)[number];
  readonly site: (typeof sites)[number];
  readonly mediaType: string;
  readonly body: string;
  /** Its size in bytes, without the parts that the preview adds. */
  readonly size: number;
}

const HOST = 'www.harbour-lane-books.example';
const LONG_NAME =
  'Rechtsschutzversicherungsgesellschaften Musterstadt und Umgebung, Kundenportal und Verwaltung (Test)';
const LONG_MAIL = `mailto:customer-service.department+orders@support.${HOST}`;

/**
 * Makes the answers in every language.
 * @param settings SITE_NAME, SUPPORT_URL and STATUS_PAGE_URL are used as the usual names if they are set
 * @throws Error if the template is not a Mustache template
 */
export async function samplesOf(template: string, settings: Settings): Promise<Sample[]> {
  const page = createPage(template, languages);
  const policy = `<meta http-equiv="Content-Security-Policy" content="${await page.policy()}">`;
  const requestId = newRequestId();
  const answers = Object.keys(languages)
    .filter(isLanguageTag)
    .flatMap((language) =>
      occasions.flatMap((occasion) =>
        sites.map((site) => ({ language, occasion, site, settings: settingsOf(site, settings) })),
      ),
    );
  const samples = answers.flatMap(({ language, occasion, site, settings }) => {
    const { SITE_NAME, SUPPORT_URL, STATUS_PAGE_URL } = settings;
    const isUnsafe = occasion === 'POST';
    const facts: PageFacts = {
      status: 500,
      reason: 'Internal Server Error',
      language,
      texts: languages[language],
      requestId,
      siteName: SITE_NAME ?? HOST,
      supportUrl: SUPPORT_URL && supportLink(SUPPORT_URL, requestId, HOST),
      statusPageUrl: STATUS_PAGE_URL && withHost(STATUS_PAGE_URL, HOST),
      failedAt: new Date(),
      isUnsafe,
      isRetryable: !isUnsafe,
      backUrl: '/',
      retryAfter: occasion.includes('Retry-After') ? 600 : undefined,
    };
    return Object.entries(forms).map(([name, form]) => {
      const body = form.write(facts, page);
      return {
        form: shownForms.find((shown) => shown === name) ?? 'html',
        language,
        occasion,
        site,
        mediaType: form.mediaType(new Headers()),
        // Put the policy of the header into the page, so that it forbids the same here.
        body: name === 'html' ? body.replace(/<head>|<!doctype html>/i, `$&${policy}`) : body,
        size: sizeOf(body),
      };
    });
  });
  const body = await lastResort(requestId).text();
  const last = {
    form: 'last resort',
    language: 'en',
    mediaType: 'text/html',
    body,
    size: sizeOf(body),
  } as const;
  const everywhere = occasions.flatMap((occasion) => sites.map((site) => ({ ...last, occasion, site })));
  return [...samples, ...everywhere];
}

function settingsOf(site: Sample['site'], settings: Settings): Settings {
  if (site === 'no settings')
    return { ...settings, SITE_NAME: undefined, SUPPORT_URL: undefined, STATUS_PAGE_URL: undefined };
  if (site === 'long names')
    return {
      ...settings,
      SITE_NAME: LONG_NAME,
      SUPPORT_URL: LONG_MAIL,
      STATUS_PAGE_URL: `https://status.${HOST}`,
    };
  return {
    ...settings,
    SITE_NAME: settings.SITE_NAME ?? 'Harbour Lane Books',
    SUPPORT_URL: settings.SUPPORT_URL ?? 'mailto:help@harbour-lane-books.example',
    STATUS_PAGE_URL: settings.STATUS_PAGE_URL ?? 'https://status.harbour-lane-books.example',
  };
}

function sizeOf(body: string): number {
  return new TextEncoder().encode(body).length;
}
