/** The rules for wrangler.toml: each test checks a configuration and expects its problems. */
import { describe, expect, it } from 'vitest';
import { examineConfig } from '../../src/cli/check/config-problems.ts';
import type { EnvironmentConfig, Route } from '../../src/cli/check/wrangler-config.ts';
import { settingNames } from '../../src/settings.ts';

const good: EnvironmentConfig = {
  environment: '',
  name: 'edge-error-interceptor',
  vars: {},
  services: [],
  version_metadata: {},
  routes: [route('shop.example/*')],
  workers_dev: false,
  compatibility_flags: ['no_nodejs_compat'],
  observability: { enabled: true, head_sampling_rate: 1, logs: { enabled: true, invocation_logs: false } },
  written: {},
};

function route(pattern: string, more: Partial<Route> = {}): Route {
  return { pattern, ...more };
}

function customDomain(pattern: string): Route {
  return route(pattern, { custom_domain: true });
}

function problemsOf(changes: Partial<EnvironmentConfig>): string[] {
  return lines([{ ...good, ...changes }]);
}

function lines(configs: readonly EnvironmentConfig[]): string[] {
  return [...examineConfig(configs, 'interceptor').problems];
}

it('a good config has no problems and no warnings', () => {
  expect(examineConfig([good], 'interceptor')).toEqual({ problems: [], warnings: [] });
});

describe('variables', () => {
  it('bad values are named, with what is allowed', () => {
    expect(problemsOf({ vars: { ORIGIN_TIMEOUT_MS: '10s', ORIGIN_URL: 'https://a.example/app' } })).toEqual([
      'top level: ORIGIN_URL is "https://a.example/app", which has the path /app. Allowed: http:// or https://, a host and, where needed, a port.',
      'top level: ORIGIN_TIMEOUT_MS is "10s", which is not a whole number. Allowed: a whole number of milliseconds from 0 to 600000.',
    ]);
  });

  it.each(['help@shop.example', ' help+eu@shop.co.example ', 'help+{request_id}@shop.example'])(
    'of the address %s alone, mailto: is suggested',
    (address) => {
      const problems = problemsOf({ vars: { SUPPORT_URL: address } });
      expect(problems).toEqual([expect.stringContaining(`; did you mean mailto:${address.trim()}?`)]);
    },
  );

  it.each(['help', 'shop.example/help@desk', 'help@localhost'])('of %s it is not', (value) => {
    expect(problemsOf({ vars: { SUPPORT_URL: value } })).toEqual([
      expect.not.stringContaining('did you mean'),
    ]);
  });

  it('an origin given as text is told of ORIGIN_URL', () => {
    const problems = problemsOf({ vars: { ORIGIN: 'https://a.example' } });
    expect(problems).toEqual([expect.stringMatching(/ORIGIN is .*not a service binding.*ORIGIN_URL/)]);
  });

  it.each([
    ['SUPORT_URL', 'SUPPORT_URL'],
    ['SITENAME', 'SITE_NAME'],
    ['site_name', 'SITE_NAME'],
    ['ERORR_STATUS', 'ERROR_STATUS'],
    ['STATUS_PAGE', 'STATUS_PAGE_URL'],
    ['TIMEOUT_MS', 'ORIGIN_TIMEOUT_MS'],
    ['ORIGIN_TIMEOUT', 'ORIGIN_TIMEOUT_MS'],
    ['LANGUAGE', 'DEFAULT_LANGUAGE'],
    ['INTERCEPTS', 'INTERCEPT'],
    ['DILL_TOKEN', 'DRILL_TOKEN'],
    ['COS_ORIGINS', 'CORS_ORIGINS'],
  ])('%s is not a setting: did you mean %s?', (typed, meant) => {
    const problems = problemsOf({ vars: { [typed]: '' } });
    expect(problems).toEqual([expect.stringContaining(`${typed} is not a setting; did you mean ${meant}?`)]);
    expect(problems[0]).toContain(settingNames.join(', '));
  });

  it.each(['MY_VAR', 'DATABASE_URL', 'X', 'COLOR', 'STATUS', 'SITE_URL', 'MY_SITE_NAME', 'TOKEN', 'NAME'])(
    '%s is a variable of one’s own',
    (name) => {
      expect(problemsOf({ vars: { [name]: 'x' } })).toEqual([]);
    },
  );

  it('a secret in them is refused, and not repeated', () => {
    const vars = { DRILL_TOKEN: 'k3y' };
    const line = lines([good, { ...good, environment: 'staging', routes: [], vars }])[0];
    expect(line).toMatch(
      /^env\.staging: DRILL_TOKEN stands in vars, .*wrangler secret put DRILL_TOKEN --env staging\.$/,
    );
    expect(lines([{ ...good, vars }])).toEqual([expect.not.stringContaining('k3y')]);
  });
});

describe('a Worker that would ask itself', () => {
  it.each<[string, string, Route]>([
    ['its route', 'https://shop.example', route('shop.example/*')],
    ['its route, in capitals and with a scheme', 'https://Shop.example', route('https://SHOP.example/app/*')],
    ['a host of its wildcard route', 'https://api.shop.example', route('*.shop.example/*')],
    ['a host of its zone', 'https://api.shop.example', route('*/*', { zone_name: 'shop.example' })],
    ['its route, in letters of its own', 'https://bücher.example', route('bücher.example/*')],
    ['its custom domain', 'https://shop.example', customDomain('shop.example')],
  ])('ORIGIN_URL is %s', (_, url, own) => {
    expect(problemsOf({ vars: { ORIGIN_URL: url }, routes: [route('other.example/*'), own] })).toEqual([
      expect.stringMatching(
        /^top level: ORIGIN_URL is .* own route .*ask itself\. Allowed: another host; or, on a route, empty/,
      ),
    ]);
  });

  it.each<[string, Route]>([
    ['https://backend.example', route('shop.example/*')],
    ['https://shop.example', route('*.shop.example/*')],
    ['https://notshop.example', route('*/*', { zone_name: 'shop.example' })],
    ['https://shopXexample', route('shop.example/*')],
    ['http://shop.example', route('https://shop.example/*')],
  ])('ORIGIN_URL %s is another host than %j', (url, own) => {
    expect(problemsOf({ vars: { ORIGIN_URL: url }, routes: [own] })).toEqual([]);
  });

  it('a custom domain without an origin is a problem; with ORIGIN or ORIGIN_URL it is none', () => {
    const routes = [customDomain('shop.example')];
    expect(problemsOf({ routes })).toEqual([
      expect.stringMatching(/routes has the custom domain shop\.example.*pattern = "shop\.example\/\*"/),
    ]);
    expect(problemsOf({ routes, vars: { ORIGIN_URL: 'https://backend.example' } })).toEqual([]);
    expect(problemsOf({ routes, services: [{ binding: 'ORIGIN', service: 'app' }] })).toEqual([]);
  });

  it('workers.dev without an origin is a problem; with one it is none', () => {
    expect(problemsOf({ workers_dev: true })).toEqual([expect.stringContaining('workers_dev is true')]);
    expect(problemsOf({ workers_dev: true, vars: { ORIGIN_URL: 'https://backend.example' } })).toEqual([]);
  });

  it('ORIGIN is the Worker itself', () => {
    expect(problemsOf({ services: [{ binding: 'ORIGIN', service: 'edge-error-interceptor' }] })).toEqual([
      expect.stringContaining('ORIGIN is this Worker'),
    ]);
  });

  it('global_fetch_strictly_public is set', () => {
    const compatibility_flags = ['global_fetch_strictly_public'];
    expect(problemsOf({ compatibility_flags })).toEqual([
      expect.stringContaining('global_fetch_strictly_public'),
    ]);
  });
});

describe('routes', () => {
  it.each([
    ['*example.com/*', '*.example.com/* and example.com/*'],
    ['https://*example.com/app/*', 'https://*.example.com/app/* and https://example.com/app/*'],
    ['*shop.example', '*.shop.example and shop.example'],
  ])('%s takes in strangers: two routes are suggested', (pattern, suggested) => {
    expect(problemsOf({ routes: [route(pattern)] })).toEqual([
      expect.stringMatching(/has the pattern .*, which matches not/),
    ]);
    expect(problemsOf({ routes: [route(pattern)] })[0]).toContain(`two routes, ${suggested}`);
  });

  it.each(['*.example.com/*', 'example.com/*', 'example.com/*example.com/*'])('%s is fine', (pattern) => {
    expect(problemsOf({ routes: [route(pattern)] })).toEqual([]);
  });

  it('of another environment, or inherited from the top level, are a problem', () => {
    const staging = { ...good, environment: 'staging' };
    expect(lines([good, staging])).toEqual([
      expect.stringMatching(
        /^env\.staging: routes has the pattern shop\.example\/\*, which is a route of the top level too/,
      ),
    ]);
    expect(lines([good, { ...staging, routes: [route('staging.example/*')] }])).toEqual([]);
  });

  it('none, and no workers.dev: a warning, not a problem', () => {
    expect(problemsOf({ routes: [] })).toEqual([]);
    expect(examineConfig([{ ...good, routes: [] }], 'interceptor').warnings).toEqual([
      expect.stringContaining('no request would reach the Worker'),
    ]);
  });

  it('without a * at the end: a warning, not a problem', () => {
    const routes = [route('shop.example'), route('other.example/*')];
    expect(problemsOf({ routes })).toEqual([]);
    expect(examineConfig([{ ...good, routes }], 'interceptor').warnings).toEqual([
      expect.stringContaining('Allowed: shop.example/* for all below it.'),
    ]);
  });
});

describe('one Worker for many sites', () => {
  const routes = [
    route('shop.example/*', { zone_name: 'shop.example' }),
    route('*.bücher.example/*', { zone_name: 'xn--bcher-kva.example' }),
    route('*/*', { zone_name: 'saas.example' }),
    route('*/*', { zone_id: '023e105f4ecef8ad9ca31a8372d0c353' }),
  ];

  it('is fine, each route with its zone', () => {
    expect(problemsOf({ routes })).toEqual([]);
    expect(examineConfig([{ ...good, routes }], 'interceptor').warnings).toEqual([]);
  });

  it('every host of one zone is another route than every host of another', () => {
    const every = (zone_name: string, environment = ''): EnvironmentConfig => ({
      ...good,
      environment,
      routes: [route('*/*', { zone_name })],
    });
    expect(lines([every('a.example'), every('b.example', 'staging')])).toEqual([]);
    expect(lines([every('a.example'), every('a.example', 'staging')])).toHaveLength(1);
  });

  it('one ORIGIN_URL for several zones: a warning', () => {
    const vars = { ORIGIN_URL: 'https://backend.example' };
    expect(examineConfig([{ ...good, routes, vars }], 'interceptor').warnings).toEqual([
      expect.stringContaining('gets the requests of 4 zones'),
    ]);
    expect(examineConfig([{ ...good, vars }], 'interceptor').warnings).toEqual([]);
  });
});

it('a Worker that is itself the site may be anywhere, and asks nobody', () => {
  const site = { ...good, routes: [customDomain('shop.example')], workers_dev: true };
  expect(lines([site])).toHaveLength(2);
  expect(examineConfig([site], 'application').problems).toEqual([]);
  expect(examineConfig([{ ...good, routes: [] }], 'application').warnings).toEqual([]);
  expect(examineConfig([{ ...site, observability: undefined }], 'application').problems).toHaveLength(1);
});

describe('records that would be lost', () => {
  it.each([
    ['observability.enabled is not set', undefined],
    ['observability.enabled is false', { enabled: false }],
    ['observability.logs.enabled is false', { enabled: true, logs: { enabled: false } }],
    ['observability.logs.persist is false', { enabled: true, logs: { enabled: true, persist: false } }],
    ['observability.head_sampling_rate is 0.1', { enabled: true, head_sampling_rate: 0.1 }],
    ['observability.logs.head_sampling_rate is 0', { enabled: true, logs: { head_sampling_rate: 0 } }],
  ])('%s', (expected, observability) => {
    expect(problemsOf({ observability })).toEqual([expect.stringContaining(`: ${expected}: `)]);
    expect(problemsOf({ observability })[0]).toContain('lead nowhere');
  });

  it('logs and sampling that are not set are on and 1', () => {
    expect(problemsOf({ observability: { enabled: true } })).toEqual([]);
  });
});

describe('environments', () => {
  const staging = { ...good, environment: 'staging', routes: [route('staging.example/*')] };

  it('get no variables from the top level, which is said with their names', () => {
    const topLevel = { ...good, vars: { SITE_NAME: 'Shop', ERROR_STATUS: '500' } };
    expect(lines([topLevel, { ...staging, vars: { ERROR_STATUS: '500' } }])).toEqual([
      'env.staging: vars lacks SITE_NAME, which the top level has: environments inherit no variables and no bindings. Allowed: the same names under [env.staging.vars].',
    ]);
    expect(lines([topLevel, { ...staging, vars: topLevel.vars }])).toEqual([]);
    const own = { ...topLevel, vars: { ...topLevel.vars, MY_VAR: 'x' } };
    expect(lines([own, { ...staging, vars: topLevel.vars }])).toEqual([]);
  });

  it('get no version_metadata from the top level', () => {
    expect(lines([good, { ...staging, version_metadata: undefined }])).toEqual([
      expect.stringMatching(/^env\.staging: version_metadata is missing.*\[env\.staging\.version_metadata\]/),
    ]);
  });

  it('get no ORIGIN from the top level, and may have ORIGIN_URL instead', () => {
    const topLevel = { ...good, services: [{ binding: 'ORIGIN', service: 'app' }] };
    expect(lines([topLevel, staging])).toEqual([expect.stringMatching(/^env\.staging: ORIGIN is missing/)]);
    expect(lines([topLevel, { ...staging, vars: { ORIGIN_URL: 'https://backend.example' } }])).toEqual([]);
  });

  it('are examined like the top level', () => {
    expect(lines([good, { ...staging, vars: { ERROR_STATUS: '404' } }])).toEqual([
      expect.stringMatching(/^env\.staging: ERROR_STATUS is "404"/),
    ]);
  });
});

describe('what the edge would take away', () => {
  const warnings = (vars: EnvironmentConfig['vars'], kind: 'interceptor' | 'application' = 'interceptor') =>
    examineConfig([{ ...good, vars }], kind).warnings;

  it.each<[string, Partial<EnvironmentConfig>]>([
    ['cache.enabled', { cache: { enabled: true } }],
    ['exports.default.cache.enabled', { exports: { default: { type: 'worker', cache: { enabled: true } } } }],
  ])('%s in front of a site is refused, and of an application is its own choice', (name, changes) => {
    expect(problemsOf(changes)).toEqual([expect.stringContaining(`: ${name} is true: one visitor's page`)]);
    expect(examineConfig([{ ...good, ...changes }], 'application').problems).toEqual([]);
  });

  it('a cache that is off is nothing', () => {
    const off = { cache: { enabled: false } };
    expect(problemsOf({ ...off, exports: { default: { type: 'worker', ...off } } })).toEqual([]);
  });

  it.each([1, 30, '999'])('a limit of %s looks like seconds', (value) => {
    expect(warnings({ ORIGIN_TIMEOUT_MS: value })).toEqual([
      expect.stringMatching(
        `^top level: ORIGIN_TIMEOUT_MS is ${value} milliseconds: .*; ${value}000 for ${value} seconds`,
      ),
    ]);
  });

  it.each([0, 1000, 30_000])('a limit of %s does not', (value) => {
    expect(warnings({ ORIGIN_TIMEOUT_MS: value })).toEqual([]);
  });

  it('ERROR_STATUS = "origin" names what it cannot keep, in front of a site and in an application', () => {
    for (const kind of ['interceptor', 'application'] as const) {
      expect(warnings({ ERROR_STATUS: 'origin' }, kind)).toEqual([
        expect.stringMatching(/^top level: ERROR_STATUS is origin, .*502, 504, .*become 503/),
      ]);
    }
  });
});
