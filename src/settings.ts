/** Settings: the Worker's variables and bindings become typed values. A bad value never breaks a request. */
import type { LanguageTag } from './page/languages.ts';
import { settingRules, type Parsed, type SettingRule } from './setting-rules.ts';
import { attempt, cleanText, property, textProperty } from './untrusted.ts';

/**
 * What an operator may set, under `[vars]` in wrangler.toml or as the second argument of `withErrorPages`.
 * Every setting is optional, and a string works everywhere: `.dev.vars` and `--var` know nothing else.
 */
export interface SettingsInput {
  /** The origin when the Worker is not on a route: `http(s)://host[:port]`. Unset: the request's own URL. */
  readonly ORIGIN_URL?: string;
  /**
   * Milliseconds allowed until the origin's response headers, 0 to 600000. 0, the default, is off. Uploads of
   * more than 64 kB or of unknown length have no limit.
   */
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

/** The names of all settings, in the order of the documentation. */
export const settingNames: readonly string[] = Object.keys(settingRules);

/**
 * Reads all settings. Takes anything as `env` and never throws.
 * @returns the settings, with the default wherever a value is unset, empty or bad, and a problem per bad value
 */
export function parseSettings(env: unknown): { settings: Settings; problems: SettingProblem[] } {
  const problems: SettingProblem[] = [];

  function read<T>(name: SettingName, rule: SettingRule<T>): T {
    const value = property(env, name);
    if (isUnset(value)) return rule.fallback;
    const parsed: Parsed<T> =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? rule.parse(String(value).trim())
        : { problem: 'is neither text, number nor boolean' };
    if ('value' in parsed) return parsed.value;
    const problem = `is ${quote(value)}, which ${parsed.problem}`;
    problems.push({
      name,
      problem,
      allowed: rule.allowed,
      used: rule.fallbackText ?? String(rule.fallback),
    });
    return rule.fallback;
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
    originUrl: read('ORIGIN_URL', settingRules.ORIGIN_URL),
    originTimeoutMs: read('ORIGIN_TIMEOUT_MS', settingRules.ORIGIN_TIMEOUT_MS),
    siteName: read('SITE_NAME', settingRules.SITE_NAME),
    supportUrl: read('SUPPORT_URL', settingRules.SUPPORT_URL),
    statusPageUrl: read('STATUS_PAGE_URL', settingRules.STATUS_PAGE_URL),
    errorStatus: read('ERROR_STATUS', settingRules.ERROR_STATUS),
    intercept: read('INTERCEPT', settingRules.INTERCEPT),
    defaultLanguage: read('DEFAULT_LANGUAGE', settingRules.DEFAULT_LANGUAGE),
    trustRequestId: read('TRUST_REQUEST_ID', settingRules.TRUST_REQUEST_ID) === 'true',
    logOriginBodyBytes: read('LOG_ORIGIN_BODY_BYTES', settingRules.LOG_ORIGIN_BODY_BYTES),
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
