/** The settings: from any value come valid settings, and problems in words. */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { describeProblem, parseSettings, settingsReader } from '../../src/read-settings.ts';
import { settingNames, settingsTable } from '../../src/settings.ts';

const defaults = parseSettings({}).settings;

function parse(name: string, value: unknown) {
  const { settings, problems } = parseSettings({ [name]: value });
  return { settings, problems: problems.map(describeProblem) };
}

it.each(Object.entries(settingsTable))('the example of %s is an allowed value', (name, { example }) => {
  expect(parse(name, example).problems).toEqual([]);
});

describe('a setting that is not set', () => {
  it.each(settingNames.flatMap((name) => [undefined, null, '', ' \n'].map((value) => [name, value])))(
    '%s = %j is the default, and no problem',
    (name, value) => {
      expect(parse(String(name), value)).toEqual({ settings: defaults, problems: [] });
    },
  );

  it('leaves the whole product at its documented defaults', () => {
    expect(defaults).toEqual({
      ORIGIN: undefined,
      ORIGIN_URL: undefined,
      ORIGIN_TIMEOUT_MS: 0,
      SITE_NAME: undefined,
      SUPPORT_URL: undefined,
      STATUS_PAGE_URL: undefined,
      ERROR_STATUS: '500',
      INTERCEPT: 'all',
      DEFAULT_LANGUAGE: 'en',
      CORS_ORIGINS: [],
      TRUST_REQUEST_ID: false,
      LOG_ORIGIN_BODY_BYTES: 0,
      DRILL_TOKEN: undefined,
      version: { id: '', tag: '' },
    });
  });
});

describe('a good value', () => {
  it.each([
    ['ORIGIN_URL', 'http://127.0.0.1:8788', { ORIGIN_URL: 'http://127.0.0.1:8788' }],
    ['ORIGIN_URL', 'https://shop.example/', { ORIGIN_URL: 'https://shop.example' }],
    ['ORIGIN_URL', 'https://[::1]:8443', { ORIGIN_URL: 'https://[::1]:8443' }],
    ['ORIGIN_TIMEOUT_MS', 600_000, { ORIGIN_TIMEOUT_MS: 600_000 }],
    ['ORIGIN_TIMEOUT_MS', ' 5000 ', { ORIGIN_TIMEOUT_MS: 5000 }],
    ['SITE_NAME', 'Blümchen & Söhne', { SITE_NAME: 'Blümchen & Söhne' }],
    ['SITE_NAME', 42, { SITE_NAME: '42' }],
    ['SITE_NAME', '🌸'.repeat(100), { SITE_NAME: '🌸'.repeat(100) }],
    ['SUPPORT_URL', 'mailto:help@shop.example', { SUPPORT_URL: 'mailto:help@shop.example' }],
    ['SUPPORT_URL', 'tel:+4930123456', { SUPPORT_URL: 'tel:+4930123456' }],
    [
      'SUPPORT_URL',
      'HTTPS://x.example/?id={request_id}',
      { SUPPORT_URL: 'HTTPS://x.example/?id={request_id}' },
    ],
    ['STATUS_PAGE_URL', 'https://status.example', { STATUS_PAGE_URL: 'https://status.example' }],
    ['ERROR_STATUS', 500, { ERROR_STATUS: '500' }],
    ['ERROR_STATUS', 'Origin', { ERROR_STATUS: 'origin' }],
    ['INTERCEPT', 'pages', { INTERCEPT: 'pages' }],
    ['DEFAULT_LANGUAGE', 'de', { DEFAULT_LANGUAGE: 'de' }],
    ['DEFAULT_LANGUAGE', 'nan', { DEFAULT_LANGUAGE: 'zh-Hant' }],
    ['DEFAULT_LANGUAGE', 'PT-br', { DEFAULT_LANGUAGE: 'pt-BR' }],
    ['TRUST_REQUEST_ID', true, { TRUST_REQUEST_ID: true }],
    ['TRUST_REQUEST_ID', 'TRUE', { TRUST_REQUEST_ID: true }],
    ['TRUST_REQUEST_ID', 'false', { TRUST_REQUEST_ID: false }],
    ['LOG_ORIGIN_BODY_BYTES', '8192', { LOG_ORIGIN_BODY_BYTES: 8192 }],
    ['LOG_ORIGIN_BODY_BYTES', 1, { LOG_ORIGIN_BODY_BYTES: 1 }],
    ['SUPPORT_URL', 'https://{host}/help', { SUPPORT_URL: 'https://{host}/help' }],
    ['CORS_ORIGINS', 'https://app.example', { CORS_ORIGINS: ['https://app.example'] }],
    [
      'CORS_ORIGINS',
      'https://APP.example/, http://localhost:5173 https://app.example:443',
      { CORS_ORIGINS: ['https://app.example', 'http://localhost:5173'] },
    ],
    [
      'CORS_ORIGINS',
      ['https://a.example', 'https://b.example'],
      { CORS_ORIGINS: ['https://a.example', 'https://b.example'] },
    ],
    ['CORS_ORIGINS', 'https://b\u00fccher.example', { CORS_ORIGINS: ['https://xn--bcher-kva.example'] }],
    ['CORS_ORIGINS', '*', { CORS_ORIGINS: ['*'] }],
    ['DRILL_TOKEN', 'x'.repeat(32), { DRILL_TOKEN: 'x'.repeat(32) }],
  ])('%s = %j is used', (name, value, expected) => {
    expect(parse(name, value)).toEqual({ settings: { ...defaults, ...expected }, problems: [] });
  });
});

describe('a bad value', () => {
  it.each([
    ['ORIGIN_URL', 'shop.example', 'is "shop.example", which is not a URL'],
    ['ORIGIN_URL', 'ftp://shop.example', 'is "ftp://shop.example", which has the scheme ftp:'],
    ['ORIGIN_URL', 'http://shop.example/app', 'which has the path /app'],
    ['ORIGIN_URL', 'http://shop.example?a=1', 'which has a query or fragment'],
    ['ORIGIN_URL', 'http://a:b@shop.example', 'which holds a user name or password'],
    ['ORIGIN_URL', 'http://a@shop.example', 'which holds a user name or password'],
    ['ORIGIN_URL', `http://${'a'.repeat(9000)}`, 'which has a host of 9000 characters'],
    ['ORIGIN_TIMEOUT_MS', '10s', 'is "10s", which is not a whole number'],
    ['ORIGIN_TIMEOUT_MS', 1.5, 'is 1.5, which is not a whole number'],
    ['ORIGIN_TIMEOUT_MS', -1, 'is -1, which is not a whole number'],
    ['ORIGIN_TIMEOUT_MS', NaN, 'is NaN, which is neither text, number nor boolean'],
    ['ORIGIN_TIMEOUT_MS', 600_001, 'is 600001, which is above 600000'],
    ['SITE_NAME', 'x'.repeat(101), 'which has 101 characters'],
    ['SITE_NAME', 'a\u0007b', 'which holds control characters'],
    ['SITE_NAME', { a: 1 }, 'is a value of type object, which is neither text, number nor boolean'],
    ['SITE_NAME', ['Shop'], 'is a value of type object, which is neither text, number nor boolean'],
    ['SUPPORT_URL', 'help@shop.example', 'which is not a URL'],
    ['SUPPORT_URL', 'javascript:alert(1)', 'which begins with nothing that is allowed'],
    ['SUPPORT_URL', ' JavaScript:alert(1)', 'which begins with nothing that is allowed'],
    ['SUPPORT_URL', 'javascript://https://%0aalert(1)', 'which begins with nothing that is allowed'],
    ['SUPPORT_URL', 'data:text/html,x', 'which begins with nothing that is allowed'],
    ['SUPPORT_URL', 'mailto:', 'which begins with nothing that is allowed'],
    // A browser would take this URL as relative to the page.
    ['SUPPORT_URL', 'https:shop.example', 'which begins with nothing that is allowed'],
    ['SUPPORT_URL', `https://x/${'y'.repeat(10_000)}`, 'which has 10010 characters'],
    ['SUPPORT_URL', 'https://x/\u0000', 'which holds control characters'],
    ['STATUS_PAGE_URL', 'javascript://https://%0aalert(1)', 'which begins with nothing that is allowed'],
    ['STATUS_PAGE_URL', 'mailto:a@shop.example', 'which begins with nothing that is allowed'],
    ['ERROR_STATUS', '503', 'is "503", which is not one of the allowed values'],
    ['INTERCEPT', 'none', 'is "none", which is not one of the allowed values'],
    ['DEFAULT_LANGUAGE', NaN, 'is NaN, which is neither text, number nor boolean'],
    ['SITE_NAME', NaN, 'is NaN, which is neither text, number nor boolean'],
    ['DEFAULT_LANGUAGE', 7, 'is 7, which is not a language of the page'],
    ['DEFAULT_LANGUAGE', 'tlh', 'is "tlh", which is not a language of the page'],
    ['TRUST_REQUEST_ID', 'yes', 'is "yes", which is not one of the allowed values'],
    ['TRUST_REQUEST_ID', 'constructor', 'is "constructor", which is not one of the allowed values'],
    ['LOG_ORIGIN_BODY_BYTES', '8193', 'is "8193", which is above 8192'],
    ['CORS_ORIGINS', 'null', 'names "null", which is not a URL'],
    ['CORS_ORIGINS', 'app.example', 'names "app.example", which is not a URL'],
    ['CORS_ORIGINS', 'https://app.example/app', 'names "https://app.example/app", which has the path /app'],
    ['CORS_ORIGINS', 'https://*.example', 'holds a *'],
    ['CORS_ORIGINS', 'file:///app', 'which has the scheme file:'],
    ['CORS_ORIGINS', 'https://app.example, *', 'which has * beside other origins'],
    ['DRILL_TOKEN', 'short', 'is a secret, which has 5 characters'],
    ['DRILL_TOKEN', `${'x'.repeat(40)}!`, 'is a secret, which holds other characters'],
    ['ORIGIN', 'https://shop.example', 'is "https://shop.example", which is not a service binding'],
  ])('%s = %j is not used, and said to be wrong', (name, value, expected) => {
    const { settings, problems } = parse(name, value);
    expect(settings).toEqual(defaults);
    expect(problems).toEqual([expect.stringContaining(`${name} is `)]);
    expect(problems[0]).toContain(expected);
    expect(problems[0]).toMatch(/ Allowed: .{8,}\. Used instead: .{1,70}\.$/);
    expect(problems[0]?.length).toBeLessThan(350);
  });

  it('reads as a sentence with what to do', () => {
    expect(parse('ORIGIN_TIMEOUT_MS', '10s').problems).toEqual([
      'ORIGIN_TIMEOUT_MS is "10s", which is not a whole number. Allowed: a whole number of milliseconds from 0 to 600000. Used instead: 0.',
    ]);
    expect(parse('SITE_NAME', 'x'.repeat(101)).problems[0]).toContain("Used instead: the request's host.");
  });

  it.each([
    'https://admin:hunter2@shop.example',
    'https://admin:hunter2/@shop.example',
    'https://shop.example/?key=hunter2',
  ])('does not carry the secret of %s into the log', (value) => {
    const { problems } = parse('ORIGIN_URL', value);
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toContain('hunter2');
  });

  it('of a type that JSON does not know is named too', () => {
    expect(parse('LOG_ORIGIN_BODY_BYTES', 10n).problems[0]).toContain('is 10, which is neither text');
    expect(parse('SITE_NAME', Symbol('x')).problems[0]).toContain('is Symbol(x), which is neither text');
  });

  it('is listed with every other one', () => {
    const { problems } = parseSettings({ ERROR_STATUS: 404, INTERCEPT: 'no', ORIGIN: 'x' });
    expect(problems.map(({ name }) => name).toSorted()).toEqual(['ERROR_STATUS', 'INTERCEPT', 'ORIGIN']);
  });

  it('whatever it is, throws nothing and leaves valid settings', () => {
    const value = fc.oneof(
      fc.anything({ withBigInt: true, withNullPrototype: true }),
      fc.string(),
      fc.webUrl(),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...settingNames, 'ORIGIN', 'CF_VERSION_METADATA'), value),
        (env) => {
          const { settings, problems } = parseSettings(env);
          problems.map(describeProblem);
          expect(settings.ORIGIN_TIMEOUT_MS).toBeGreaterThanOrEqual(0);
          expect(settings.ORIGIN_TIMEOUT_MS).toBeLessThanOrEqual(600_000);
          expect(settings.SUPPORT_URL ?? 'tel:1').toMatch(/^(https?:\/\/|mailto:|tel:)/i);
          expect(settings.SITE_NAME ?? 'x').toMatch(/^\P{Cc}{1,100}$/u);
        },
      ),
    );
  });

  it.each([
    undefined,
    null,
    'text',
    7,
    Symbol('env'),
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
      },
    ),
  ])('environments that are none mean the defaults', (env) => {
    expect(parseSettings(env)).toEqual({ settings: defaults, problems: [] });
  });
});

describe('warnings', () => {
  function warnings() {
    const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined);
    onTestFinished(() => warn.mockRestore());
    return warn.mock.calls;
  }

  it('come once, in one line that names every bad setting, however many environments follow', () => {
    const calls = warnings();
    const settingsFor = settingsReader((env) => env);
    for (let i = 0; i < 3; i++) settingsFor({ ERROR_STATUS: '404', SITE_NAME: 'x'.repeat(101) });
    expect(calls).toEqual([
      [expect.stringMatching(/^Settings not used: .*SITE_NAME is .*ERROR_STATUS is "404"/)],
    ]);
  });

  it('do not come for good settings', () => {
    const calls = warnings();
    settingsReader((env) => env)({ ERROR_STATUS: 'origin' });
    expect(calls).toEqual([]);
  });

  it('that cannot be written do not cost the request', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {
      throw new Error('no console');
    });
    onTestFinished(() => warn.mockRestore());
    expect(settingsReader((env) => env)({ ERROR_STATUS: '404' })).toEqual(defaults);
    expect(warn).toHaveBeenCalledOnce();
  });
});
