/** The tokens of a page template, and what each becomes. */
import { attempt } from '../untrusted.ts';
import { explanationOf } from './explanation.ts';
import { contactParts } from './languages.ts';
import type { PageFacts } from './page-facts.ts';

/** The value of a token, not yet escaped. As a section it is shown unless that is undefined, false or empty. */
export type Token = (facts: PageFacts) => string | boolean | undefined;

/** Every token by its name: `{{name}}` in a template, or a section `{{#name}} … {{/name}}`. */
export const tokens: Readonly<Record<string, Token>> = {
  request_id: ({ requestId }) => requestId,
  /** SITE_NAME, else the request's host. */
  site_name: ({ siteName }) => siteName,
  /** Where the site starts. */
  home_url: () => '/',
  /** The status code, such as 500. */
  status: ({ status }) => String(status),
  /** The status in English words, such as Internal Server Error. */
  reason: ({ reason }) => reason,
  /** When it failed, in UTC, for people. */
  time: ({ failedAt }) => utcText(failedAt),
  /** The same for the attribute `datetime`. */
  time_iso: ({ failedAt }) => failedAt.toISOString(),
  /** For the attribute `lang`. */
  language: ({ language }) => language,
  /** For the attribute `dir`. */
  direction: ({ texts }) => texts.dir,
  /** Something went wrong */
  heading: ({ texts }) => texts.heading,
  /**
   * The server was unable to complete your request. Please try again later.
   * Or: … in 10 minutes. After POST, PUT, PATCH and DELETE: … It may or may not have gone through.
   */
  explanation: explanationOf,
  /** Section: shown where the request can be repeated, inverted (`{{^retry}}`) where it may not. */
  retry: ({ isUnsafe }) => !isUnsafe,
  /** Try again */
  try_again: ({ texts }) => texts.tryAgain,
  /** Tried again at {time}. */
  tried_again: ({ texts }) => texts.triedAgain,
  /** The page of the same site that the visitor came from, else where the site starts. */
  back_url: ({ backUrl }) => backUrl,
  /** Go back */
  back: ({ texts }) => texts.back,
  /** Your browser may have kept what you entered. */
  entered: ({ texts }) => texts.entered,
  /** Section: shown where STATUS_PAGE_URL is set. */
  status_page: ({ statusPageUrl }) => statusPageUrl !== undefined,
  status_page_url: ({ statusPageUrl }) => statusPageUrl,
  /** Service status */
  status_page_text: ({ texts }) => texts.statusPage,
  /** Section: shown where SUPPORT_URL is set. */
  support: ({ supportUrl }) => supportUrl !== undefined,
  /** SUPPORT_URL, with the request ID in it. */
  support_url: ({ supportUrl }) => supportUrl,
  /** The mail address or telephone number in it. Also a section: shown where there is one. */
  support_address: ({ supportUrl }) => supportUrl && addressOf(supportUrl),
  /** If this problem persists, please */
  contact_before: ({ texts }) => contactParts(texts)[0],
  /** contact support */
  contact_link: ({ texts }) => contactParts(texts)[1],
  /** The rest of that sentence. */
  contact_after: ({ texts }) => contactParts(texts)[2],
  /** Server logs contain details of this error with request ID: */
  logged: ({ texts }) => texts.logged,
  /** Copy ID */
  copy: ({ texts }) => texts.copy,
  /** Copied */
  copied: ({ texts }) => texts.copied,
};

/** `2026-11-23 09:30:00 UTC` */
export function utcText(time: Date): string {
  const iso = time.toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/**
 * Whom to write to or to call, as one would write it on paper.
 * @param url of any scheme; only `mailto:` (RFC 6068) and `tel:` (RFC 3966) name somebody
 */
export function addressOf(url: string): string | undefined {
  const [, mail, phone] = /^(?:mailto:([^?]+)|tel:([^;?]+))/i.exec(url) ?? [];
  const encoded = mail ?? phone;
  if (encoded === undefined) return undefined;
  const address = attempt(() => decodeURIComponent(encoded)) ?? encoded;
  return /\p{C}/u.test(address) ? encoded : address;
}
