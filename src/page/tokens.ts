/** The tokens of a page template, and the value of each. */
import { attempt } from '../untrusted.ts';
import { explanationOf } from './explanation.ts';
import { contactParts, type Language } from './languages.ts';
import type { PageFacts } from './page-facts.ts';

/** Gives the unescaped value of a token. A section is hidden if its value is undefined, false or empty. */
export type Token = (facts: PageFacts) => string | boolean | undefined;

const ofLanguage = new WeakSet<Token>();

/** Makes a token whose value is the same for every failure in a language. A page computes it once. */
function text(read: (texts: Language) => string | undefined): Token {
  const token: Token = ({ texts }) => read(texts);
  ofLanguage.add(token);
  return token;
}

/** True if the value of a token depends only on the language. */
export function isOfLanguage(token: Token): boolean {
  return ofLanguage.has(token);
}

/** Every token by its name: `{{name}}` in a template, or a section `{{#name}} … {{/name}}`. */
export const tokens: Readonly<Record<string, Token>> = {
  request_id: ({ requestId }) => requestId,
  /** SITE_NAME, else the request's host. */
  site_name: ({ siteName }) => siteName,
  /** The start page of the site. */
  home_url: () => '/',
  /** The status code, such as 500. */
  status: ({ status }) => String(status),
  /** The status in English words, such as Internal Server Error. */
  reason: ({ reason }) => reason,
  /** The time of the failure in UTC, for people. */
  time: ({ failedAt }) => utcText(failedAt),
  /** The time of the failure for the attribute `datetime`. */
  time_iso: ({ failedAt }) => failedAt.toISOString(),
  /** The language tag for the attribute `lang`. */
  language: ({ language }) => language,
  /** The direction of the text for the attribute `dir`. */
  direction: text((texts) => texts.dir),
  /** Something went wrong */
  heading: text((texts) => texts.heading),
  /**
   * The server was unable to complete your request. Please try again later.
   * Or: … in 10 minutes. After POST, PUT, PATCH and DELETE: … It may or may not have gone through.
   */
  explanation: explanationOf,
  /** A section that is shown if the request can be repeated. The inverted `{{^retry}}` is shown if not. */
  retry: ({ isUnsafe }) => !isUnsafe,
  /** Try again */
  try_again: text((texts) => texts.tryAgain),
  /** Tried again at {time}. */
  tried_again: text((texts) => texts.triedAgain),
  /** The page that the visitor came from, if it is on the same site, else the start page. */
  back_url: ({ backUrl }) => backUrl,
  /** Go back */
  back: text((texts) => texts.back),
  /** Your browser may have kept what you entered. */
  entered: text((texts) => texts.entered),
  /** A section that is shown if STATUS_PAGE_URL is set. */
  status_page: ({ statusPageUrl }) => statusPageUrl !== undefined,
  status_page_url: ({ statusPageUrl }) => statusPageUrl,
  /** Service status */
  status_page_text: text((texts) => texts.statusPage),
  /** A section that is shown if SUPPORT_URL is set. */
  support: ({ supportUrl }) => supportUrl !== undefined,
  /** SUPPORT_URL, with the request ID in it. */
  support_url: ({ supportUrl }) => supportUrl,
  /** The mail address or telephone number in SUPPORT_URL. As a section it is shown if there is one. */
  support_address: ({ supportUrl }) => supportUrl && addressOf(supportUrl),
  /** If this problem persists, please */
  contact_before: text((texts) => contactParts(texts)[0]),
  /** contact support */
  contact_link: text((texts) => contactParts(texts)[1]),
  /** The rest of the sentence about support. */
  contact_after: text((texts) => contactParts(texts)[2]),
  /** Server logs contain details of this error with request ID: */
  logged: text((texts) => texts.logged),
  /** Copy ID */
  copy: text((texts) => texts.copy),
  /** Copied */
  copied: text((texts) => texts.copied),
};

/** The time in UTC, such as `2026-11-23 09:30:00 UTC`. */
export function utcText(time: Date): string {
  const iso = time.toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/**
 * The mail address or telephone number in a link, as people write it on paper.
 * @param url a URL of any scheme. Only `mailto:` (RFC 6068) and `tel:` (RFC 3966) have an address
 */
export function addressOf(url: string): string | undefined {
  const [, mail, phone] = /^(?:mailto:([^?]+)|tel:([^;?]+))/i.exec(url) ?? [];
  const encoded = mail ?? phone;
  if (encoded === undefined) return undefined;
  const address = attempt(() => decodeURIComponent(encoded)) ?? encoded;
  return /\p{C}/u.test(address) ? encoded : address;
}
