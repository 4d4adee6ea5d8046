import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { recordAt, recordOfSeen, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { httpClients } from './support/http-clients.ts';
import { ownWords } from './apps/own-words.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

const kinds = ['json', 'xml', 'html', 'text'] as const;
/** The form that a client without an Accept header gets, by the media type of the site's error. */
const formOf = { json: 'json', xml: 'text', html: 'html', text: 'text' } as const;

describe('HTTP clients', () => {
  let site: Daemon;
  let worker: RunningWorker;
  let pages: RunningWorker;
  let keepsStatus: RunningWorker;
  let pagesWithStatus: RunningWorker;

  beforeAll(async () => {
    site = await startServer('site');
    worker = await startBehind(site);
    pages = await startBehind(site, { INTERCEPT: 'pages' });
    keepsStatus = await startBehind(site, { ERROR_STATUS: 'origin' });
    pagesWithStatus = await startBehind(site, { INTERCEPT: 'pages', ERROR_STATUS: 'origin' });
  });

  describe.each(httpClients)('$name', ({ name, ask, form, showsBody }) => {
    const index = httpClients.findIndex((client) => client.name === name);

    it('sees no difference while the site works', async () => {
      for (const path of ['/file', '/json', '/moved', '/missing']) {
        const direct = await ask(site.url + path);
        expect(tidied(await ask(worker.url + path), worker)).toBe(tidied(direct, site));
      }
      expect(await ask(`${worker.url}/echo`, 'a text')).toBe(await ask(`${site.url}/echo`, 'a text'));
    });

    it.each(kinds)('gets the form that suits it where the site answers 503 with %s', async (kind) => {
      const path = `/fail/${kind}/for-${index}`;
      const seen = await ask(worker.url + path);
      expect(seen).not.toContain(ownWords);
      expect(await recordAt(worker, path)).toMatchObject({
        message: 'Origin answered 503',
        http: { response: { status_code: 500 } },
        answer: { format: form === 'json' ? 'json' : formOf[kind] },
      });
      if (showsBody) await recordOfSeen(worker, seen);
    });

    it.each(kinds)('gets the 503 with %s of the site itself with INTERCEPT "pages"', async (kind) => {
      const path = `/fail/${kind}/for-${index}`;
      const chosen = kind === 'xml' ? pagesWithStatus : pages;
      const direct = await ask(site.url + path);
      expect(tidied(await ask(chosen.url + path), chosen)).toBe(tidied(direct, site));
      expect(await recordAt(chosen, path)).toMatchObject({
        http: { response: { status_code: 503 } },
        answer: { format: 'origin' },
      });
    });

    it('sees the status of the site with ERROR_STATUS "origin"', async () => {
      const path = `/fail/text/for-${index}`;
      const seen = await ask(keepsStatus.url + path);
      if (showsBody) expect(seen).toMatch(/503|Service Unavailable/);
      expect(seen).not.toContain(ownWords);
      expect(await recordAt(keepsStatus, path)).toMatchObject({ http: { response: { status_code: 503 } } });
    });
  });

  describe('where the site is killed', () => {
    const before = new Map<string, readonly [without: string, through: string]>();

    beforeAll(async () => {
      for (const { name, ask } of httpClients) {
        before.set(name, [await ask(`${site.url}/file`), await ask(`${worker.url}/file`)]);
      }
      await site.kill();
    });

    it.for(httpClients)('$name is told, with an ID', async (client, context) => {
      const path = `/file/for-${httpClients.indexOf(client)}`;
      const dead = await client.ask(worker.url + path);
      expect(await recordAt(worker, path)).toMatchObject({
        message: 'Origin did not answer',
        http: { response: { status_code: 500 } },
        answer: { format: client.form },
      });
      if (client.showsBody) await recordOfSeen(worker, dead);
      const [without = '', through = ''] = before.get(client.name) ?? [];
      const version = await client.version();
      witness(context, { software: client.name, version, done: 'GET', without, through, dead });
    });
  });

  describe('where the site is frozen', () => {
    let frozen: Daemon;
    let patient: RunningWorker;

    beforeAll(async () => {
      frozen = await startServer('site');
      patient = await startBehind(frozen, { ORIGIN_TIMEOUT_MS: 500 });
      frozen.freeze();
    });

    it.each(httpClients)('$name is told when the time is up', async ({ name, ask, showsBody }) => {
      const path = `/file/for-${httpClients.findIndex((client) => client.name === name)}`;
      const seen = await ask(patient.url + path);
      expect(await recordAt(patient, path)).toMatchObject({
        message: 'Origin timed out',
        error: { type: 'http_response_timeout' },
      });
      if (showsBody) await recordOfSeen(patient, seen);
    });
  });
});

function tidied(text: string, { url }: { readonly url: string }): string {
  return text.replaceAll(url, 'http://site');
}
