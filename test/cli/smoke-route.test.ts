/** Smoke names the route to the Worker. It says if requests beyond the Free plan's limit still reach the site. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { main } from '../../src/cli/smoke/main.ts';
import { routeOf } from '../../src/cli/route-pattern.ts';
import { startZoneApi, type ZoneApi, type ZoneRoute } from '../support/zone-api.ts';
import { callCommand } from './run-command.ts';

const CLOSED: ZoneRoute = { id: 'a1', pattern: 'shop.invalid/*', script: 'pages' };

async function zone(...routes: ZoneRoute[]): Promise<ZoneApi> {
  const api = await startZoneApi('shop.invalid', routes);
  onTestFinished(() => api.close());
  return api;
}

/** The part of smoke's output that is about the route. The site itself does not answer. */
async function smoke(url: string, env: Readonly<Record<string, string>>, ...options: string[]) {
  const { stdout, exitCode } = await callCommand(main, [url, ...options], env);
  expect(exitCode).toBe(1);
  return stdout.slice(stdout.indexOf(' (route)\n') + 9, stdout.lastIndexOf('\n\n'));
}

describe('the route of a site', () => {
  it('that is fail closed is named, with the line that opens it; nothing is changed', async () => {
    const api = await zone(CLOSED);
    const said = await smoke('https://shop.invalid/', api.env);
    expect(said).toContain('✓ The route shop.invalid/* leads to pages.');
    expect(said).toMatch(/! It is not fail open: .*100,000 requests a day.*1027\. To open it:\n/);
    expect(said).toContain('    npx edge-error-interceptor smoke https://shop.invalid/ --fail-open');
    expect(api.asked.filter((line) => line.startsWith('PUT'))).toEqual([]);
  });

  it('is opened by --fail-open, and keeps its pattern and its Worker', async () => {
    const api = await zone(CLOSED, { ...CLOSED, id: 'b2', pattern: 'other.shop.invalid/*' });
    expect(await smoke('https://shop.invalid/', api.env, '--fail-open')).toContain('✓ It is fail open now.');
    expect(api.routes.get('a1')).toEqual({ ...CLOSED, request_limit_fail_open: true });
    expect(api.routes.get('b2')).not.toHaveProperty('request_limit_fail_open');
    const asked = api.asked.length;
    expect(await smoke('https://shop.invalid/', api.env, '--fail-open')).toContain('✓ It is fail open: ');
    expect(api.asked.slice(asked).filter((line) => line.startsWith('PUT'))).toEqual([]);
  });

  it('is opened alone: the other routes of its Worker that are fail closed are named', async () => {
    const www = { ...CLOSED, id: 'b2', pattern: 'www.shop.invalid/*' };
    const open = { ...CLOSED, id: 'c3', pattern: 'blog.shop.invalid/*', request_limit_fail_open: true };
    const api = await zone(CLOSED, www, open, {
      ...CLOSED,
      id: 'd4',
      pattern: 'api.invalid/*',
      script: 'api',
    });
    const named =
      /^ {2}! The route www\.shop\.invalid\/\* is fail closed: run smoke --fail-open for a URL on it, too\.$/m;
    const said = await smoke('https://shop.invalid/', api.env, '--fail-open');
    expect(said).toMatch(named);
    expect(said.match(/is fail closed/g)).toHaveLength(1);
    expect(await smoke('https://shop.invalid/', api.env, '--fail-open')).toMatch(named);
    expect(await smoke('https://shop.invalid/', api.env)).not.toMatch(named);
    expect(api.routes.get('b2')).toEqual(www);
  });

  it('is looked for in the zone of a parent, and is the most specific one', async () => {
    const api = await zone(
      { ...CLOSED, pattern: '*.shop.invalid/*' },
      { id: 'c3', pattern: 'www.shop.invalid/files/*' },
    );
    expect(await smoke('https://www.shop.invalid/files/1', api.env)).toBe(
      '  ✗ The route www.shop.invalid/files/* matches, and takes requests past every Worker.',
    );
    expect(await smoke('https://www.shop.invalid/', api.env)).toContain(
      '✓ The route *.shop.invalid/* leads to',
    );
    expect(await smoke('https://shop.invalid/', api.env)).toContain('✗ No Worker route of the zone matches');
  });

  it.each([
    ['of no zone', 'https://elsewhere.invalid/', {}, "the token's account has no zone of elsewhere.invalid"],
    [
      'by a refused token',
      'https://shop.invalid/',
      { CLOUDFLARE_API_TOKEN: 'x' },
      'Cloudflare answered 403: Authentication error. The token needs',
    ],
    [
      'without a token',
      'https://shop.invalid/',
      { CLOUDFLARE_API_TOKEN: '' },
      'there is no CLOUDFLARE_API_TOKEN, and wrangler is not logged in',
    ],
  ])('%s is not looked up, in one line, and --fail-open fails', async (_, url, env, why) => {
    const api = await zone(CLOSED);
    const said = await smoke(url, { ...api.env, ...env });
    expect(said).toMatch(/^ {2}! Whether the route is fail open was not looked up: [^\n]*$/);
    expect(said).toContain(why);
    expect(await smoke(url, { ...api.env, ...env }, '--fail-open')).toMatch(
      /^ {2}✗ The route was not opened: /,
    );
  });

  it('is no matter of wrangler dev', async () => {
    const { exitCode, stderr } = await callCommand(main, ['http://localhost:8787/', '--fail-open']);
    expect(stderr).toContain('--fail-open is about a route on Cloudflare.');
    expect(exitCode).toBe(2);
  });
});

// https://developers.cloudflare.com/workers/configuration/routing/routes/#matching-behavior
it.each<[string, string | undefined]>([
  ['https://shop.invalid/', 'shop.invalid/*'],
  ['https://shop.invalid/cart/1?x', 'shop.invalid/cart/*'],
  ['https://shop.invalid/cart/pay', 'shop.invalid/cart/pay'],
  ['http://shop.invalid/', 'http://shop.invalid/*'],
  ['https://a.shop.invalid/', '*.shop.invalid/*'],
  ['https://a.b.shop.invalid/', '*.shop.invalid/*'],
  ['https://www.shop.invalid/', 'www.shop.invalid/*'],
  ['https://customer.example/', '*/*'],
])('%s is taken by %s', (url, expected) => {
  const patterns = [
    '*/*',
    '*.shop.invalid/*',
    'shop.invalid/*',
    'http://shop.invalid/*',
    'www.shop.invalid/*',
    'shop.invalid/cart/*',
    'shop.invalid/cart/pay',
  ];
  expect(
    routeOf(
      patterns.map((pattern) => ({ pattern })),
      new URL(url),
    )?.pattern,
  ).toBe(expected);
});
