import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { unusedPort } from '../../support/origin.ts';
import { type RunningWorker, startWorkerd } from '../../support/workerd.ts';
import { atEnd, temporaryFolder } from '../support/at-end.ts';
import { recordsOf, startBehind } from '../support/behind.ts';
import { startChromium, textOn } from '../support/chromium.ts';
import { type Daemon, startDaemon } from '../support/daemon.ts';
import { run } from '../support/run.ts';
import { addRow } from '../support/witness.ts';
import { expectBroken } from './support/broken.ts';
import { crawl } from './support/crawl.ts';
import { debianVersion, python } from './support/debian.ts';

const ada = { name: 'ada', password: 'Tin7-Lantern' };
const secret = [ada.password, 'Qu4rtz-lamp', 'Tr0ut-Fern'];

describe('Django’s administration', () => {
  let folder: string;
  /** The site without DEBUG. */
  let site: Daemon;
  /** The site with DEBUG. */
  let debugging: Daemon;
  let worker: RunningWorker;
  let elsewhere: RunningWorker;
  let software: string;
  /** The session of a user who has signed in through the Worker. */
  let Cookie: string;

  beforeAll(async () => {
    folder = await temporaryFolder('django');
    await copyFile(join(import.meta.dirname, 'apps/django/shop.py'), join(folder, 'shop.py'));
    const made = await run([python, join(folder, 'shop.py')], { env: { SHOP: folder } });
    if (made.code !== 0) throw new Error(made.seen);
    site = await startShop({});
    debugging = await startShop({ DEBUG: 'yes' });
    worker = await startBehind(site);
    elsewhere = await startWorkerd({ bundle: inject('bundle'), vars: { ORIGIN_URL: site.url } });
    atEnd(() => elsewhere.stop());
    software = `Django ${await debianVersion('python3-django')}, gunicorn ${await debianVersion('gunicorn')}`;
  });

  /** Starts the shop under gunicorn. */
  async function startShop(env: Readonly<Record<string, string>>): Promise<Daemon> {
    const port = await unusedPort();
    const options = ['--workers=1', '--worker-tmp-dir=/dev/shm', `--bind=127.0.0.1:${port}`];
    return startDaemon([python, '-m', 'gunicorn', ...options, 'shop:application'], {
      port,
      cwd: folder,
      env: { ...env, SHOP: folder, PYTHONDONTWRITEBYTECODE: '1' },
    });
  }

  /** Signs in. Returns the text on the screen then, and the cookies. */
  async function signIn({ url }: { readonly url: string }) {
    const browser = await startChromium();
    const page = await browser.newPage();
    await page.goto(`${url}/login/?next=/auth/user/`);
    await page.fill('#id_username', ada.name);
    await page.fill('#id_password', ada.password);
    await page.click('[type=submit]');
    await page.waitForLoadState();
    const cookies = await page.context().cookies();
    return {
      text: await textOn(page),
      cookies: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
    };
  }

  it('somebody signs in, on a route and with ORIGIN_URL', async (context) => {
    const through = await signIn(worker);
    Cookie = through.cookies;
    expect(through.text).toContain('visitor59');
    expect((await signIn(elsewhere)).text).toContain('visitor59');
    for (const each of [worker, elsewhere]) expect(recordsOf(each)).toEqual([]);
    addRow(context, [software, 'signed in, on a route and with ORIGIN_URL', 'signed in', 'the same', 'none']);
  });

  it('is the same with and without the Worker, page by page, on a route and with ORIGIN_URL', async (context) => {
    const { paths, pages } = await crawl(site, [worker, elsewhere], {
      start: [
        '/',
        '/auth/user/',
        '/auth/group/',
        '/auth/user/add/',
        '/nothing-here',
        '/jsi18n/',
        '/auth/user',
      ],
      limit: 80,
      headers: { Host: worker.host, Cookie },
      leaveOut: /logout|^\/static/,
      varies: [/(?<=csrfmiddlewaretoken" value=")\w+/g, /(?<=csrf=)\w+/g],
    });
    expect(pages).toBeGreaterThan(50);
    for (const each of [worker, elsewhere]) expect(recordsOf(each)).toEqual([]);
    const done = `crawl of ${paths.length} URLs, ${pages} of them pages, on a route and with ORIGIN_URL`;
    addRow(context, [software, done, 'status, headers, body', 'the same', 'none']);
  });

  it('a table is gone, without DEBUG and with it', async (context) => {
    const sql = (statement: string) =>
      `import sqlite3; sqlite3.connect('${folder}/shop.db').execute('${statement}')`;
    const dropped = await run([python, '-c', sql('DROP TABLE auth_group')]);
    expect(dropped.code, dropped.seen).toBe(0);
    const question = {
      software,
      path: '/auth/group/',
      headers: { Cookie: `${Cookie}; token=Tr0ut-Fern` },
      secret,
    };
    const open = await startBehind(site, { LOG_ORIGIN_BODY_BYTES: 8192 });
    await expectBroken(
      context,
      { origin: site, worker: open },
      {
        ...question,
        failure: 'a table is gone',
        message: 'Origin answered 500',
        cause: ['Server Error (500)'],
      },
    );
    const debug = await startBehind(debugging, { LOG_ORIGIN_BODY_BYTES: 8192 });
    await expectBroken(
      context,
      { origin: debugging, worker: debug },
      {
        ...question,
        failure: 'a table is gone, with DEBUG',
        message: 'Origin answered 500',
        cause: ['OperationalError', 'no such table: auth_group'],
        secret: [...secret, Cookie.replace(/.*sessionid=(\w+).*/, '$1')],
      },
    );
  });

  it('gunicorn is killed', async (context) => {
    await site.kill();
    const dead = { software, failure: 'gunicorn is killed', message: 'Origin did not answer' };
    await expectBroken(context, { origin: site, worker }, dead);
  });
});
