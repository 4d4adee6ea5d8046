import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDAVClient } from 'tsdav';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { unusedPort } from '../../support/origin.ts';
import { ask } from '../../support/ask.ts';
import { type RunningWorker, startWorkerd } from '../../support/workerd.ts';
import { atEnd, temporaryFolder } from '../support/at-end.ts';
import { lastRecord, recordsOf, startBehind } from '../support/behind.ts';
import { type Daemon, startDaemon } from '../support/daemon.ts';
import { visit } from '../support/visit.ts';
import { addRow, tidy } from '../support/witness.ts';
import { expectBroken, shown } from './support/broken.ts';
import { debianVersion, python } from './support/debian.ts';
import { smallDisk } from './support/small-disk.ts';

const ada = { username: 'ada', password: 'Tin7-Lantern' };
const Authorization = `Basic ${Buffer.from(`${ada.username}:${ada.password}`).toString('base64')}`;
const secret = [ada.password, Authorization.slice(6)];

describe('Radicale', () => {
  let storage: string;
  let site: Daemon;
  let worker: RunningWorker;
  let elsewhere: RunningWorker;
  let software: string;

  beforeAll(async () => {
    storage = await temporaryFolder('radicale');
    site = await startRadicale(storage);
    const vars = { LOG_ORIGIN_BODY_BYTES: 8192 };
    worker = await startBehind(site, vars);
    elsewhere = await startWorkerd({ bundle: inject('bundle'), vars: { ...vars, ORIGIN_URL: site.url } });
    atEnd(() => elsewhere.stop());
    software = `Radicale ${await debianVersion('radicale')}, tsdav`;
  });

  /** Starts Radicale with its calendars in this folder. */
  async function startRadicale(folder: string): Promise<Daemon> {
    const port = await unusedPort();
    const own = await temporaryFolder('radicale');
    await writeFile(join(own, 'users'), `${ada.username}:${ada.password}\n`);
    await writeFile(
      join(own, 'config'),
      `[server]
hosts = 127.0.0.1:${port}
[auth]
type = htpasswd
htpasswd_filename = ${own}/users
htpasswd_encryption = plain
[storage]
filesystem_folder = ${folder}
[logging]
level = error
`,
    );
    return startDaemon([python, '-m', 'radicale', '--config', join(own, 'config')], { port });
  }

  /** Makes a calendar by the method of RFC 5689. The runtime does not know MKCALENDAR, the method of RFC 4791. */
  async function makeCalendar(server: { readonly port: number }, path: string): Promise<number> {
    const body = `<mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>
      <resourcetype><collection/><C:calendar/></resourcetype><displayname>Tea</displayname>
    </prop></set></mkcol>`;
    return (await ask(server, { method: 'MKCOL', path, headers: { Authorization }, body })).status;
  }

  const event = (summary: string) =>
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//tea//EN',
      'BEGIN:VEVENT',
      'UID:tea-1',
      'DTSTAMP:20261130T120000Z',
    ]
      .concat([`SUMMARY:${summary}`, 'DTSTART:20261201T160000Z', 'DTEND:20261201T170000Z', 'END:VEVENT'])
      .concat(['END:VCALENDAR', ''])
      .join('\r\n');

  /** Signs in like a calendar program. */
  const connect = (serverUrl: string) =>
    createDAVClient({ serverUrl, credentials: ada, authMethod: 'Basic', defaultAccountType: 'caldav' });

  /** Uses a calendar as a person does. Returns the texts that the person sees. */
  async function useCalendar({
    url,
    port,
  }: {
    readonly url: string;
    readonly port: number;
  }): Promise<string[]> {
    expect(await makeCalendar({ port }, '/ada/tea/')).toBe(201);
    const client = await connect(url);
    const [calendar] = await client.fetchCalendars();
    if (calendar === undefined) throw new Error('No calendar');
    const seen = [String(calendar.displayName), (calendar.components ?? []).join()];
    const created = await client.createCalendarObject({
      calendar,
      filename: '1.ics',
      iCalString: event('Tasting'),
    });
    seen.push(`created ${created.status}`);
    const [object] = await client.fetchCalendarObjects({ calendar });
    if (object === undefined) throw new Error('No event');
    const changed = { ...object, data: event('Tasting of Keemun') };
    seen.push(`changed ${(await client.updateCalendarObject({ calendarObject: changed })).status}`);
    // The event was changed in between, so If-Match no longer holds.
    seen.push(`changed ${(await client.updateCalendarObject({ calendarObject: changed })).status}`);
    const [again] = await client.fetchCalendarObjects({ calendar });
    seen.push(/SUMMARY:(.*)/.exec(String(again?.data))?.[1]?.trim() ?? '');
    seen.push(`deleted ${(await client.deleteCalendarObject({ calendarObject: again ?? object })).status}`);
    const { status } = await ask(
      { port },
      { method: 'DELETE', path: '/ada/tea/', headers: { Authorization } },
    );
    return [...seen, `deleted ${status}`];
  }

  it('a calendar is made, filled, read, changed and emptied, on a route and with ORIGIN_URL', async (context) => {
    const direct = await useCalendar(site);
    expect(direct).toContain('Tasting of Keemun');
    for (const each of [worker, elsewhere]) {
      expect(await useCalendar(each)).toEqual(direct);
      expect(recordsOf(each)).toEqual([]);
    }
    const done =
      'a calendar made with MKCOL, an event written, read, changed and deleted, on a route and with ORIGIN_URL';
    addRow(context, [software, done, tidy(direct.join(', ')), 'the same', 'none']);
  });

  it('MKCALENDAR is refused by the runtime itself: the Worker is not asked', async (context) => {
    const question = { method: 'MKCALENDAR', path: '/ada/other/', headers: { Authorization } };
    const [direct, through] = [await ask(site, question), await ask(worker, question)];
    expect(direct.status).toBe(201);
    expect(through.status).toBe(501);
    expect(recordsOf(worker)).toEqual([]);
    const seen = tidy(`${through.status}: ${through.text}`);
    addRow(context, [software, 'MKCALENDAR', '201', seen, 'none']);
  });

  const headers = { Authorization };

  it('an event is moved on a route; with ORIGIN_URL Radicale refuses, as it knows another host', async (context) => {
    const move = async (server: { readonly port: number; readonly host: string }) => {
      await makeCalendar(site, '/ada/old/');
      await ask(site, { method: 'PUT', path: '/ada/old/1.ics', headers, body: event('Tasting') });
      const Destination = `http://${server.host}/ada/old/2.ics`;
      const question = { method: 'MOVE', path: '/ada/old/1.ics', headers: { ...headers, Destination } };
      const answer = await ask(server, question);
      await ask(site, { method: 'DELETE', path: '/ada/old/', headers });
      return answer;
    };
    expect((await move(site)).status).toBe(201);
    expect((await move(worker)).status).toBe(201);
    const refused = await move(elsewhere);
    expect(refused.status).toBe(500);
    const id = refused.header('x-request-id') ?? '';
    expect(await elsewhere.recordsOf(id, 2)).toMatchObject([{ message: 'Origin answered 502' }, {}]);
    addRow(context, [software, 'MOVE on a route', '201', 'the same', 'none']);
    addRow(context, [software, 'MOVE with ORIGIN_URL', '201', `${refused.status}`, 'Origin answered 502']);
  });

  it('the disk is full: Radicale itself answers 400, which is no failure', async (context) => {
    const full = await startRadicale(await smallDisk(40));
    const behind = await startBehind(full);
    expect(await makeCalendar(full, '/ada/tea/')).toBe(201);
    const body = event('Tasting '.repeat(10_000));
    const question = { method: 'PUT', path: '/ada/tea/1.ics', headers, body };
    const [direct, through] = [
      await visit(full, question.path, question),
      await visit(behind, question.path, question),
    ];
    expect(direct.status).toBe(400);
    expect(through).toEqual(direct);
    expect(recordsOf(behind)).toEqual([]);
    addRow(context, [software, 'the disk is full, an event is written', shown(direct), 'the same', 'none']);
  });

  it('a calendar’s file is damaged', async (context) => {
    expect(await makeCalendar(site, '/ada/damaged/')).toBe(201);
    const folder = join(storage, 'collection-root/ada/damaged');
    expect(await readdir(folder)).toContain('.Radicale.props');
    await writeFile(join(folder, '.Radicale.props'), '{"tag": ');
    await expectBroken(
      context,
      { origin: site, worker },
      {
        software,
        failure: 'the file of a calendar is damaged',
        path: '/ada/damaged/',
        headers,
        message: 'Origin answered 500',
        cause: ['A server error occurred'],
        secret,
      },
    );
  });

  it('Radicale is killed: tsdav says so', async (context) => {
    await site.kill();
    const since = recordsOf(worker).length;
    const said = async ({ url }: { readonly url: string }) =>
      connect(url).then(String, (error: unknown) => tidy(String(error)));
    const [direct, through] = [await said(site), await said(worker)];
    expect(await lastRecord(worker, since)).toMatchObject({ message: 'Origin did not answer' });
    addRow(context, [software, 'Radicale is killed', direct, through, 'Origin did not answer']);
  });
});
