import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type RunningWorker, startWorkerd } from '../../support/workerd.ts';
import { atEnd, temporaryFolder } from '../support/at-end.ts';
import { recordOfSeen, recordsOf, startBehind } from '../support/behind.ts';
import { startChromium, textOn } from '../support/chromium.ts';
import { phpProgram } from '../support/nginx.ts';
import { versionOf } from '../support/run.ts';
import { visit } from '../support/visit.ts';
import { giveToWebUser } from '../support/web-user.ts';
import { addRow, tidy } from '../support/witness.ts';
import { expectBroken, shown } from './support/broken.ts';
import { crawl } from './support/crawl.ts';
import { type Database, startMariadb } from './support/mariadb.ts';
import { type PhpSite, startPhpSite } from './support/php.ts';

const apps = join(import.meta.dirname, 'apps/wordpress');
const ada = { name: 'ada', password: 'Tin7-Lantern', mail: 'ada@shop.example' };
const secret = ['Gr4nite-Otter', ada.password];

/** The line of README.md's "Your stack", and the line for TLS that every WordPress behind a proxy needs. */
const forwarded = `
if ( isset( $_SERVER['HTTP_X_FORWARDED_HOST'] ) ) $_SERVER['HTTP_HOST'] = $_SERVER['HTTP_X_FORWARDED_HOST'];
if ( ( $_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '' ) === 'https' ) $_SERVER['HTTPS'] = 'on';
`;

/** Texts that vary: names of embedded pages, the time, proposed passwords, and addresses hidden from robots. */
const varies = [
  /(?<=secret=\\?"?)\w{10}/g,
  /(?<="time":"|settings-time-1=)\d+/g,
  /(?<=data-pw=")[^"]+/g,
  /(?<=<kbd>)\w{8}(?=<)/g,
  /(?<=mailto:)[^<]+/g,
];

describe('WordPress', () => {
  let database: Database;
  let site: PhpSite;
  /** A Worker with the settings of the recipe. */
  let worker: RunningWorker;
  /** A Worker with the default of INTERCEPT. */
  let strict: RunningWorker;
  /** A Worker in the form with ORIGIN_URL. */
  let elsewhere: RunningWorker;
  let browser: Browser;
  let page: Page;
  let software: string;

  beforeAll(async () => {
    database = await startMariadb('wordpress', 'Gr4nite-Otter');
    // These are the settings of a developer's machine: traces show the arguments of functions.
    const ini = { 'zend.exception_ignore_args': '0', 'zend.exception_string_param_max_len': '15' };
    site = await startPhpSite({ installed: '/usr/share/wordpress', fallback: '/index.php?$args', ini });
    await rm(join(site.root, 'wp-config.php'));
    // No part of the site may ask wordpress.org.
    await edit('wp-config-sample.php', '<?php', "<?php\ndefine( 'WP_HTTP_BLOCK_EXTERNAL', true );");
    await mkdir(join(site.root, 'wp-content/plugins/opening-hours'));
    await mkdir(join(site.root, 'wp-content/mu-plugins'));
    await mkdir(join(site.root, 'wp-content/uploads'));
    await put('opening-hours.php', 'wp-content/plugins/opening-hours/opening-hours.php');
    const vars = { LOG_ORIGIN_BODY_BYTES: 8192 };
    strict = await startBehind(site, vars);
    worker = await startBehind(site, { ...vars, INTERCEPT: 'pages' });
    elsewhere = await startWorkerd({ bundle: inject('bundle'), vars: { ...vars, ORIGIN_URL: site.url } });
    atEnd(() => elsewhere.stop());
    browser = await startChromium();
    page = await (await browser.newContext()).newPage();
    const version = /wp_version = '([\d.]+)'/.exec(
      await readFile(join(site.root, 'wp-includes/version.php'), 'utf8'),
    );
    software = `WordPress ${version?.[1]}, PHP ${await versionOf(await phpProgram(), '-v')}`;
  });

  /** Replaces a text in one of the site's files. */
  async function edit(path: string, from: string, to: string): Promise<void> {
    const file = join(site.root, path);
    const text = await readFile(file, 'utf8');
    expect(text).toContain(from);
    await writeFile(file, text.replace(from, to));
    await giveToWebUser(site.root);
  }

  /** Copies a file of apps/wordpress into the site. */
  async function put(name: string, path: string): Promise<void> {
    await copyFile(join(apps, name), join(site.root, path));
    await giveToWebUser(site.root);
  }

  /** Writes a file of the recipes in src/answer/README.md into the site, as it stands there. */
  async function putRecipe(path: string): Promise<void> {
    const file = join(import.meta.dirname, '../../../src/answer/README.md');
    const [, after = ''] = (await readFile(file, 'utf8')).split(`\`${path}\``);
    const [, code = ''] = /```php\n([^]*?)```/.exec(after) ?? [];
    expect(code).toContain('<?php');
    await writeFile(join(site.root, path), code);
    await giveToWebUser(site.root);
  }

  /** Sets the site's address to this Worker's, and signs in there. */
  async function moveTo({ url }: RunningWorker): Promise<void> {
    await database.sql(
      `UPDATE wp_options SET option_value = '${url}' WHERE option_name IN ('siteurl', 'home')`,
    );
    await page.context().clearCookies();
    await page.goto(`${url}/wp-login.php`);
    // The form takes the focus a moment after it has appeared.
    await page.waitForFunction(`/^user_/.test(document.activeElement?.id)`);
    await page.fill('#user_login', ada.name);
    await page.fill('#user_pass', ada.password);
    await page.click('#wp-submit');
    await page.waitForURL(/wp-admin/);
    // The editor's greeting covers the form.
    const user = '(SELECT ID FROM wp_users)';
    const seen = 'a:1:{s:14:"core/edit-post";a:1:{s:12:"welcomeGuide";b:0;}}';
    await database.sql(
      `DELETE FROM wp_usermeta WHERE meta_key = 'wp_persisted_preferences';
       INSERT INTO wp_usermeta (user_id, meta_key, meta_value) VALUES (${user}, 'wp_persisted_preferences', '${seen}')`,
    );
  }

  it('is installed through the Worker, and somebody signs in', async (context) => {
    await page.goto(`${worker.url}/wp-admin/setup-config.php?step=1&noapi`);
    await page.fill('#dbname', database.name);
    await page.fill('#uname', database.user);
    await page.fill('#pwd', database.password);
    await page.fill('#dbhost', `${database.host}:${database.port}`);
    await page.click('[type=submit]');
    await page.click('text=Run the installation');
    await page.waitForLoadState('networkidle');
    await page.fill('#weblog_title', 'Tea shop');
    await page.fill('#user_login', ada.name);
    await page.fill('#pass1', ada.password);
    await page.fill('#admin_email', ada.mail);
    await page.click('#submit');
    await page.waitForSelector('text=WordPress has been installed');
    await moveTo(worker);
    const dashboard = await textOn(page);
    expect(dashboard).toContain('Welcome to WordPress!');
    expect(recordsOf(worker)).toEqual([]);
    addRow(context, [
      software,
      'installed in a browser, signed in',
      '',
      tidy(dashboard.slice(0, 100)),
      'none',
    ]);
  });

  it('is the same with and without the Worker, page by page, signed in and not', async (context) => {
    await put('content.php', 'content.php');
    await site.script('content.php');
    const cookies = await page.context().cookies();
    const Cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const Accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
    const reader = {
      varies,
      start: [
        '/',
        '/feed/',
        '/wp-json/',
        '/wp-sitemap.xml',
        '/robots.txt',
        '/nothing-here',
        '/?p=1',
        '/Assam-0',
      ],
      limit: 70,
      headers: { Host: worker.host, Accept },
      leaveOut: /oembed|replytocom|\/wp-json\/.|.\/feed/,
    };
    const writer = {
      varies,
      start: ['/wp-admin/', '/wp-admin/edit.php', '/wp-admin/options-general.php'],
      limit: 70,
      headers: { Host: worker.host, Accept, Cookie },
      leaveOut: /logout|action=|_wpnonce|(?:post|media)-new|customize|^\/(?!wp-admin)/,
    };
    const [read, written] = [
      await crawl(site, [worker, strict], reader),
      await crawl(site, [worker], writer),
    ];
    expect(read.pages).toBeGreaterThan(50);
    expect(written.pages).toBeGreaterThan(50);
    await edit('wp-config.php', '<?php', `<?php${forwarded}`);
    const again = { start: read.paths, limit: 0 };
    expect(await crawl(site, [elsewhere], { ...reader, ...again })).toEqual(read);
    expect(await crawl(site, [elsewhere], { ...writer, ...again, start: written.paths })).toEqual(written);
    for (const each of [worker, strict, elsewhere]) expect(recordsOf(each)).toEqual([]);
    const count = read.paths.length + written.paths.length;
    const done = `crawl of ${count} URLs, ${read.pages + written.pages} of them pages, on a route and with ORIGIN_URL`;
    addRow(context, [software, done, 'status, headers, body', 'the same', 'none']);
  });

  /** Writes a photo of which PHP has to make six smaller ones. */
  async function photo(): Promise<string> {
    const file = join(await temporaryFolder('photo'), 'tea.jpg');
    await site.script(join(apps, 'photo.php'), file);
    return file;
  }

  it('a photo whose upload fails half-way is finished by both uploaders', async (context) => {
    await moveTo(strict);
    await put('watermark.php', 'wp-content/mu-plugins/watermark.php');
    const file = await photo();
    const failed: string[] = [];
    page.on('response', (response) => {
      const isUpload = response.request().method() === 'POST';
      if (isUpload && response.status() >= 500) failed.push(new URL(response.url()).pathname);
    });

    await page.goto(`${strict.url}/wp-admin/media-new.php`);
    await page.setInputFiles('#plupload-upload-ui input[type=file]', file);
    await page.waitForSelector('#media-items .media-item .edit-attachment', { timeout: 60_000 });
    expect(failed).toEqual(['/wp-admin/async-upload.php']);

    await page.goto(`${strict.url}/wp-admin/post-new.php`);
    await page.click('[aria-label="Toggle block inserter"]');
    await page.fill('.block-editor-inserter__search input', 'Image');
    await page.click('.editor-block-list-item-image');
    await page.setInputFiles('.block-editor-media-placeholder input[type=file]', file);
    await page.waitForSelector('.wp-block-image img[src^="http"]', { timeout: 60_000 });
    await page.waitForSelector('.wp-block-image .components-spinner', { state: 'detached', timeout: 60_000 });
    expect(failed).toEqual(['/wp-admin/async-upload.php', '/wp-json/wp/v2/media']);
    page.removeAllListeners('response');

    const sizes = await database.sql(
      `SELECT meta_value FROM wp_postmeta WHERE meta_key = '_wp_attachment_metadata'`,
    );
    expect(sizes.match(/"2048x2048"/g)).toHaveLength(2);
    await page.fill('.wp-block-post-title', 'With a photo');
    await page.click('.editor-post-publish-button__button');
    await page.click('.editor-post-publish-panel .editor-post-publish-button');
    await page.waitForSelector('.post-publish-panel__postpublish');
    const answered = recordsOf(strict).filter(({ message }) => message === 'Origin answered 500');
    const paths = answered.map(({ url }) => Object(url)['path']);
    // The editor's search for blocks asks wordpress.org, which this test forbids.
    expect(paths.filter((path) => path !== '/wp-json/wp/v2/block-directory/search')).toEqual(failed);
    await rm(join(site.root, 'wp-content/mu-plugins/watermark.php'));
    const done =
      'photos uploaded in media-new.php and in the block editor, whose first request ran out of memory';
    addRow(context, [software, done, 'finished', 'the same', 'Origin answered 500, each']);
  });

  it('the plugin editor takes a good change, and rolls a fatal one back', async (context) => {
    const file = 'opening-hours/opening-hours.php';
    /** Changes a plugin in the editor. Returns the editor's message. */
    async function change({ url }: RunningWorker, from: string, to: string): Promise<string> {
      await page.goto(`${url}/wp-admin/plugin-editor.php?plugin=${file}&file=${file}`);
      const understood = page.locator('.file-editor-warning-dismiss');
      if (await understood.isVisible()) await understood.click();
      const arguments_ = [from, to].map((text) => JSON.stringify(text)).join();
      await page.evaluate(
        `(({ codemirror }) => codemirror.setValue(codemirror.getValue().replace(${arguments_})))(wp.themePluginEditor.instance)`,
      );
      await page.click('#submit');
      const notice = page.locator('.notice-success, .notice-error').last();
      return (await notice.innerText()).replaceAll(/\s+/g, ' ').trim();
    }

    await moveTo(worker);
    await page.goto(`${worker.url}/wp-admin/plugins.php`);
    await page.click('#activate-opening-hours');
    await page.waitForSelector('#deactivate-opening-hours');
    const good = await change(worker, '17', '18');
    const fatal = await change(worker, '<?php', '<?php no_such_function();');
    await moveTo(strict);
    const strictly = await change(strict, '<?php', '<?php no_such_function();');
    expect(good).toContain('File edited successfully');
    expect(fatal).toContain('Call to undefined function no_such_function()');
    // The editor sends a request to the site itself. The Worker replaced the answer.
    expect(strictly).toContain('Unable to communicate back with site');
    const text = await readFile(join(site.root, 'wp-content/plugins', file), 'utf8');
    expect(text).toContain('9 to 18');
    expect(text).not.toContain('no_such_function');
    const done = 'a fatal change in the plugin editor';
    addRow(context, [
      software,
      `${done}, INTERCEPT = "pages"`,
      tidy(fatal),
      'the same',
      'Origin answered 500',
    ]);
    addRow(context, [
      software,
      `${done}, INTERCEPT = "all"`,
      tidy(fatal),
      tidy(strictly),
      'Origin answered 500',
    ]);
  });

  it('maintenance is a page of ours, and with the drop-in that of the site', async (context) => {
    const file = join(site.root, '.maintenance');
    await writeFile(file, `<?php $upgrading = ${Math.floor(Date.now() / 1000)};`);
    await expectBroken(
      context,
      { origin: site, worker },
      {
        software,
        failure: 'an update runs (.maintenance)',
        message: 'Origin answered 503',
        cause: ['Briefly unavailable for scheduled maintenance'],
      },
    );
    await putRecipe('wp-content/maintenance.php');
    const headers = { Host: worker.host };
    const [direct, through] = [await visit(site, '/', { headers }), await visit(worker, '/', { headers })];
    expect(direct.text).toContain('Please come back in ten minutes.');
    expect(through).toEqual(direct);
    await rm(file);
    addRow(context, [
      software,
      'the same, with maintenance.php of the recipe',
      shown(direct),
      'the same',
      'Origin answered 503 on purpose',
    ]);
  });

  it('what wp_die says is shown with the plugin of the recipe, and a fatal error is not', async (context) => {
    const die =
      "add_action( 'init', fn() => isset( $_GET['sold_out'] ) && wp_die( 'Sold out until Monday' ) );";
    await writeFile(join(site.root, 'wp-content/mu-plugins/shop.php'), `<?php\n${die}`);
    const headers = { Host: worker.host };
    const path = '/?sold_out';
    const before = await visit(worker, path, { headers });
    expect(await recordOfSeen(worker, before.text)).toMatchObject({ message: 'Origin answered 500' });
    await putRecipe('wp-content/mu-plugins/intended-errors.php');
    const direct = await visit(site, path, { headers });
    expect(direct.text).toContain('500: Sold out until Monday');
    expect(await visit(worker, path, { headers })).toEqual(direct);
    addRow(context, [
      software,
      'wp_die of a plugin, with intended-errors.php of the recipe',
      shown(direct),
      'the same',
      'Origin answered 500 on purpose',
    ]);
  });

  /** Replaces the line of code in the test's plugin. */
  const plugin = (line: string) =>
    writeFile(join(site.root, 'wp-content/mu-plugins/shop.php'), `<?php\n${line}`);

  it('a plugin calls what is not there, or is out of memory', async (context) => {
    const critical = 'There has been a critical error on this website.';
    await plugin("isset( $_GET['fatal'] ) && no_such_function( 'Tin7-Lantern' );");
    const broken = { software, path: '/?fatal', message: 'Origin answered 500', cause: [critical], secret };
    await expectBroken(
      context,
      { origin: site, worker },
      { ...broken, failure: 'a plugin calls what is not there' },
    );
    await plugin("isset( $_GET['fatal'] ) && str_repeat( 'x', 1 << 30 );");
    await expectBroken(context, { origin: site, worker }, { ...broken, failure: 'PHP is out of memory' });
  });

  it('with the recipe for it, PHP’s own log has the request ID beside a fatal error', async (context) => {
    await plugin("isset( $_GET['fatal'] ) && no_such_function();");
    await putRecipe('wp-content/mu-plugins/request-id.php');
    const { text } = await visit(worker, '/?fatal', { headers: { Host: worker.host } });
    const { request_id: id } = await recordOfSeen(worker, text);
    const log = await readFile(join(site.root, '../php.log'), 'utf8');
    expect(log).toContain(
      `Request ID ${String(id)}: Uncaught Error: Call to undefined function no_such_function()`,
    );
    await visit(worker, '/', { headers: { Host: worker.host } });
    expect(await readFile(join(site.root, '../php.log'), 'utf8')).toBe(log);
    addRow(context, [
      software,
      'a fatal error, with request-id.php of the recipe',
      '500',
      'the page, and in PHP’s log its ID with the cause',
      'Origin answered 500',
    ]);
  });

  it('with errors on the page, the record has the cause and not the password', async (context) => {
    const login =
      "function login( $user, $password ) { throw new RuntimeException( 'No answer from LDAP' ); }";
    await plugin(`${login} isset( $_GET['fatal'] ) && login( 'ada', '${ada.password}' );`);
    await edit('wp-config.php', "define( 'WP_DEBUG', false );", "define( 'WP_DEBUG', true );");
    await expectBroken(
      context,
      { origin: site, worker },
      {
        software,
        failure: 'a plugin throws, with WP_DEBUG',
        path: '/?fatal',
        message: 'Origin answered 500',
        cause: ['Uncaught RuntimeException: No answer from LDAP', 'shop.php:2', 'login('],
        secret,
      },
    );
    await edit('wp-config.php', "define( 'WP_DEBUG', true );", "define( 'WP_DEBUG', false );");
  });

  it('a table is gone', async (context) => {
    await database.sql('RENAME TABLE wp_options TO wp_options_gone');
    await expectBroken(
      context,
      { origin: site, worker },
      {
        software,
        failure: 'a table is gone',
        message: 'Origin answered 500',
        cause: ['Error establishing a database connection'],
        secret,
      },
    );
    await database.sql('RENAME TABLE wp_options_gone TO wp_options');
  });

  it('the database is frozen, so that all workers wait', async (context) => {
    database.freeze();
    const stuck = Array.from({ length: 6 }, () => visit(site, '/').catch(() => undefined));
    await expectBroken(
      context,
      { origin: site, worker },
      {
        software,
        failure: 'the database hangs, and with it all workers of PHP',
        message: 'Origin answered 504',
        cause: ['504 Gateway Time-out'],
      },
    );
    await Promise.all(stuck);
    database.thaw();
  });

  it('the database is stopped', async (context) => {
    await database.kill();
    const cause = ['Error establishing a database connection'];
    const broken = { software, message: 'Origin answered 500', cause, secret };
    await expectBroken(context, { origin: site, worker }, { ...broken, failure: 'the database is stopped' });
    await edit('wp-config.php', "define( 'WP_DEBUG', false );", "define( 'WP_DEBUG', true );");
    await expectBroken(
      context,
      { origin: site, worker },
      {
        ...broken,
        failure: 'the database is stopped, with WP_DEBUG',
        cause: ['Connection refused', ...cause],
      },
    );
    await edit('wp-config.php', "define( 'WP_DEBUG', true );", "define( 'WP_DEBUG', false );");
    await database.restart();
    expect((await visit(strict)).status).toBe(200);
  });

  it('php-fpm is killed, then nginx', async (context) => {
    await site.php.kill();
    const broken = {
      software,
      failure: 'php-fpm is killed',
      message: 'Origin answered 502',
      cause: ['502 Bad Gateway'],
    };
    await expectBroken(context, { origin: site, worker }, broken);
    await site.kill();
    const dead = { software, failure: 'nginx is killed', message: 'Origin did not answer' };
    await expectBroken(context, { origin: site, worker }, dead);
  });
});
