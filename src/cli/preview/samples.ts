/** Makes every answer of a template as visitors would get it, with the Worker's own code. */
import { factsOf } from '../../answer/facts.ts';
import { forms } from '../../answer/forms.ts';
import { lastResort } from '../../answer/last-resort.ts';
import { incidentOf } from '../../incident.ts';
import { createPage } from '../../page/create-page.ts';
import { isLanguageTag, languages } from '../../page/languages.ts';
import { newRequestId } from '../../request-id.ts';
import type { Settings } from '../../settings.ts';

const HOST = 'www.harbour-lane-books.example';

/** The failed requests that differ in the texts of the answer, and the headers that are kept of the origin's. */
const OCCASIONS: Readonly<Record<string, { method: string; kept: Record<string, string> }>> = {
  'after GET': { method: 'GET', kept: {} },
  'after GET, with Retry-After': { method: 'GET', kept: { 'Retry-After': '600' } },
  'after POST': { method: 'POST', kept: {} },
};

/** The names of a site, in place of its own settings or where it has none. */
const SITES: Readonly<Record<string, (own: Settings) => Partial<Settings>>> = {
  'usual names': ({
    SITE_NAME = 'Harbour Lane Books',
    SUPPORT_URL = 'mailto:help@harbour-lane-books.example',
    STATUS_PAGE_URL = 'https://status.harbour-lane-books.example',
  }) => ({ SITE_NAME, SUPPORT_URL, STATUS_PAGE_URL }),
  'long names': () => ({
    SITE_NAME:
      'Rechtsschutzversicherungsgesellschaften Musterstadt und Umgebung, Kundenportal und Verwaltung (Test)',
    SUPPORT_URL: `mailto:customer-service.department+orders@support.${HOST}`,
    STATUS_PAGE_URL: `https://status.${HOST}`,
  }),
  'no settings': () => ({ SITE_NAME: undefined, SUPPORT_URL: undefined, STATUS_PAGE_URL: undefined }),
};

const LAST_RESORT = 'last resort';

/** The choices among the samples. */
export const choices = {
  form: [...Object.keys(forms), LAST_RESORT],
  occasion: Object.keys(OCCASIONS),
  site: Object.keys(SITES),
};

/** An answer to look at. */
export interface Sample extends Readonly<Record<keyof typeof choices | 'language' | 'mediaType', string>> {
  readonly body: string;
  /** Its size in bytes, without the parts that the preview adds. */
  readonly size: number;
}

/**
 * Makes the answers in every language.
 * @param settings SITE_NAME, SUPPORT_URL and STATUS_PAGE_URL are used as the usual names if they are set
 * @throws Error if the template is not a Mustache template
 */
export async function samplesOf(template: string, settings: Settings): Promise<Sample[]> {
  const page = createPage(template, languages);
  const policy = `<meta http-equiv="Content-Security-Policy" content="${await page.policy()}">`;
  const requestId = newRequestId();
  const resort = await lastResort(requestId).text();
  return Object.entries(OCCASIONS).flatMap(([occasion, { method, kept }]) =>
    Object.entries(SITES).flatMap(([site, namesOf]) => {
      const request = new Request(`https://${HOST}/`, { method });
      const named = { ...settings, ...namesOf(settings) };
      const incident = incidentOf(request, requestId, named, { kind: 'drill' }, Date.now());
      const sampleOf = (form: string, language: string, mediaType: string, body: string): Sample => ({
        form,
        language,
        occasion,
        site,
        mediaType,
        // Put the policy of the header into the page, so that it forbids the same here.
        body: form === 'html' ? body.replace(/<head>|<!doctype html>/i, `$&${policy}`) : body,
        size: Buffer.byteLength(body),
      });
      const samples = Object.keys(languages)
        .filter(isLanguageTag)
        .flatMap((language) => {
          const facts = factsOf(incident, 500, language, languages[language], kept);
          return Object.entries(forms).map(([form, { mediaType, write }]) =>
            sampleOf(form, language, mediaType(request.headers), write(facts, page)),
          );
        });
      return [...samples, sampleOf(LAST_RESORT, 'en', 'text/html', resort)];
    }),
  );
}
