/** `npx wrangler deploy` is the deploy: the `[build]` of wrangler.toml runs check before it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CommandRun, repository, runCommand } from '../cli/run-command.ts';
import { folderWith, shipped } from '../cli/wrangler-toml.ts';

test('check runs before npx wrangler deploy, and a problem stops the upload', async () => {
  const script = `node ${join(repository, 'src/cli/main.ts')} check`;
  const folder = await folderWith({
    'package.json': JSON.stringify({ scripts: { 'check:settings': script } }),
    'wrangler.toml': shipped,
  });
  const deploy = (...args: string[]): Promise<CommandRun> =>
    runCommand('node_modules/wrangler/bin/wrangler.js', ['deploy', '--dry-run', ...args], { cwd: folder });
  expect(await deploy()).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/✓ Settings and page are valid[^]*--dry-run: exiting now/),
  });
  await writeFile(join(folder, 'wrangler.toml'), shipped.replace('SITE_NAME =', 'SITE_NAM ='));
  const { exitCode, stdout } = await deploy('--env=');
  expect(stdout).toContain('SITE_NAM is not a setting; did you mean SITE_NAME?');
  expect(stdout).not.toContain('--dry-run: exiting now');
  expect(exitCode).toBe(1);
});
