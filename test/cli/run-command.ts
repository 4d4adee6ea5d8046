/** A command of this repository, as a child process. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface CommandRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The folder of the repository. */
export const repository = join(import.meta.dirname, '../..');

/** Runs a script of the repository, such as `src/cli/check.ts`, or of a copy of it. */
export async function runCommand(
  script: string,
  args: readonly string[],
  { root = repository, env = {} }: { root?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<CommandRun> {
  const child = spawn(process.execPath, [join(root, script), ...args], {
    cwd: root,
    env: { ...process.env, CI: 'true', WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  return { exitCode, stdout, stderr };
}
