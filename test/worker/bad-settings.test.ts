/** Hostile and wrong settings harm nobody, and the operator gets a warning. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SettingName } from '../../src/settings.ts';
import { ask, type Answer } from '../support/ask.ts';
import { fail, forPrograms, idOf, linksOf, problemOf, startOnRoute } from '../support/failing-site.ts';
import { type Origin, startOrigin } from '../support/origin.ts';
import type { RunningWorker, WorkerdOptions } from '../support/workerd.ts';

let origin: Origin;

beforeAll(async () => {
  origin = await startOrigin();
});

afterAll(() => origin.stop());

const start = (vars?: WorkerdOptions['vars']) => startOnRoute(origin, vars);

/** The warnings so far. Waits for the records of these answers first. */
async function warningsAfter(worker: RunningWorker, answers: readonly Answer[]): Promise<string[]> {
  for (const answer of answers) expect(await worker.recordsOf(idOf(answer))).toHaveLength(1);
  return worker.logs.filter(({ level }) => level === 'warn').map(({ message }) => message.join(' '));
}

describe('a hostile value', () => {
  const markup = '"><script>alert(1)</script>';
  const harmless = (answer: Answer) => {
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/<script>alert/i);
    expect(answer.text).not.toMatch(/href="?(?:javascript|data|vbscript):(?!,)/i);
    expect(answer.text).not.toMatch(/onload=alert\(1\)/);
    expect(answer.text).not.toMatch(/(?![\n\t])\p{Cc}/u);
    expect(answer.text.match(/<script/g) ?? []).toHaveLength(1);
    expect(answer.text.length).toBeLessThan(20_000);
  };

  it.each([
    ['SITE_NAME', markup],
    ['SITE_NAME', '{{request_id}}{{{support_url}}}</title>'],
    ['SUPPORT_URL', `https://x.example/${markup}`],
    ['SUPPORT_URL', `mailto:a${markup}@x.example`],
    ['STATUS_PAGE_URL', `https://x.example/?a=1&b=${markup}`],
  ])('%s = %s cannot inject anything into the page, and stays data in JSON', async (name, value) => {
    const worker = await start({ [name]: value });
    const page = await fail(worker);
    harmless(page);
    expect(page.text).not.toContain(value);
    const json = await fail(worker, forPrograms);
    expect(problemOf(json)).toMatchObject({ status: 500, request_id: idOf(json) });
    expect(await warningsAfter(worker, [page, json])).toEqual([]);
  });

  const controls = 'a\u0007b\u001b[31m\rc\nd';
  const long = 'y'.repeat(10_000);
  const javascript = 'javascript:alert(1)';
  it.each([
    {
      SITE_NAME: controls,
      SUPPORT_URL: javascript,
      STATUS_PAGE_URL: javascript,
      DEFAULT_LANGUAGE: markup,
      ERROR_STATUS: markup,
      ORIGIN_URL: javascript,
      ORIGIN_TIMEOUT_MS: '1e400',
      LOG_ORIGIN_BODY_BYTES: '9'.repeat(10_000),
      TRUST_REQUEST_ID: markup,
      INTERCEPT: '[1]',
      ORIGIN: 'https://evil.example',
    },
    {
      SITE_NAME: long,
      // The tab hides the scheme from a search for its name.
      SUPPORT_URL: 'java\tscript:alert(1)',
      STATUS_PAGE_URL: `https://x.example/${long}`,
      DEFAULT_LANGUAGE: '__proto__',
      // A Response cannot have this status.
      ERROR_STATUS: 999,
      ORIGIN_URL: `http://${long}`,
    },
    { SUPPORT_URL: 'data:text/html,<script>alert(1)</script>' },
    { SUPPORT_URL: `https://x.example/${long}` },
    { SUPPORT_URL: `https://x.example/${controls}` },
  ])('that is wrong, too, is not used: the answer is the default one, with one warning (%#)', async (bad) => {
    const worker = await start(bad);
    const page = await fail(worker);
    harmless(page);
    expect(page.text).toContain('>shop.example<');
    expect(page.header('Content-Language')).toBe('en');
    expect(linksOf(page)).toEqual(['/', '']);
    const [warning = '', ...more] = await warningsAfter(worker, [page, await fail(worker, forPrograms)]);
    expect(more).toEqual([]);
    expect(warning).toMatch(/^Settings not used: /);
    for (const name of Object.keys(bad)) {
      const [said = ''] = warningOf(name).exec(warning) ?? [];
      expect(said, name).not.toBe('');
      expect(said.length, name).toBeLessThan(400);
    }
    expect(warning.length).toBeLessThan(400 * Object.keys(bad).length);
  });
});

/** A pattern for the warning about a setting. */
function warningOf(name: string): RegExp {
  return new RegExp(`${name} is \\S.*?, which .*?\\. Allowed: .+?\\. Used instead: .+?\\.`);
}

describe('bad settings', () => {
  const bad = {
    ORIGIN_URL: 'shop.example',
    ORIGIN_TIMEOUT_MS: '10s',
    SITE_NAME: 'x'.repeat(101),
    SUPPORT_URL: 'help@shop.example',
    STATUS_PAGE_URL: 'status',
    ERROR_STATUS: 404,
    INTERCEPT: 'some',
    DEFAULT_LANGUAGE: 'tlh',
    TRUST_REQUEST_ID: 'yes',
    LOG_ORIGIN_BODY_BYTES: 10_000,
    CORS_ORIGINS: 'shop.example',
    DRILL_TOKEN: 'too short',
  } satisfies Record<SettingName, unknown>;

  it('all at once leave a Worker as by default, and a good page as it is', async () => {
    const worker = await start(bad);
    const page = await fail(worker);
    const byDefault = await fail(await start());
    const withoutIdAndTime = (answer: Answer) =>
      answer.text.replaceAll(idOf(answer), 'ID').replace(/<time[^]*<\/time>/, '');
    expect(withoutIdAndTime(page)).toBe(withoutIdAndTime(byDefault));
    expect((await ask(worker, { path: '/ok' })).text).toBe((await ask(origin, { path: '/ok' })).text);
  });

  it('are warned of once an isolate, in one line that names each with what is allowed', async () => {
    const worker = await start(bad);
    const answers = await Promise.all(Array.from({ length: 20 }, () => fail(worker)));
    const [warning, ...more] = await warningsAfter(worker, answers);
    expect(more).toEqual([]);
    for (const name of Object.keys(bad)) expect(warning).toMatch(warningOf(name));
  });

  it('are warned of by each isolate', async () => {
    const workers = await Promise.all([start(bad), start(bad)]);
    for (const worker of workers) {
      expect(await warningsAfter(worker, [await fail(worker), await fail(worker)])).toHaveLength(1);
    }
  });

  it('that are good after all are not warned of', async () => {
    const worker = await start({ ERROR_STATUS: 'origin', SITE_NAME: 'Shop', TRUST_REQUEST_ID: 'true' });
    expect(await warningsAfter(worker, [await fail(worker)])).toEqual([]);
  });
});
