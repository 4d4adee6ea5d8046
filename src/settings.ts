/**
 * Settings: one table says what each means, what it may be and what holds without it; the types follow from
 * it. A bad value never breaks a request.
 */
import { languageOf } from './page/negotiate-language.ts';
import type { LanguageTag } from './page/languages.ts';
import { scrubText } from './log/scrub.ts';
import { attempt, property, textProperty } from './untrusted.ts';

/** A value, or what is wrong with it: the end of a sentence that starts with the value. */
export type Parsed<Value> = { readonly value: Value } | { readonly problem: string };

/** What is to be known of a setting. */
export interface SettingRule<Value, Input> {
  /** What it is for, in one line. */
  readonly meaning: string;
  /** What is allowed, in words. */
  readonly allowed: string;
  /** What is used where it is unset or bad. */
  readonly fallback: Value;
  /** The fallback in words, where it says nothing by itself. */
  readonly fallbackText?: string;
  /** A value that is allowed; its type is what an operator may write. */
  readonly example: Input;
  /** Whether it may be a list of texts. */
  readonly takesList?: true;
  /** A secret is set by `wrangler secret put`, never in `[vars]`, and its value is never shown. */
  readonly isSecret?: true;
  /** @param text without white space around it, and not empty */
  parse(text: string): Parsed<Value>;
}

const CONTROL_CHARACTERS = /\p{Cc}/u;
const MAXIMUM_URL_LENGTH = 2000;
const MAXIMUM_HOST_LENGTH = 253;
// A list of origins longer than this is no list that somebody wrote.
const MAXIMUM_ORIGINS = 100;
const SAMPLE_ID = '01KAS0Z5G1J8T0N6QH3V9W2XYB';
const SAMPLE_HOST = 'shop.example';

/** One of a few words; the first is the default. */
function oneOf<const Word extends string, Input>(
  meaning: string,
  words: readonly [Word, ...Word[]],
  example: Input,
): SettingRule<Word, Input> {
  return {
    meaning,
    allowed: words.map((word) => `"${word}"`).join(' or '),
    fallback: words[0],
    example,
    parse(text) {
      const value = words.find((word) => word === text.toLowerCase());
      return value === undefined ? { problem: 'is not one of the allowed values' } : { value };
    },
  };
}

function wholeNumber(meaning: string, unit: string, maximum: number): SettingRule<number, number | string> {
  return {
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

interface LinkRule {
  readonly meaning: string;
  readonly allowed: string;
  readonly fallbackText: string;
  readonly example: string;
  /** What it must begin with. */
  readonly prefix: RegExp;
}

/** A link on the page, checked with a sample of what is put into it. */
function link({ prefix, ...rule }: LinkRule): SettingRule<string | undefined, string> {
  return {
    ...rule,
    allowed: `${rule.allowed}, up to ${MAXIMUM_URL_LENGTH} characters`,
    fallback: undefined,
    parse(text) {
      if (text.length > MAXIMUM_URL_LENGTH) return { problem: `has ${text.length} characters` };
      if (CONTROL_CHARACTERS.test(text)) return { problem: 'holds control characters' };
      const filled = text.replaceAll('{request_id}', SAMPLE_ID).replaceAll('{host}', SAMPLE_HOST);
      if (URL.parse(filled) === null) return { problem: 'is not a URL' };
      return prefix.test(filled) ? { value: text } : { problem: 'begins with nothing that is allowed' };
    },
  };
}

/** `scheme://host[:port]` as a browser writes an origin, and nothing behind it. */
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

const originUrl: SettingRule<string | undefined, string> = {
  meaning: 'where to send requests when the Worker is not on a route',
  allowed: 'http:// or https://, a host and, where needed, a port',
  fallback: undefined,
  fallbackText: 'the URL of each request, which on a route is the site behind it',
  example: 'https://origin.shop.example',
  parse: parseOrigin,
};

const siteName: SettingRule<string | undefined, string | number> = {
  meaning: 'the name on the page',
  allowed: 'up to 100 characters of text',
  fallback: undefined,
  fallbackText: "the request's host",
  example: 'Shop',
  parse(text) {
    if ([...text].length > 100) return { problem: `has ${[...text].length} characters` };
    return CONTROL_CHARACTERS.test(text) ? { problem: 'holds control characters' } : { value: text };
  },
};

/** Origins as browsers send them (RFC 6454 §6.2), or `*` alone. */
const corsOrigins: SettingRule<readonly string[], string | readonly string[]> = {
  meaning: 'browser apps on these origins may read our answer even when the origin never answered',
  allowed: `origins such as https://app.example, separated by commas or spaces, up to ${MAXIMUM_ORIGINS}; or *`,
  fallback: [],
  fallbackText: 'no origin',
  example: 'https://app.example, https://admin.example:8443',
  takesList: true,
  parse(text) {
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
  },
};

const defaultLanguage: SettingRule<LanguageTag, string> = {
  meaning: 'the language when Accept-Language names none that the page has',
  allowed: 'a language of the page, such as "en", "de" or "pt-BR" (see src/page/languages.ts)',
  fallback: 'en',
  example: 'de',
  parse(text) {
    const value = languageOf(text);
    return value === undefined ? { problem: 'is not a language of the page' } : { value };
  },
};

const trustRequestId: SettingRule<boolean, boolean | 'true' | 'false'> = {
  meaning: "accept the client's X-Request-Id if it is 8 to 200 of [A-Za-z0-9._:@#/+=~-]",
  allowed: 'false or true',
  fallback: false,
  example: true,
  parse(text) {
    const value = { true: true, false: false }[text.toLowerCase()];
    return value === undefined ? { problem: 'is not one of the allowed values' } : { value };
  },
};

const drillToken: SettingRule<string | undefined, string> = {
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
};

const rules = {
  ORIGIN_URL: originUrl,
  ORIGIN_TIMEOUT_MS: wholeNumber(
    "milliseconds until the origin's response headers; 0 is no limit",
    'milliseconds',
    600_000,
  ),
  SITE_NAME: siteName,
  SUPPORT_URL: link({
    meaning: 'where "contact support" leads',
    allowed: 'https://…, http://…, mailto:… or tel:…, with {request_id} and {host} anywhere in it',
    fallbackText: 'no support link',
    example: 'https://shop.example/help?ref={request_id}',
    prefix: /^(?:https?:\/\/|mailto:.|tel:.)/i,
  }),
  STATUS_PAGE_URL: link({
    meaning: "the site's status page",
    allowed: 'https://… or http://…, with {host} anywhere in it',
    fallbackText: 'no link to a status page',
    example: 'https://status.shop.example',
    prefix: /^https?:\/\//i,
  }),
  ERROR_STATUS: oneOf<'500' | 'origin', '500' | 500 | 'origin'>(
    "the status of an answer; origin: an origin's 5xx is kept, no answer is 502, a timeout 504",
    ['500', 'origin'],
    'origin',
  ),
  INTERCEPT: oneOf<'all' | 'pages', 'all' | 'pages'>(
    'which failed answers are replaced; pages: only those to people',
    ['all', 'pages'],
    'pages',
  ),
  CORS_ORIGINS: corsOrigins,
  DEFAULT_LANGUAGE: defaultLanguage,
  TRUST_REQUEST_ID: trustRequestId,
  LOG_ORIGIN_BODY_BYTES: wholeNumber(
    "how much of the origin's error body to log, in a second record with the same ID; 0 is nothing",
    'bytes',
    8192,
  ),
  DRILL_TOKEN: drillToken,
};

/** The name of a setting. */
export type SettingName = keyof typeof rules;

type Values = { readonly [Name in SettingName]: (typeof rules)[Name]['fallback'] };

/** What an operator may set, under `[vars]` in wrangler.toml or as the second argument of `withErrorPages`. */
export type SettingsInput = { readonly [Name in SettingName]?: (typeof rules)[Name]['example'] | string };

/** Every setting, in the order of the documentation. */
export const settingsTable: {
  readonly [Name in SettingName]: SettingRule<Values[Name], unknown>;
} = rules;

/** The names of all settings, in the order of the documentation. */
export const settingNames: readonly string[] = Object.keys(settingsTable);

/** The settings as the code uses them, under their own names: valid, with defaults filled in. */
export interface Settings extends Values {
  /** The service binding; wins over `ORIGIN_URL`. */
  readonly ORIGIN: Fetcher | undefined;
  /** The deployed version, from the binding `CF_VERSION_METADATA`; empty texts without one. */
  readonly version: { readonly id: string; readonly tag: string };
}

/** A value that was not used, in words that an operator can act on. */
export interface SettingProblem {
  readonly name: string;
  /** What is wrong, as the end of a sentence that starts with the name: `is "abc", which is not a whole number`. */
  readonly problem: string;
  /** What is allowed. */
  readonly allowed: string;
  /** What is used instead: the default. */
  readonly used: string;
}

/**
 * Reads all settings. Takes anything as `env` and never throws.
 * @returns the settings, with the default wherever a value is unset, empty or bad, and a problem per bad value
 */
export function parseSettings(env: unknown): { settings: Settings; problems: SettingProblem[] } {
  const problems: SettingProblem[] = [];

  function read<Name extends SettingName>(name: Name): Values[Name] {
    const rule: SettingRule<Values[Name], unknown> = settingsTable[name];
    const value = property(env, name);
    if (isUnset(value)) return rule.fallback;
    const text = textOf(value, rule.takesList ?? false);
    const parsed: Parsed<Values[Name]> =
      text === undefined ? { problem: 'is neither text, number nor boolean' } : rule.parse(text.trim());
    if ('value' in parsed) return parsed.value;
    problems.push({
      name,
      problem: `is ${rule.isSecret ? 'a secret' : quote(value)}, which ${parsed.problem}`,
      allowed: rule.allowed,
      used: rule.fallbackText ?? String(rule.fallback),
    });
    return rule.fallback;
  }

  const values: Values = {
    ORIGIN_URL: read('ORIGIN_URL'),
    ORIGIN_TIMEOUT_MS: read('ORIGIN_TIMEOUT_MS'),
    SITE_NAME: read('SITE_NAME'),
    SUPPORT_URL: read('SUPPORT_URL'),
    STATUS_PAGE_URL: read('STATUS_PAGE_URL'),
    ERROR_STATUS: read('ERROR_STATUS'),
    INTERCEPT: read('INTERCEPT'),
    CORS_ORIGINS: read('CORS_ORIGINS'),
    DEFAULT_LANGUAGE: read('DEFAULT_LANGUAGE'),
    TRUST_REQUEST_ID: read('TRUST_REQUEST_ID'),
    LOG_ORIGIN_BODY_BYTES: read('LOG_ORIGIN_BODY_BYTES'),
    DRILL_TOKEN: read('DRILL_TOKEN'),
  };
  return { settings: { ...values, ...bindings(env, problems) }, problems };
}

function bindings(env: unknown, problems: SettingProblem[]): Pick<Settings, 'ORIGIN' | 'version'> {
  const origin = property(env, 'ORIGIN');
  if (!isUnset(origin) && !isFetcher(origin)) {
    problems.push({
      name: 'ORIGIN',
      problem: `is ${quote(origin)}, which is not a service binding`,
      allowed: 'a [[services]] entry with binding = "ORIGIN"; for a URL there is ORIGIN_URL',
      used: 'ORIGIN_URL',
    });
  }
  const version = property(env, 'CF_VERSION_METADATA');
  return {
    ORIGIN: isFetcher(origin) ? origin : undefined,
    version: { id: textProperty(version, 'id'), tag: textProperty(version, 'tag') },
  };
}

/**
 * One problem as one line: the setting, what is wrong, what is allowed, what is used instead.
 * @example `ORIGIN_TIMEOUT_MS is "10s", which is not a whole number. Allowed: … Used instead: 0.`
 */
export function describeProblem({ name, problem, allowed, used }: SettingProblem): string {
  return `${name} ${problem}. Allowed: ${allowed}. Used instead: ${used}.`;
}

/**
 * Makes the function that gives the settings for an `env`: parsed once per isolate, with one
 * `console.warn` that lists every problem. It never throws.
 * @param variablesOf what to read of an `env`; without it, the `env` itself
 */
export function settingsReader(
  variablesOf: (env: unknown) => unknown = (env) => env,
): (env: unknown) => Settings {
  let latest: { env: unknown; settings: Settings } | undefined;
  let hasWarned = false;
  return (env) => {
    if (latest !== undefined && latest.env === env) return latest.settings;
    const { settings, problems } = parseSettings(variablesOf(env));
    latest = { env, settings };
    if (problems.length > 0 && !hasWarned) {
      hasWarned = true;
      // A warning that cannot be written must not cost a visitor the page.
      attempt(() => console.warn(`Settings not used: ${problems.map(describeProblem).join(' ')}`));
    }
    return settings;
  };
}

function isFetcher(value: unknown): value is Fetcher {
  return typeof property(value, 'fetch') === 'function';
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** A value as text, since `.dev.vars` and `--var` know nothing else. */
function textOf(value: unknown, takesList: boolean): string | undefined {
  // As a text it would be Min Nan Chinese.
  if (Number.isNaN(value)) return undefined;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  const isList = takesList && Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isList ? value.join(' ') : undefined;
}

/** The value in at most 80 characters, a text in quotes and without the user, password and query of a URL. */
function quote(value: unknown): string {
  if (typeof value === 'object' || typeof value === 'function') return `a value of type ${typeof value}`;
  if (typeof value !== 'string') return String(value);
  const quoted = JSON.stringify(scrubText(withoutCredentials(value).slice(0, 200), 200));
  return quoted.length > 80 ? `${quoted.slice(0, 78)}…"` : quoted;
}

function withoutCredentials(text: string): string {
  const start = text.indexOf('//') + 2;
  const end = text.lastIndexOf('@');
  return start > 1 && end > start ? `${text.slice(0, start)}…${text.slice(end)}` : text;
}
