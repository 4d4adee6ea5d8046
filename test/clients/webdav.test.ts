import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { startApache } from './support/apache.ts';
import { temporaryFolder } from './support/at-end.ts';
import { lastRecord, recordsOf, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { run, versionOf } from './support/run.ts';
import { visit } from './support/visit.ts';
import { giveToWebUser } from './support/web-user.ts';
import { witness } from './support/witness.ts';

describe('Apache with mod_dav', () => {
  let mine: string;
  let apache: Daemon;
  let worker: RunningWorker;

  beforeAll(async () => {
    const files = await temporaryFolder('dav');
    await mkdir(join(files, 'dav'));
    await giveToWebUser(files);
    mine = await temporaryFolder('mine');
    await writeFile(join(mine, 'note.txt'), 'a note\n'.repeat(5000));
    apache = await startApache(`
      DocumentRoot ${files}
      <Directory ${files}>
        Require all granted
      </Directory>
      <Location /dav>
        Dav On
      </Location>
      <Location /away>
        Header always set X-Intercept-Errors off
        RewriteEngine On
        RewriteRule ^ - [R=503,L]
      </Location>
      <Location /lost>
        Header set X-Intercept-Errors off
        RewriteEngine On
        RewriteRule ^ - [R=503,L]
      </Location>`);
    worker = await startBehind(apache);
  });

  /** Runs commands in cadaver. Returns the text that the user sees. */
  async function cadaver(base: string, ...commands: readonly string[]): Promise<string> {
    const input = `${['open ' + base + '/dav/', ...commands, 'quit'].join('\n')}\n`;
    const { seen } = await run(['cadaver'], {
      cwd: mine,
      input,
      env: { HOME: mine, TERM: 'dumb', LC_ALL: 'C' },
    });
    return seen
      .replaceAll(base, '')
      .replace(/\w{3} +\d+ \d\d:\d\d/g, 'TIME')
      .replace(/\[[=> ]*\]\s+[\d.]+% of \d+ bytes/g, '')
      .replace(/\s+/g, ' ');
  }

  it('puts, lists, locks, moves and deletes as without the Worker', async () => {
    const work = [
      'put note.txt',
      'mkcol box',
      'copy note.txt box/',
      'move note.txt box/other.txt',
      'lock box',
      'ls box',
    ];
    const clean = ['unlock box', 'cat box/other.txt', 'rmcol box', 'ls'];
    const direct = await cadaver(apache.url, ...work, ...clean);
    expect(direct).toContain('other.txt');
    expect(direct).not.toMatch(/failed/i);
    expect(await cadaver(worker.url, ...work, ...clean)).toBe(direct);
  });

  it('a 503 on purpose arrives with Header always set, and is lost with Header set', async () => {
    const direct = await visit(apache, '/away');
    expect(direct.status).toBe(503);
    expect(await visit(worker, '/away')).toEqual(direct);
    expect((await visit(worker, '/lost')).status).toBe(500);
  });

  it('Apache killed: cadaver says that the server has failed', async (context) => {
    const [without, through] = [await cadaver(apache.url, 'ls'), await cadaver(worker.url, 'ls')];
    await apache.kill();
    const since = recordsOf(worker).length;
    const dead = await cadaver(worker.url, 'ls');
    expect(dead).toContain('500 Internal Server Error');
    expect(await lastRecord(worker, since)).toMatchObject({
      message: 'Origin did not answer',
      http: { request: { method: expect.stringMatching(/OPTIONS|PROPFIND/) } },
    });
    witness(context, {
      software: 'cadaver',
      version: `${await versionOf('cadaver', '-V')}, Apache ${await versionOf('/usr/sbin/apache2', '-v')}`,
      done: 'put, list, lock, move and delete with WebDAV',
      without,
      through,
      dead,
    });
  });
});
