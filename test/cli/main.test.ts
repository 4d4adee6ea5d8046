/** The commands as processes: what is asked for is done, and its end is the exit code. */
import { describe, expect, it } from 'vitest';
import { runCommand, runProgram } from './run-command.ts';

describe('node src/cli/main.ts', () => {
  it.each([
    [[], 2],
    [['lokup'], 2],
    [['constructor'], 2],
  ])('%j: names the commands', async (args, code) => {
    const { exitCode, stdout, stderr } = await runCommand('src/cli/main.ts', args);
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    for (const name of ['dev', 'check', 'deploy', 'smoke', 'lookup', 'preview', 'init']) {
      expect(stderr).toContain(`npm run ${name} `);
    }
  });

  it('--help is no mistake', async () => {
    const { exitCode, stdout } = await runCommand('src/cli/main.ts', ['--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('npm run lookup -- --help');
  });

  it('whoever has read enough of it gets no error', async () => {
    const { stdout, stderr } = await runProgram('sh', ['-c', 'node src/cli/main.ts --help | head -1']);
    expect({ stdout, stderr }).toEqual({ stdout: 'Give a command:\n', stderr: '' });
  });
});
