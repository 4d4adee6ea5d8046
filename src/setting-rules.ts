/** What each setting may be, and what is used where it is unset or bad. */
import { languageOf } from './negotiate.ts';
import type { LanguageTag } from './page/languages.ts';

/** A value, or what is wrong with it: the end of a sentence that starts with the value. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

/** What a setting may be. */
export interface SettingRule<T> {
  /** What is allowed, in words. */
  readonly allowed: string;
  /** What is used where it is unset or bad. */
  readonly fallback: T;
  /** The fallback in words, where it says nothing by itself. */
  readonly fallbackText?: string;
  /** @param text without white space around it, and not empty */
  parse(text: string): Parsed<T>;
}

const CONTROL_CHARACTERS = /\p{Cc}/u;
const MAXIMUM_URL_LENGTH = 2000;
const MAXIMUM_HOST_LENGTH = 253;

/** One of a few words; the first is the default. */
function oneOf<const T extends string>(fallback: T, ...others: readonly T[]): SettingRule<T> {
  const values = [fallback, ...others];
  return {
    allowed: values.map((value) => `"${value}"`).join(' or '),
    fallback,
    parse(text) {
      const value = values.find((candidate) => candidate === text.toLowerCase());
      return value === undefined ? { problem: 'is not one of the allowed values' } : { value };
    },
  };
}

function wholeNumber(unit: string, maximum: number): SettingRule<number> {
  return {
    allowed: `a whole number of ${unit} from 0 to ${maximum}`,
    fallback: 0,
    parse(text) {
      if (!/^\d+$/.test(text)) return { problem: 'is not a whole number' };
      return Number(text) > maximum ? { problem: `is above ${maximum}` } : { value: Number(text) };
    },
  };
}

/** A link on the page: `prefix` is what it may begin with. */
function link(allowed: string, prefix: RegExp, fallbackText: string): SettingRule<string | undefined> {
  return {
    allowed: `${allowed}, up to ${MAXIMUM_URL_LENGTH} characters`,
    fallback: undefined,
    fallbackText,
    parse(text) {
      if (text.length > MAXIMUM_URL_LENGTH) return { problem: `has ${text.length} characters` };
      if (CONTROL_CHARACTERS.test(text)) return { problem: 'holds control characters' };
      if (URL.parse(text) === null) return { problem: 'is not a URL' };
      return prefix.test(text) ? { value: text } : { problem: 'begins with nothing that is allowed' };
    },
  };
}

const originUrl: SettingRule<string | undefined> = {
  allowed: 'http:// or https://, a host and, where needed, a port',
  fallback: undefined,
  fallbackText: 'the URL of each request, which on a route is the site behind it',
  parse(text) {
    const url = URL.parse(text);
    if (url === null) return { problem: 'is not a URL' };
    if (!/^https?:$/.test(url.protocol)) return { problem: `has the scheme ${url.protocol}` };
    if (url.hostname.length > MAXIMUM_HOST_LENGTH) {
      return { problem: `has a host of ${url.hostname.length} characters` };
    }
    if (url.username || url.password) return { problem: 'holds a user name or password' };
    if (url.pathname !== '/') return { problem: `has the path ${url.pathname}` };
    if (url.search || url.hash) return { problem: 'has a query or fragment' };
    return { value: url.origin };
  },
};

const siteName: SettingRule<string | undefined> = {
  allowed: 'up to 100 characters of text',
  fallback: undefined,
  fallbackText: "the request's host",
  parse(text) {
    if ([...text].length > 100) return { problem: `has ${[...text].length} characters` };
    return CONTROL_CHARACTERS.test(text) ? { problem: 'holds control characters' } : { value: text };
  },
};

const defaultLanguage: SettingRule<LanguageTag> = {
  allowed: 'a language of the page, such as "en", "de" or "pt-BR" (see src/page/languages.ts)',
  fallback: 'en',
  parse(text) {
    const value = languageOf(text);
    return value === undefined ? { problem: 'is not a language of the page' } : { value };
  },
};

/** The rule of every setting, in the order of the documentation. */
export const settingRules = {
  ORIGIN_URL: originUrl,
  ORIGIN_TIMEOUT_MS: wholeNumber('milliseconds', 600_000),
  SITE_NAME: siteName,
  SUPPORT_URL: link(
    'https://…, http://…, mailto:… or tel:…, with {request_id} anywhere in it',
    /^(?:https?:\/\/|mailto:.|tel:.)/i,
    'no support link',
  ),
  STATUS_PAGE_URL: link('https://… or http://…', /^https?:\/\//i, 'no link to a status page'),
  ERROR_STATUS: oneOf('500', 'origin'),
  INTERCEPT: oneOf('all', 'pages'),
  DEFAULT_LANGUAGE: defaultLanguage,
  TRUST_REQUEST_ID: oneOf('false', 'true'),
  LOG_ORIGIN_BODY_BYTES: wholeNumber('bytes', 8192),
} satisfies Record<string, SettingRule<unknown>>;
