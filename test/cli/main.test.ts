/** The commands as processes: each does its work, and its result is the exit code. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { repository, runCommand } from './run-command.ts';

describe('npx edge-error-interceptor', () => {
  it.each([
    [[], 2],
    [['lokup'], 2],
    [['constructor'], 2],
  ])('%j: names the commands', async (args, code) => {
    const { exitCode, stdout, stderr } = await runCommand('src/cli/main.ts', args);
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    for (const name of ['check', 'smoke', 'lookup', 'preview', 'init']) {
      expect(stderr).toContain(`\n  ${name} `);
    }
  });

  it('--help is no mistake', async () => {
    const { exitCode, stdout } = await runCommand('src/cli/main.ts', ['--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('npx edge-error-interceptor lookup --help');
  });

  it('--version is that of the package', async () => {
    const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'));
    expect(await runCommand('src/cli/main.ts', ['--version'])).toEqual({
      exitCode: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  it('whoever reads the output may stop reading', async () => {
    const child = spawn(process.execPath, [join(repository, 'src/cli/main.ts'), 'lookup', '--help']);
    child.stdout.destroy();
    const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});
