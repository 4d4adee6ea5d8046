/** Settings as operators write them, right and wrong. */
import type { SettingName } from '../../../src/settings.ts';
import type { Random } from './random.ts';

const NOTHING: unknown = undefined;

/** The origin has to be there, so nothing is wrong with its URL. */
type Hostile = Exclude<SettingName, 'ORIGIN_URL'> | 'CF_VERSION_METADATA' | 'UNKNOWN';

/** Values of each setting. About half of them are invalid. */
const values: Readonly<Record<Hostile, readonly [unknown, ...unknown[]]>> = {
  ORIGIN_TIMEOUT_MS: [NOTHING, 0, 250, '300', -1, 'abc', 1e9],
  SITE_NAME: [NOTHING, 'Söhne & <i>Co</i>', '', 'x'.repeat(101), 42, '\u202e'],
  SUPPORT_URL: [
    NOTHING,
    'mailto:help@shop.example',
    'https://help.example/{host}?id={request_id}',
    'javascript:alert(1)',
    '{host}',
  ],
  STATUS_PAGE_URL: [NOTHING, 'https://status.example/{host}', 'data:,x', 7],
  ERROR_STATUS: [NOTHING, 'origin', '500', 200],
  INTERCEPT: [NOTHING, 'pages', 'all', 'none'],
  CORS_ORIGINS: [NOTHING, '*', 'https://app.example, https://shop.example', 'https://a.example/path', [], 5],
  DEFAULT_LANGUAGE: [NOTHING, 'de', 'zh-Hant', 'xx', null],
  TRUST_REQUEST_ID: [NOTHING, true, 'true', 'yes'],
  LOG_ORIGIN_BODY_BYTES: [NOTHING, 0, 64, '2048', 8192, 99_999],
  DRILL_TOKEN: [NOTHING, 'd'.repeat(40), 'short'],
  CF_VERSION_METADATA: [NOTHING, { id: 'v1', tag: 'a\u202eb' }, 'x'],
  UNKNOWN: [NOTHING, 'x'],
};

/** Variables for a Worker. Each setting is often left out. */
export function hostileSettings(random: Random): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(() => random.chance(0.6))
      .map(([name, choice]) => [name, random.pick(choice)])
      .filter(([, value]) => value !== NOTHING),
  );
}
