import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { temporaryFolder } from './support/at-end.ts';
import { startApache } from './support/apache.ts';
import { recordOfSeen, startBehind, requestIdPattern } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { type Run, run, versionOf } from './support/run.ts';
import { giveToWebUser } from './support/web-user.ts';
import { witness } from './support/witness.ts';

/** Runs git without settings of a user. */
const alone = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@shop.example',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@shop.example',
  LC_ALL: 'C',
};

describe('git over HTTP', () => {
  let folder: string;
  let apache: Daemon;
  let worker: RunningWorker;
  let pages: RunningWorker;

  const git = (...args: readonly string[]): Promise<Run> =>
    run(['git', '-c', 'init.defaultBranch=main', ...args], { cwd: folder, env: alone });

  beforeAll(async () => {
    folder = await temporaryFolder('git');
    await git('init', '-q', '--bare', 'shop.git');
    await git('-C', 'shop.git', 'config', 'http.receivepack', 'true');
    await writeFile(join(folder, 'broken.sh'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    await giveToWebUser(join(folder, 'shop.git'));
    await chmod(folder, 0o755);
    apache = await startApache(`
      SetEnv GIT_PROJECT_ROOT ${folder}
      SetEnv GIT_HTTP_EXPORT_ALL 1
      ScriptAliasMatch ^/broken/(.*)$ ${folder}/broken.sh/$1
      ScriptAlias /git/ /usr/lib/git-core/git-http-backend/
      <LocationMatch "^/(git|broken)">
        Require all granted
      </LocationMatch>
      <Directory ${folder}>
        Options +ExecCGI
        Require all granted
      </Directory>`);
    worker = await startBehind(apache);
    pages = await startBehind(apache, { INTERCEPT: 'pages' });
  });

  it.each([['all'], ['pages']])(
    'clones, commits and pushes as without the Worker, INTERCEPT %s',
    async (intercept) => {
      const { url } = intercept === 'all' ? worker : pages;
      const copy = `copy-${intercept}`;
      expect(await git('clone', '-q', `${url}/git/shop.git`, copy)).toMatchObject({ code: 0 });
      await writeFile(join(folder, copy, 'file.txt'), 'x'.repeat(2_000_000));
      await git('-C', copy, 'add', '.');
      await git('-C', copy, 'commit', '-qm', intercept, '--allow-empty');
      expect(await git('-C', copy, 'push', '-q', 'origin', 'HEAD:main')).toMatchObject({ code: 0 });
      const direct = await git('ls-remote', `${apache.url}/git/shop.git`);
      expect(direct.stdout).toContain('refs/heads/main');
      expect((await git('ls-remote', `${url}/git/shop.git`)).stdout).toBe(direct.stdout);
    },
  );

  it('prints the sentence and the ID where the server answers 500', async () => {
    const { stderr } = await git('clone', `${worker.url}/broken/shop.git`, 'nothing');
    expect(stderr).toMatch(new RegExp(`^remote: .*${requestIdPattern.source}`, 'm'));
    expect(await recordOfSeen(worker, stderr)).toMatchObject({
      message: 'Origin answered 500',
      answer: { format: 'text' },
    });
  });

  it('prints what it prints without the Worker with INTERCEPT "pages"', async () => {
    const direct = await git('clone', `${apache.url}/broken/shop.git`, 'nothing');
    const through = await git('clone', `${pages.url}/broken/shop.git`, 'nothing');
    expect(through.stderr.replaceAll(pages.url, '')).toBe(direct.stderr.replaceAll(apache.url, ''));
  });

  it('prints the sentence and the ID where the server is dead: for a clone, and a push of one who had cloned', async (context) => {
    const without = await git('ls-remote', `${apache.url}/git/shop.git`);
    const through = await git('ls-remote', `${worker.url}/git/shop.git`);
    await git('clone', '-q', `${worker.url}/git/shop.git`, 'last');
    await git('-C', 'last', 'commit', '-qm', 'more', '--allow-empty');
    await apache.kill();
    const pushed = await git('-C', 'last', 'push', 'origin', 'HEAD:main');
    const dead = await git('clone', `${worker.url}/git/shop.git`, 'nothing');
    for (const { stderr, code } of [pushed, dead]) {
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/^remote: /m);
      expect(await recordOfSeen(worker, stderr)).toMatchObject({
        message: 'Origin did not answer',
        answer: { format: 'text' },
      });
    }
    witness(context, {
      software: 'git',
      version: await versionOf('git'),
      done: 'clone, push, ls-remote (Apache with git-http-backend)',
      without: without.seen.replace(/[0-9a-f]{40}/g, 'COMMIT'),
      through: through.seen.replace(/[0-9a-f]{40}/g, 'COMMIT'),
      dead: dead.seen,
    });
  });
});
