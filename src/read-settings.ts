/** Reads the settings of an `env`. A bad value never breaks a request. */
import { scrubText } from './scrub/scrub.ts';
import {
  settingNames,
  settingsTable,
  type OriginSettings,
  type Parsed,
  type SettingName,
  type SettingRule,
  type Settings,
  type SettingValues,
} from './settings.ts';
import { attempt, property, textProperty } from './untrusted.ts';

/** In characters. With the name, the allowed values and the default, a problem has at most 400. */
const LONGEST_PROBLEM = 200;

/** A value that is not used, described so that an operator can mend it. */
export interface SettingProblem {
  readonly name: string;
  /** The fault, as the end of a sentence that starts with the name: `is "abc", which is not a whole number`. */
  readonly problem: string;
  /** The allowed values, in words. */
  readonly allowed: string;
  /** The default, which is used instead. */
  readonly used: string;
}

/**
 * Reads all settings. Takes anything as `env` and never throws.
 * @returns the settings, with the default for each value that is unset, empty or bad; and a problem per bad value
 */
export function parseSettings(env: unknown): { settings: Settings; problems: SettingProblem[] } {
  const problems: SettingProblem[] = [];

  function read<Name extends SettingName>(name: Name): SettingValues[Name] {
    const rule: SettingRule<SettingValues[Name], unknown> = settingsTable[name];
    const value = property(env, name);
    if (isUnset(value)) return rule.fallback;
    const text = textOf(value, rule.takesList ?? false);
    const parsed: Parsed<SettingValues[Name]> =
      text === undefined ? { problem: 'is neither text, number nor boolean' } : rule.parse(text.trim());
    if ('value' in parsed) return parsed.value;
    problems.push({
      name,
      problem: scrubText(
        `is ${rule.isSecret ? 'a secret' : quote(value)}, which ${parsed.problem}`,
        LONGEST_PROBLEM,
      ),
      allowed: rule.allowed,
      used: rule.fallbackText ?? String(rule.fallback),
    });
    return rule.fallback;
  }

  const values: SettingValues = {
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
      problem: scrubText(`is ${quote(origin)}, which is not a service binding`, LONGEST_PROBLEM),
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
 * Writes a problem as one line: the setting, the fault, the allowed values, the value used instead.
 * @example `ORIGIN_TIMEOUT_MS is "10s", which is not a whole number. Allowed: … Used instead: 0.`
 */
export function describeProblem({ name, problem, allowed, used }: SettingProblem): string {
  return `${name} ${problem}. Allowed: ${allowed}. Used instead: ${used}.`;
}

/** The names about the origin. A wrapped application may use variables of these names for itself. */
const ABOUT_THE_ORIGIN: readonly string[] = [
  ...Object.entries(settingsTable).flatMap(([name, { about }]) => (about === 'origin' ? [name] : [])),
  'ORIGIN',
];

let isOriginAsked = false;

/** The names to read from an `env`: settings and bindings. Names about the origin only if this Worker asks one. */
export function namesInUse(): readonly string[] {
  const names = [...settingNames, 'CF_VERSION_METADATA', 'ORIGIN'];
  return isOriginAsked ? names : names.filter((name) => !ABOUT_THE_ORIGIN.includes(name));
}

/**
 * Makes the reader of the settings about the origin. From then on `namesInUse` has their names, so that
 * `withErrorPages` warns of a bad value once, with all others.
 */
export function originSettingsReader(): (env: unknown) => OriginSettings {
  isOriginAsked = true;
  let latest: { env: unknown; settings: OriginSettings } | undefined;
  return (env) => {
    if (latest === undefined || latest.env !== env) {
      const own = ABOUT_THE_ORIGIN.map((name) => [name, property(env, name)]);
      latest = { env, settings: parseSettings(Object.fromEntries(own)).settings };
    }
    return latest.settings;
  };
}

/**
 * Makes the function that reads the settings from an `env`. It parses them once per isolate, and lists all problems
 * in one `console.warn`. It never throws.
 * @param variablesOf picks the variables from an `env`
 */
export function settingsReader(variablesOf: (env: unknown) => unknown): (env: unknown) => Settings {
  let latest: { env: unknown; settings: Settings } | undefined;
  let hasWarned = false;
  return (env) => {
    if (latest !== undefined && latest.env === env) return latest.settings;
    const { settings, problems } = parseSettings(variablesOf(env));
    latest = { env, settings };
    if (problems.length > 0 && !hasWarned) {
      hasWarned = true;
      // A failing console must not cost the visitor the page.
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

/** The value as text: `.dev.vars` and `--var` hold only texts. Undefined for a value that no setting can have. */
function textOf(value: unknown, takesList: boolean): string | undefined {
  // The text "NaN" would be the language tag of Min Nan Chinese.
  if (Number.isNaN(value)) return undefined;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  const isList = takesList && Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isList ? value.join(' ') : undefined;
}

/** The value in at most 80 characters. A text is in quotes, without the user, password and query of a URL. */
function quote(value: unknown): string {
  if (typeof value === 'object' || typeof value === 'function') return `a value of type ${typeof value}`;
  if (typeof value !== 'string') return String(value);
  const quoted = JSON.stringify(scrubText(withoutCredentials(value), 200));
  return quoted.length > 80 ? `${quoted.slice(0, 78)}…"` : quoted;
}

function withoutCredentials(text: string): string {
  const start = text.indexOf('//') + 2;
  const end = text.lastIndexOf('@');
  return start > 1 && end > start ? `${text.slice(0, start)}…${text.slice(end)}` : text;
}
