/** The table of settings: meaning, allowed values and default of each. The types follow from it. */
import type { LanguageTag } from './page/languages.ts';
import { languageOf } from './page/language-of.ts';

/** A value, or its fault: the end of a sentence that starts with the value. */
export type Parsed<Value> = { readonly value: Value } | { readonly problem: string };

/** The part of the product that a setting is about. */
export type Subject = 'origin' | 'page' | 'answer';

/** The rule of a setting: a row of the table. */
export interface SettingRule<Value, Input> {
  readonly about: Subject;
  /** Its purpose, in one line. */
  readonly meaning: string;
  /** The allowed values, in words. */
  readonly allowed: string;
  /** The value that is used if the setting is unset or bad. */
  readonly fallback: Value;
  /** The fallback in words, if the value alone says nothing. */
  readonly fallbackText?: string;
  /** An allowed value. Its type is the type that an operator may write. */
  readonly example: Input;
  /** True if the value may be a list of texts. */
  readonly takesList?: true;
  /** True for a secret: set it with `wrangler secret put`, never in `[vars]`. Its value is never shown. */
  readonly isSecret?: true;
  /** @param text a text that is not empty and has no white space around it */
  parse(text: string): Parsed<Value>;
}

const CONTROL_CHARACTERS = /\p{Cc}/u;
const MAXIMUM_URL_LENGTH = 2000;
const MAXIMUM_HOST_LENGTH = 253;
// Nobody writes a longer list by hand.
const MAXIMUM_ORIGINS = 100;

const rules = {
  ORIGIN_URL: setting<string | undefined, string>({
    about: 'origin',
    meaning: 'where to send requests when the Worker is not on a route',
    allowed: 'http:// or https://, a host and, where needed, a port',
    fallback: undefined,
    fallbackText: 'the URL of each request, which on a route is the site behind it',
    example: 'https://origin.shop.example',
    parse: parseOrigin,
  }),
  ORIGIN_TIMEOUT_MS: wholeNumber(
    'origin',
    "milliseconds until the origin's response headers; 0 is no limit",
    'milliseconds',
    600_000,
  ),
  SITE_NAME: setting<string | undefined, string | number>({
    about: 'page',
    meaning: 'the name on the page',
    allowed: 'up to 100 characters of text',
    fallback: undefined,
    fallbackText: "the request's host",
    example: 'Shop',
    parse(text) {
      if ([...text].length > 100) return { problem: `has ${[...text].length} characters` };
      return CONTROL_CHARACTERS.test(text) ? { problem: 'holds control characters' } : { value: text };
    },
  }),
  SUPPORT_URL: setting<string | undefined, string>({
    about: 'page',
    meaning: 'where "contact support" leads',
    allowed: `https://…, http://…, mailto:… or tel:…, with {request_id} and {host} anywhere in it, up to ${MAXIMUM_URL_LENGTH} characters`,
    fallback: undefined,
    fallbackText: 'no support link',
    example: 'https://shop.example/help?ref={request_id}',
    parse: (text) => parseLink(text, /^(?:https?:\/\/|mailto:.|tel:.)/i),
  }),
  STATUS_PAGE_URL: setting<string | undefined, string>({
    about: 'page',
    meaning: "the site's status page",
    allowed: `https://… or http://…, with {host} anywhere in it, up to ${MAXIMUM_URL_LENGTH} characters`,
    fallback: undefined,
    fallbackText: 'no link to a status page',
    example: 'https://status.shop.example',
    parse: (text) => parseLink(text, /^https?:\/\//i),
  }),
  ERROR_STATUS: oneOf<'500' | 'origin', 500>(
    'answer',
    "the status of an answer; origin: the origin's own, but 503 for no answer, 502, 504 and unregistered 5xx",
    ['500', 'origin'],
  ),
  INTERCEPT: oneOf('answer', 'which failed answers are replaced; pages: only those to people', [
    'all',
    'pages',
  ]),
  CORS_ORIGINS: setting<readonly string[], string | readonly string[]>({
    about: 'answer',
    meaning: 'browser apps on these origins may read our answer even when the origin never answered',
    allowed: `origins such as https://app.example, separated by commas or spaces, up to ${MAXIMUM_ORIGINS}; or *`,
    fallback: [],
    fallbackText: 'no origin',
    example: 'https://app.example, https://admin.example:8443',
    takesList: true,
    parse: parseOrigins,
  }),
  DEFAULT_LANGUAGE: setting<LanguageTag, string>({
    about: 'page',
    meaning: 'the language when Accept-Language names none that the page has',
    allowed: 'a language of the page, such as "en", "de" or "pt-BR" (see src/page/languages.ts)',
    fallback: 'en',
    example: 'de',
    parse(text) {
      const value = languageOf(text);
      return value === undefined ? { problem: 'is not a language of the page' } : { value };
    },
  }),
  TRUST_REQUEST_ID: oneOf(
    'answer',
    "accept the client's X-Request-Id if it is 8 to 200 of [A-Za-z0-9._:@#/+=~-]",
    [false, true],
  ),
  LOG_ORIGIN_BODY_BYTES: wholeNumber(
    'answer',
    "how much of the origin's error body to log, in a second record with the same ID; 0 is nothing",
    'bytes',
    8192,
  ),
  DRILL_TOKEN: setting<string | undefined, string>({
    about: 'answer',
    meaning: 'a request with the header X-Error-Drill of this value is answered as a failure',
    allowed: '32 to 200 of [A-Za-z0-9_-], set by wrangler secret put',
    fallback: undefined,
    fallbackText: 'no drills',
    example: 'drill-0123456789abcdefghijklmnop',
    isSecret: true,
    parse(text) {
      if (text.length < 32 || text.length > 200) return { problem: `has ${text.length} characters` };
      return /^[\w-]+$/.test(text) ? { value: text } : { problem: 'holds other characters' };
    },
  }),
};

/** The name of a setting. */
export type SettingName = keyof typeof rules;

/** The value of each setting. */
export type SettingValues = { readonly [Name in SettingName]: (typeof rules)[Name]['fallback'] };

/** The second argument of `withErrorPages`. It has no settings about an origin: a wrapped Worker asks none. */
export type SettingsInput = {
  readonly [Name in Exclude<SettingName, keyof OriginSettings>]?: (typeof rules)[Name]['example'] | undefined;
};

/** Every setting, in the order of the documentation. */
export const settingsTable: {
  readonly [Name in SettingName]: SettingRule<SettingValues[Name], unknown>;
} = rules;

/** The names of all settings, in the order of the documentation. */
export const settingNames: readonly string[] = Object.keys(settingsTable);

/** The settings about the origin. */
export interface OriginSettings extends Pick<SettingValues, 'ORIGIN_URL' | 'ORIGIN_TIMEOUT_MS'> {
  /** The service binding. It wins over `ORIGIN_URL`. */
  readonly ORIGIN: Fetcher | undefined;
}

/** The settings under their own names, valid, with defaults filled in. */
export interface Settings extends SettingValues, OriginSettings {
  /** The deployed version, from the binding `CF_VERSION_METADATA`. The texts are empty without the binding. */
  readonly version: { readonly id: string; readonly tag: string };
}

/** Lets TypeScript infer the types of a row. */
function setting<Value, Input>(rule: SettingRule<Value, Input>): SettingRule<Value, Input> {
  return rule;
}

/** A setting with a few allowed values, of which the first is the default. `Also` is another way to write one. */
function oneOf<const Value extends string | boolean, Also = never>(
  about: Subject,
  meaning: string,
  values: readonly [Value, ...Value[]],
): SettingRule<Value, Value | `${Value}` | Also> {
  return {
    about,
    meaning,
    allowed: values.map((value) => JSON.stringify(value)).join(' or '),
    fallback: values[0],
    example: values[0],
    parse(text) {
      const value = values.find((allowed) => String(allowed) === text.toLowerCase());
      return value === undefined ? { problem: 'is not one of the allowed values' } : { value };
    },
  };
}

function wholeNumber(
  about: Subject,
  meaning: string,
  unit: string,
  maximum: number,
): SettingRule<number, number | string> {
  return {
    about,
    meaning,
    allowed: `a whole number of ${unit} from 0 to ${maximum}`,
    fallback: 0,
    example: maximum,
    parse(text) {
      if (!/^\d+$/.test(text)) return { problem: 'is not a whole number' };
      return Number(text) > maximum ? { problem: `is above ${maximum}` } : { value: Number(text) };
    },
  };
}

const SAMPLE_ID = '019adb1c-7f3e-7a52-9c41-6d0b8e2f5a17';
const SAMPLE_HOST = 'shop.example';

/** Parses a link for the page. Checks it with samples in the place of `{host}` and `{request_id}`. */
function parseLink(text: string, prefix: RegExp): Parsed<string> {
  if (text.length > MAXIMUM_URL_LENGTH) return { problem: `has ${text.length} characters` };
  if (CONTROL_CHARACTERS.test(text)) return { problem: 'holds control characters' };
  const filled = text.replaceAll('{request_id}', SAMPLE_ID).replaceAll('{host}', SAMPLE_HOST);
  if (URL.parse(filled) === null) return { problem: 'is not a URL' };
  return prefix.test(filled) ? { value: text } : { problem: 'begins with nothing that is allowed' };
}

/** Parses an origin as a browser writes it: `scheme://host[:port]` and nothing more. */
function parseOrigin(text: string): Parsed<string> {
  const url = URL.parse(text);
  if (url === null) return { problem: 'is not a URL' };
  if (!/^https?:$/.test(url.protocol)) return { problem: `has the scheme ${url.protocol}` };
  if (url.hostname.includes('*')) return { problem: 'holds a *' };
  if (url.hostname.length > MAXIMUM_HOST_LENGTH) {
    return { problem: `has a host of ${url.hostname.length} characters` };
  }
  if (url.username || url.password) return { problem: 'holds a user name or password' };
  if (url.pathname !== '/') return { problem: `has the path ${url.pathname}` };
  if (url.search || url.hash) return { problem: 'has a query or fragment' };
  return { value: url.origin };
}

/** Parses a list of origins as browsers send them (RFC 6454 §6.2), or `*` alone. */
function parseOrigins(text: string): Parsed<readonly string[]> {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  if (names.length > MAXIMUM_ORIGINS) return { problem: `names ${names.length} origins` };
  if (names.includes('*')) {
    return names.length === 1 ? { value: names } : { problem: 'has * beside other origins' };
  }
  const origins = new Set<string>();
  for (const name of names) {
    const parsed = parseOrigin(name);
    if ('problem' in parsed) return { problem: `names ${JSON.stringify(name)}, which ${parsed.problem}` };
    origins.add(parsed.value);
  }
  return { value: [...origins] };
}
