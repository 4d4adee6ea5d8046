/** `npm run dev` as a newcomer meets it: a failing link, the page, the terminal, the cause, Ctrl-C. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { cases, unusedPort } from '../support/origin.ts';
import { main } from '../../src/cli/dev/main.ts';
import { main as lookup } from '../../src/cli/lookup/main.ts';
import { callCommand } from '../cli/run-command.ts';
import { changed, tomlFile } from '../cli/wrangler-toml.ts';

const root = join(import.meta.dirname, '../..');
let port: number;
let state: string;
let dev: ChildProcess;
let terminal = '';

beforeAll(async () => {
  port = await unusedPort();
  state = await mkdtemp(join(tmpdir(), 'dev-'));
  const options = ['--port', String(port), '--inspector-port', '0', '--persist-to', state];
  dev = spawn('npm', ['run', 'dev', '--', ...options], { cwd: root, detached: true, stdio: 'pipe' });
  for (const stream of [dev.stdout, dev.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (terminal += text));
  }
  for (let attempt = 0; !(await isUp()); attempt++) {
    if (attempt > 500 || dev.exitCode !== null) throw new Error(`npm run dev did not start:\n${terminal}`);
    await sleep(200);
  }
});

afterAll(async () => {
  if (dev.pid !== undefined && isRunning()) process.kill(-dev.pid, 'SIGKILL');
  await rm(state, { recursive: true, force: true, maxRetries: 5 });
});

function isUp(): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/ok`).then(
    (response) => response.ok,
    () => false,
  );
}

/** True if a process of the group that `npm run dev` started still runs. */
function isRunning(): boolean {
  try {
    return dev.pid !== undefined && process.kill(-dev.pid, 0);
  } catch {
    return false;
  }
}

describe('npm run dev', () => {
  it('lists every way to fail and to work', async () => {
    const index = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    expect(index.indexOf('A tour of five clicks')).toBeLessThan(index.indexOf('Every way to fail'));
    expect(/<ol>([^]*?)<\/ol>/.exec(index)?.[1]?.match(/<li>/g)).toHaveLength(5);
    for (const { examples } of cases) for (const example of examples) expect(index).toContain(`"${example}"`);
  });

  it.each(
    cases.filter(({ kind }) => kind === 'fails').map(({ path, examples }) => [path, examples[0] ?? path]),
  )('%s shows the page, and the terminal shows the same ID', async (_path, example) => {
    const response = await fetch(`http://127.0.0.1:${port}${example}`, { headers: { Accept: 'text/html' } });
    const requestId = response.headers.get('X-Request-Id') ?? '';
    expect(response.status).toBe(500);
    expect(requestId).toMatch(/^[\da-f-]{36}$/);
    expect((await response.text()).replace(/<[^>]*>/g, '')).toContain(requestId);
    const line = new RegExp(`^\\d{3} GET \\S+ → ${requestId} (?:Origin|Worker|Application) `, 'm');
    await expect.poll(() => terminal, { timeout: 60_000 }).toMatch(line);
    expect(terminal).not.toContain('request_id');
  });

  it('leads from the ID on a page to its cause', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/retry-after`);
    const requestId = response.headers.get('X-Request-Id') ?? '';
    const { stdout, stderr, exitCode } = await callCommand(lookup, [
      '--local',
      `http://127.0.0.1:${port}`,
      requestId.toUpperCase(),
    ]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toContain('503');
    expect(stdout).toContain(requestId);
    expect(stdout).toContain('SECRET origin detail');
  });

  it('says in one line that the port is in use, and what to type', async () => {
    for (const args of [
      ['--port', String(port)],
      ['--config', await tomlFile(changed(/^port = 8787$/m, `port = ${port}`))],
    ]) {
      expect(await callCommand(main, args)).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `✗ Port ${port} is in use: stop what listens there, or type\n  npm run dev -- --port ${port + 10}\n`,
      });
    }
  });

  it('says of the page whether it is valid when it is saved', async () => {
    const now = new Date();
    await utimes(join(root, 'src/page/page.html'), now, now);
    await expect.poll(() => terminal, { timeout: 60_000 }).toContain('✓ src/page/page.html is valid.\n');
  });

  it('ends with Ctrl-C, and leaves nothing running', async () => {
    if (dev.pid !== undefined) process.kill(-dev.pid, 'SIGINT');
    await expect.poll(isRunning, { timeout: 60_000 }).toBe(false);
    expect(await isUp()).toBe(false);
  });
});

// `script`, a program of util-linux, gives a program a terminal.
const script =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;
if (!script) console.warn('No script of util-linux: what npm run dev does on a terminal is skipped.');

it.skipIf(!script)(
  'on a terminal Enter shows the record of the last failure, and Ctrl-C ends it',
  async () => {
    const own = await unusedPort();
    const folder = await mkdtemp(join(tmpdir(), 'dev-'));
    const command = `npm run dev -- --port ${own} --inspector-port 0 --persist-to ${folder}`;
    const child = spawn('script', ['-qfec', command, '/dev/null'], { cwd: root });
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    let screen = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
    await expect.poll(() => screen, { timeout: 60_000 }).toContain('Ready on');
    expect(screen).toContain('Press Enter for the whole record of the last failure');
    child.stdin.write('\n');
    await expect.poll(() => screen, { timeout: 60_000 }).toContain('Nothing has failed so far.');

    const response = await fetch(`http://127.0.0.1:${own}/retry-after`);
    const requestId = response.headers.get('X-Request-Id') ?? 'none';
    await expect.poll(() => screen, { timeout: 60_000 }).toContain(`→ ${requestId} Origin answered 503`);
    expect(screen).not.toContain('request_id');
    child.stdin.write('\n');
    await expect.poll(() => screen, { timeout: 60_000 }).toContain(`"request_id": "${requestId}"`);

    child.stdin.write('\u0003');
    await expect.poll(() => child.exitCode ?? child.signalCode, { timeout: 60_000 }).not.toBeNull();
  },
  120_000,
);

it('a port that is none is a malformed command line', async () => {
  const { exitCode, stderr } = await callCommand(main, ['--port', 'web']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: '--port web is no port.\nAll options:\n  npm run dev -- --help\n',
  });
});
