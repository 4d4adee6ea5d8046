import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { unusedPort } from '../../support/origin.ts';
import { type RunningWorker, startWorkerd } from '../../support/workerd.ts';
import { atEnd, temporaryFolder } from '../support/at-end.ts';
import { recordOfSeen, recordsOf, startBehind } from '../support/behind.ts';
import { startChromium } from '../support/chromium.ts';
import { type Daemon, startDaemon } from '../support/daemon.ts';
import { run } from '../support/run.ts';
import { visit } from '../support/visit.ts';
import { addRow } from '../support/witness.ts';
import { expectBroken } from './support/broken.ts';
import { crawl } from './support/crawl.ts';
import { debianVersion } from './support/debian.ts';
import { type Database, startMariadb } from './support/mariadb.ts';

const ada = { name: 'ada', password: 'Tin7-Lantern', mail: 'ada@shop.example' };
const secret = ['Gr4nite-Otter', ada.password, 'Tr0ut-Fern'];

/**
 * Texts that vary: cookies of sessions, tokens of forms, digests of pages that hold these, request IDs, and
 * durations.
 */
const varies = [
  /(?<=name="[\w-]*-)[0-9a-f]{8}(?=")/g,
  /less than a minute|\d+ minutes?(?=<)/g,
  /(?<=Redmine=)[^;]+/g,
  /(?<=name="(?:csrf-token|authenticity_token)" (?:content|value)=")[^"]+/g,
  /(?<=^W\/")[0-9a-f]{32}/g,
  /^[0-9a-f]{8}-[0-9a-f-]{27}$/g,
  /^\d\.\d{6}$/g,
];

/** Makes a project with issues, and a user who can sign in. */
const content = `
ada = User.new(firstname: 'Ada', lastname: 'L', mail: '${ada.mail}', admin: true)
ada.login = '${ada.name}'; ada.password = ada.password_confirmation = '${ada.password}'
ada.save!
project = Project.create!(name: 'Tea', identifier: 'tea')
project.trackers = Tracker.all
40.times do |i|
  Issue.create!(project: project, tracker: Tracker.first, author: ada, subject: "Kettle #{i}", priority: IssuePriority.first, status: IssueStatus.first)
end
`;

describe('Redmine on puma', () => {
  let database: Database;
  let root: string;
  let port: number;
  let site: Daemon;
  let worker: RunningWorker;
  let elsewhere: RunningWorker;
  let software: string;

  beforeAll(async () => {
    database = await startMariadb('redmine', 'Gr4nite-Otter');
    root = join(await temporaryFolder('redmine'), 'root');
    await cp('/usr/share/redmine', root, { recursive: true, verbatimSymlinks: true });
    for (const link of ['instances', 'Gemfile.lock', 'config/database.yml']) await rm(join(root, link));
    const gemfile = join(root, 'Gemfile');
    await writeFile(gemfile, (await readFile(gemfile, 'utf8')).replaceAll('/usr/share/redmine', root));
    const instance = join(root, 'instances/default');
    for (const folder of ['config', 'tmp', 'log', 'files', 'plugins']) {
      await mkdir(join(instance, folder), { recursive: true });
    }
    await writeFile(join(instance, 'config/secret_key.txt'), 'b'.repeat(128));
    await writeFile(
      join(instance, 'config/database.yml'),
      `production:
  adapter: mysql2
  database: ${database.name}
  host: ${database.host}
  port: ${database.port}
  username: ${database.user}
  password: ${database.password}
  encoding: utf8mb4
`,
    );
    await ruby('bundle', 'exec', 'rake', 'db:migrate');
    await ruby('bundle', 'exec', 'rake', 'redmine:load_default_data');
    await ruby('bundle', 'exec', 'rails', 'runner', content);
    port = await unusedPort();
    await startPuma();
    const vars = { LOG_ORIGIN_BODY_BYTES: 8192 };
    worker = await startBehind({ host: `127.0.0.1:${port}` }, vars);
    elsewhere = await startWorkerd({ bundle: inject('bundle'), vars: { ...vars, ORIGIN_URL: site.url } });
    atEnd(() => elsewhere.stop());
    software = `Redmine ${await debianVersion('redmine')}, puma ${await debianVersion('puma')}`;
  });

  const env = { RAILS_ENV: 'production', REDMINE_LANG: 'en' };

  /** Runs one of Redmine's own programs. */
  async function ruby(program: string, ...args: readonly string[]): Promise<void> {
    const ended = await run([program, ...args], { cwd: root, env });
    if (ended.code !== 0) throw new Error(ended.seen);
  }

  /** Starts puma with two threads. */
  async function startPuma(): Promise<void> {
    const address = `tcp://127.0.0.1:${port}`;
    const command = ['puma', '-b', address, '-e', 'production', '-t', '2:2', 'config.ru'] as const;
    site = await startDaemon(command, { port, cwd: root, env });
  }

  it('is the same with and without the Worker, page by page, on a route and with ORIGIN_URL', async (context) => {
    const { paths, pages } = await crawl(site, [worker, elsewhere], {
      start: [
        '/',
        '/issues',
        '/projects/tea',
        '/issues.json',
        '/issues.xml',
        '/projects/tea/activity.atom',
        '/nothing-here',
      ],
      limit: 70,
      headers: { Host: worker.host },
      leaveOut: /\.pdf|login|register|password/,
      varies,
    });
    expect(pages).toBeGreaterThan(50);
    for (const each of [worker, elsewhere]) expect(recordsOf(each)).toEqual([]);
    const done = `crawl of ${paths.length} URLs, ${pages} of them pages, on a route and with ORIGIN_URL`;
    addRow(context, [software, done, 'status, headers, body', 'the same', 'none']);
  });

  it('somebody signs in and writes, on a route and with ORIGIN_URL', async (context) => {
    const browser = await startChromium();
    for (const { url } of [worker, elsewhere]) {
      const page = await browser.newPage();
      await page.goto(`${url}/login`);
      await page.fill('#username', ada.name);
      await page.fill('#password', ada.password);
      await page.click('#login-submit');
      await page.waitForSelector('#loggedas');
      await page.goto(`${url}/issues/1/edit`);
      await page.fill('#issue_notes', `Descaled at ${url}`);
      await page.click('#issue-form > input[type=submit]');
      await page.waitForSelector('#flash_notice');
      expect(new URL(page.url()).origin).toBe(url);
    }
    for (const each of [worker, elsewhere]) expect(recordsOf(each)).toEqual([]);
    const done = 'signed in, an issue changed in a browser, on a route and with ORIGIN_URL';
    addRow(context, [software, done, 'saved', 'the same', 'none']);
  });

  const uncached = { path: '/issues?key=Tr0ut-Fern' };

  it('a table is gone: the page’s ID stands in front of the lines of Redmine’s own log', async (context) => {
    await database.sql('RENAME TABLE issues TO issues_gone');
    const seen = await expectBroken(
      context,
      { origin: site, worker },
      {
        software,
        failure: 'a table is gone',
        ...uncached,
        message: 'Origin answered 500',
        cause: ['An error occurred while executing the query and has been logged.'],
        secret,
      },
    );
    const id = String((await recordOfSeen(worker, seen.text))['request_id']);
    const log = await readFile(join(root, 'instances/default/log/production.log'), 'utf8');
    expect(log).toContain(`[${id}]`);
    expect(log).toMatch(new RegExp(`\\[${id}\\].*Table 'redmine.issues' doesn't exist`));
    await database.sql('RENAME TABLE issues_gone TO issues');
  });

  it('all threads wait for a database that hangs: the limit of time ends the wait', async (context) => {
    const patient = await startBehind(site, { ORIGIN_TIMEOUT_MS: 1500 });
    database.freeze();
    const stuck = Array.from({ length: 3 }, () => visit(site, '/issues').catch(() => undefined));
    const seen = await visit(patient, '/issues');
    expect(await recordOfSeen(patient, seen.text)).toMatchObject({ message: 'Origin timed out' });
    database.thaw();
    await Promise.all(stuck);
    addRow(context, [
      software,
      'the database hangs, and with it all threads; ORIGIN_TIMEOUT_MS = 1500',
      'no answer',
      'the page',
      'Origin timed out',
    ]);
  });

  it('the database is stopped', async (context) => {
    await database.kill();
    const broken = { software, ...uncached, message: 'Origin answered 500', secret };
    await expectBroken(
      context,
      { origin: site, worker },
      {
        ...broken,
        failure: 'the database is stopped',
        cause: ['Internal error'],
      },
    );
  });

  it('with the exceptions of Rails on the page', async (context) => {
    await site.kill();
    await database.restart();
    const file = join(root, 'config/environments/production.rb');
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace(/consider_all_requests_local *= false/, 'consider_all_requests_local = true'),
    );
    await startPuma();
    await database.kill();
    await expectBroken(
      context,
      { origin: site, worker },
      {
        software,
        failure: 'the database is stopped, with consider_all_requests_local',
        ...uncached,
        message: 'Origin answered 500',
        cause: ['ActiveRecord::ConnectionNotEstablished', "Can't connect to server on"],
        secret,
      },
    );
  });

  it('puma is killed', async (context) => {
    await site.kill();
    await expectBroken(
      context,
      { origin: site, worker },
      {
        software,
        failure: 'puma is killed',
        message: 'Origin did not answer',
      },
    );
  });
});
