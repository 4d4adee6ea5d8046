/** Settings: the Worker's variables and bindings become typed values. A bad value never breaks a request. */
import { languageOf } from './negotiate.ts';
import type { LanguageTag } from './page/languages.ts';
import { attempt, cleanText, property, textProperty } from './untrusted.ts';

/**
 * What an operator may set, under `[vars]` in wrangler.toml or as the second argument of `withErrorPages`.
 * Every setting is optional, and a string works everywhere: `.dev.vars` and `--var` know nothing else.
 */
export interface SettingsInput {
  /** The origin when the Worker is not on a route: `http(s)://host[:port]`. Unset: the request's own URL. */
  readonly ORIGIN_URL?: string;
  /** Milliseconds allowed until the origin's response headers, 0 to 600000. 0, the default, is off. */
  readonly ORIGIN_TIMEOUT_MS?: number | string;
  /** The name on the page, up to 100 characters. Default: the request's host. */
  readonly SITE_NAME?: string;
  /** Where "contact support" leads: `https:`, `http:`, `mailto:` or `tel:`; may hold `{request_id}`. */
  readonly SUPPORT_URL?: string;
  /** The site's status page, `http(s):`. */
  readonly STATUS_PAGE_URL?: string;
  /** `500` (default) answers every failure with 500; `origin` keeps an origin's 5xx, else 502 or 504. */
  readonly ERROR_STATUS?: '500' | 500 | 'origin';
  /** `all` (default) replaces every failed answer; `pages` only those to people. */
  readonly INTERCEPT?: 'all' | 'pages';
  /** The page's language when Accept-Language names none that it has. Default: `en`. */
  readonly DEFAULT_LANGUAGE?: string;
  /** Accept the client's `X-Request-Id` if it is 20 to 200 of `[A-Za-z0-9-]`. Default: false. */
  readonly TRUST_REQUEST_ID?: boolean | 'true' | 'false';
  /** How many bytes of the origin's error body to log, 0 (default) to 8192. */
  readonly LOG_ORIGIN_BODY_BYTES?: number | string;
}

/** The name of a setting. */
export type SettingName = keyof SettingsInput;

/** The settings as the code uses them: valid, with defaults filled in. */
export interface Settings {
  /** The service binding `ORIGIN`; wins over `originUrl`. */
  readonly origin: Fetcher | undefined;
  readonly originUrl: string | undefined;
  readonly originTimeoutMs: number;
  readonly siteName: string | undefined;
  readonly supportUrl: string | undefined;
  readonly statusPageUrl: string | undefined;
  readonly errorStatus: '500' | 'origin';
  readonly intercept: 'all' | 'pages';
  readonly defaultLanguage: LanguageTag;
  readonly trustRequestId: boolean;
  readonly logOriginBodyBytes: number;
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

type Parsed<T> = { readonly value: T } | { readonly problem: string };

interface Setting<T> {
  readonly allowed: string;
  readonly fallback: T;
  /** The fallback in words, where it says nothing by itself. */
  readonly fallbackText?: string;
  /** @param text without white space around it, and not empty */
  parse(text: string): Parsed<T>;
}

const CONTROL_CHARACTERS = /\p{Cc}/u;
const MAXIMUM_URL_LENGTH = 2000;
const MAXIMUM_HOST_LENGTH = 253;

function oneOf<const T extends string>(fallback: T, ...values: readonly T[]): Setting<T> {
  return {
    allowed: values.map((value) => `"${value}"`).join(' or '),
    fallback,
    parse(text) {
      const value = values.find((candidate) => candidate === text.toLowerCase());
      return value === undefined ? { problem: 'is not one of the allowed values' } : { value };
    },
  };
}

function wholeNumber(unit: string, maximum: number): Setting<number> {
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
function link(allowed: string, prefix: RegExp, fallbackText: string): Setting<string | undefined> {
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

const originUrl: Setting<string | undefined> = {
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

const siteName: Setting<string | undefined> = {
  allowed: 'up to 100 characters of text',
  fallback: undefined,
  fallbackText: "the request's host",
  parse(text) {
    if ([...text].length > 100) return { problem: `has ${[...text].length} characters` };
    return CONTROL_CHARACTERS.test(text) ? { problem: 'holds control characters' } : { value: text };
  },
};

const defaultLanguage: Setting<LanguageTag> = {
  allowed: 'a language of the page, such as "en", "de" or "pt-BR" (see src/page/languages.ts)',
  fallback: 'en',
  parse(text) {
    const value = languageOf(text);
    return value === undefined ? { problem: 'is not a language of the page' } : { value };
  },
};

const trustRequestId = oneOf('false', 'false', 'true');

const table = {
  ORIGIN_URL: originUrl,
  ORIGIN_TIMEOUT_MS: wholeNumber('milliseconds', 600_000),
  SITE_NAME: siteName,
  SUPPORT_URL: link(
    'https://…, http://…, mailto:… or tel:…, with {request_id} anywhere in it',
    /^(?:https?:\/\/|mailto:.|tel:.)/i,
    'no support link',
  ),
  STATUS_PAGE_URL: link('https://… or http://…', /^https?:\/\//i, 'no link to a status page'),
  ERROR_STATUS: oneOf('500', '500', 'origin'),
  INTERCEPT: oneOf('all', 'all', 'pages'),
  DEFAULT_LANGUAGE: defaultLanguage,
  TRUST_REQUEST_ID: trustRequestId,
  LOG_ORIGIN_BODY_BYTES: wholeNumber('bytes', 8192),
} satisfies Record<SettingName, Setting<unknown>>;

/** The names of all settings, in the order of the documentation. */
export const settingNames: readonly string[] = Object.keys(table);

/**
 * Reads all settings. Takes anything as `env` and never throws.
 * @returns the settings, with the default wherever a value is unset, empty or bad, and a problem per bad value
 */
export function parseSettings(env: unknown): { settings: Settings; problems: SettingProblem[] } {
  const problems: SettingProblem[] = [];

  function read<T>(name: SettingName, setting: Setting<T>): T {
    const value = property(env, name);
    if (isUnset(value)) return setting.fallback;
    const parsed: Parsed<T> =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? setting.parse(String(value).trim())
        : { problem: 'is neither text, number nor boolean' };
    if ('value' in parsed) return parsed.value;
    const problem = `is ${quote(value)}, which ${parsed.problem}`;
    problems.push({
      name,
      problem,
      allowed: setting.allowed,
      used: setting.fallbackText ?? String(setting.fallback),
    });
    return setting.fallback;
  }

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

  const settings: Settings = {
    origin: isFetcher(origin) ? origin : undefined,
    originUrl: read('ORIGIN_URL', table.ORIGIN_URL),
    originTimeoutMs: read('ORIGIN_TIMEOUT_MS', table.ORIGIN_TIMEOUT_MS),
    siteName: read('SITE_NAME', table.SITE_NAME),
    supportUrl: read('SUPPORT_URL', table.SUPPORT_URL),
    statusPageUrl: read('STATUS_PAGE_URL', table.STATUS_PAGE_URL),
    errorStatus: read('ERROR_STATUS', table.ERROR_STATUS),
    intercept: read('INTERCEPT', table.INTERCEPT),
    defaultLanguage: read('DEFAULT_LANGUAGE', table.DEFAULT_LANGUAGE),
    trustRequestId: read('TRUST_REQUEST_ID', table.TRUST_REQUEST_ID) === 'true',
    logOriginBodyBytes: read('LOG_ORIGIN_BODY_BYTES', table.LOG_ORIGIN_BODY_BYTES),
    version: { id: textProperty(version, 'id'), tag: textProperty(version, 'tag') },
  };
  return { settings, problems };
}

/**
 * One problem as one line: the setting, what is wrong, what is allowed, what is used instead.
 * @example `ORIGIN_TIMEOUT_MS is "10s", which is not a whole number. Allowed: … Used instead: 0.`
 */
export function describeProblem({ name, problem, allowed, used }: SettingProblem): string {
  return `${name} ${problem}. Allowed: ${allowed}. Used instead: ${used}.`;
}

/** What was warned of in this isolate, by whichever reader. */
const warned = new Set<string>();

/**
 * Makes the function that gives the settings for an `env`: parsed once per isolate, with one
 * `console.warn` that lists every problem, however many readers meet the same. It never throws.
 * @param overrides values that win over those in `env`
 */
export function settingsReader(overrides: SettingsInput = {}): (env: unknown) => Settings {
  let latest: { env: unknown; settings: Settings } | undefined;
  return (env) => {
    if (latest !== undefined && latest.env === env) return latest.settings;
    const { settings, problems } = parseSettings(merge(env, overrides));
    latest = { env, settings };
    const warning = `Settings not used: ${problems.map(describeProblem).join(' ')}`;
    if (problems.length > 0 && !warned.has(warning)) {
      warned.add(warning);
      // A warning that cannot be written must not cost a visitor the page.
      attempt(() => console.warn(warning));
    }
    return settings;
  };
}

function merge(env: unknown, overrides: SettingsInput): unknown {
  if (Object.keys(overrides).length === 0) return env;
  return Object.fromEntries(
    [...settingNames, 'ORIGIN', 'CF_VERSION_METADATA'].map((name) => [
      name,
      property(overrides, name) ?? property(env, name),
    ]),
  );
}

function isFetcher(value: unknown): value is Fetcher {
  return typeof property(value, 'fetch') === 'function';
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** The value in at most 80 characters, a text in quotes and without the user, password and query of a URL. */
function quote(value: unknown): string {
  if (typeof value === 'object' || typeof value === 'function') return `a value of type ${typeof value}`;
  if (typeof value !== 'string') return String(value);
  const quoted = JSON.stringify(cleanText(withoutCredentials(value).slice(0, 200), 200));
  return quoted.length > 80 ? `${quoted.slice(0, 78)}…"` : quoted;
}

function withoutCredentials(text: string): string {
  const start = text.indexOf('//') + 2;
  const end = text.lastIndexOf('@');
  return start > 1 && end > start ? `${text.slice(0, start)}…${text.slice(end)}` : text;
}
