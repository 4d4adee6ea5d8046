import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type RunningWorker, startWorkerd } from '../../support/workerd.ts';
import { atEnd, temporaryFolder } from '../support/at-end.ts';
import { recordsOf, startBehind } from '../support/behind.ts';
import { startChromium } from '../support/chromium.ts';
import { phpProgram } from '../support/nginx.ts';
import { versionOf } from '../support/run.ts';
import { visit } from '../support/visit.ts';
import { giveToWebUser } from '../support/web-user.ts';
import { addRow } from '../support/witness.ts';
import { expectBroken } from './support/broken.ts';
import { crawl } from './support/crawl.ts';
import { type Database, startMariadb } from './support/mariadb.ts';
import { type PhpSite, startPhpSite } from './support/php.ts';

const ada = { name: 'Ada', password: 'Tin7-Lantern' };
const secret = ['Gr4nite-Otter', ada.password];

/** IDs of requests, times, and tokens of forms. */
const varies = [
  /^[0-9a-f]{24}$/g,
  /(?<=^W\/")[^"]+/g,
  /(?<="wgRequestId":")\w+/g,
  /(?<="wgBackendResponseTime":)\d+/g,
  /(?<=time usage: |time":")[\d.]+/g,
  /\b\d{14}\b|\d\d:\d\d, \d+ \w+ 2026/g,
];

describe('MediaWiki', () => {
  let database: Database;
  let site: PhpSite;
  let worker: RunningWorker;
  let elsewhere: RunningWorker;
  let software: string;

  beforeAll(async () => {
    database = await startMariadb('mediawiki', 'Gr4nite-Otter');
    site = await startPhpSite({ installed: '/usr/share/mediawiki', fallback: '/index.php?$args' });
    const vars = { LOG_ORIGIN_BODY_BYTES: 8192 };
    worker = await startBehind(site, vars);
    elsewhere = await startWorkerd({ bundle: inject('bundle'), vars: { ...vars, ORIGIN_URL: site.url } });
    atEnd(() => elsewhere.stop());
    await site.script(
      'maintenance/install.php',
      '--dbtype=mysql',
      `--dbserver=${database.host}:${database.port}`,
      `--dbname=${database.name}`,
      `--dbuser=${database.user}`,
      `--dbpass=${database.password}`,
      `--server=${worker.url}`,
      '--scriptpath=',
      '--lang=en',
      `--pass=${ada.password}`,
      '--skins=Vector',
      'Tea wiki',
      ada.name,
    );
    await set("$wgLocaltimezone = 'UTC'; $wgJobRunRate = 0; $wgEnableUploads = true;");
    const pages = await temporaryFolder('pages');
    await mkdir(pages, { recursive: true });
    const names = Array.from({ length: 40 }, (_, index) => `Tea ${index}`);
    const links = names.map((name) => `* [[${name}]]\n`).join('');
    await Promise.all(
      names.map((name) =>
        writeFile(join(pages, `${name}.txt`), `'''${name}''' is brewed for minutes.\n\n${links}`),
      ),
    );
    const files = names.map((name) => join(pages, `${name}.txt`));
    await site.script('maintenance/importTextFiles.php', '--user', ada.name, ...files);
    await site.script('maintenance/runJobs.php');
    await giveToWebUser(site.root);
    const version = /\d+(?:\.\d+)+/.exec(await site.script('maintenance/version.php'))?.[0];
    software = `MediaWiki ${version}, PHP ${await versionOf(await phpProgram(), '-v')}`;
  });

  /** Adds a line to MediaWiki's settings. */
  async function set(line: string): Promise<void> {
    const file = join(site.root, 'LocalSettings.php');
    await writeFile(file, `${await readFile(file, 'utf8')}\n${line}\n`);
    await giveToWebUser(site.root);
  }

  it('is the same with and without the Worker, page by page, on a route and with ORIGIN_URL', async (context) => {
    const { paths, pages } = await crawl(site, [worker, elsewhere], {
      start: [
        '/',
        '/index.php/Tea_1',
        '/index.php/Special:RecentChanges',
        '/index.php/Special:AllPages',
        '/index.php?title=Nothing_here',
        '/api.php?action=query&list=allpages&format=json',
        '/rest.php/v1/page/Tea_1',
        '/index.php?title=Tea_1&action=history',
      ],
      limit: 75,
      headers: { Host: worker.host },
      leaveOut: /Random|UserLogin|CreateAccount|action=edit|PasswordReset/,
      varies,
    });
    expect(pages).toBeGreaterThan(50);
    for (const each of [worker, elsewhere]) expect(recordsOf(each)).toEqual([]);
    const done = `crawl of ${paths.length} URLs, ${pages} of them pages, on a route and with ORIGIN_URL`;
    addRow(context, [software, done, 'status, headers, body', 'the same', 'none']);
  });

  it('somebody signs in and edits a page', async (context) => {
    const browser = await startChromium();
    const page = await browser.newPage();
    await page.goto(`${worker.url}/index.php/Special:UserLogin`);
    await page.fill('#wpName1', ada.name);
    await page.fill('#wpPassword1', ada.password);
    await page.click('#wpLoginAttempt');
    await page.waitForSelector('#pt-userpage');
    await page.goto(`${worker.url}/index.php?title=Tea_1&action=edit`);
    await page.fill('#wpTextbox1', 'Now for four minutes.');
    await page.click('#wpSave');
    await page.waitForSelector('text=Now for four minutes.');
    expect(recordsOf(worker)).toEqual([]);
    addRow(context, [software, 'signed in, a page edited in a browser', 'saved', 'the same', 'none']);
  });

  /** The failure is on a page that no cache holds. */
  const uncached = { path: '/index.php/Tea_2?action=raw&key=Tr0ut-Fern' };

  it('a table is gone: the page hides what the record tells, also with details on', async (context) => {
    await database.sql('RENAME TABLE page TO page_gone');
    const broken = {
      software,
      message: 'Origin answered 500',
      secret: [...secret, 'Tr0ut-Fern'],
      ...uncached,
    };
    await expectBroken(
      context,
      { origin: site, worker },
      {
        ...broken,
        failure: 'a table is gone',
        cause: ['Fatal exception of type "Wikimedia\\Rdbms\\DBQueryError"'],
      },
    );
    await set('$wgShowExceptionDetails = true;');
    await expectBroken(
      context,
      { origin: site, worker },
      {
        ...broken,
        failure: 'a table is gone, with $wgShowExceptionDetails',
        cause: ['Wikimedia\\Rdbms\\DBQueryError', "Table 'mediawiki.page' doesn't exist"],
      },
    );
    await database.sql('RENAME TABLE page_gone TO page');
  });

  it('PHP is out of memory: the page, where the site itself is blank', async (context) => {
    await set(
      "if ( isset( $_GET['hungry'] ) ) $wgHooks['BeforePageDisplay'][] = fn () => str_repeat( 'x', 1 << 30 );",
    );
    await expectBroken(
      context,
      { origin: site, worker },
      {
        software,
        failure: 'PHP is out of memory',
        path: '/index.php/Tea_2?hungry',
        message: 'Origin answered 500',
        secret,
      },
    );
  });

  it('the database is stopped', async (context) => {
    await database.kill();
    await expectBroken(
      context,
      { origin: site, worker },
      {
        software,
        failure: 'the database is stopped',
        ...uncached,
        message: 'Origin answered 500',
        cause: ['Cannot access the database'],
        secret: [...secret, 'Tr0ut-Fern'],
      },
    );
    await database.restart();
    expect((await visit(worker, '/index.php/Tea_3')).status).toBe(200);
  });

  it('php-fpm is killed', async (context) => {
    await site.php.kill();
    const broken = { software, failure: 'php-fpm is killed', message: 'Origin answered 502' };
    await expectBroken(context, { origin: site, worker }, { ...broken, cause: ['502 Bad Gateway'] });
  });
});
