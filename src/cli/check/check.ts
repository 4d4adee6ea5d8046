/** Examines everything that a deploy would upload: each environment of a configuration, and the page template. */
import { dirname, relative } from 'node:path';
import { readPageFile } from '../check-page/page-file.ts';
import { plural } from '../format.ts';
import type { Screen } from '../terminal.ts';
import { environmentName, examineConfig, type Kind } from './config-problems.ts';
import { programs } from './find-config.ts';
import { readWranglerConfig } from './wrangler-config.ts';

/**
 * Examines a configuration and a page template, and prints the result. Problems go to stderr.
 * @param config a wrangler.toml, .json or .jsonc file
 * @param page undefined if there is no template, as in a project that uses the package
 * @returns true if there is no problem
 * @throws CommandFailure if the configuration cannot be read
 */
export async function check(
  config: string,
  kind: Kind,
  page: string | undefined,
  { stdout, stderr }: { readonly stdout: Screen; readonly stderr: Screen },
): Promise<boolean> {
  const environments = await readWranglerConfig(config, false);
  const inConfig = examineConfig(environments, kind);
  const inPage = page === undefined ? undefined : readPageFile(page);
  const unread = programs(dirname(config)).map(
    (name) => `${name} is a program, which cannot be read here: what cf deploys by it is not checked.`,
  );
  const warnings = [...inConfig.warnings, ...unread, ...(inPage?.warnings ?? [])];
  const problems = [...inConfig.problems, ...(inPage?.problems ?? [])];
  for (const warning of warnings) stderr.say(`! ${warning}`);
  for (const problem of problems) stderr.say(`✗ ${problem}`);
  if (problems.length > 0) {
    const files = [config, ...(page !== undefined && inPage?.problems.length ? [relative('', page)] : [])];
    stderr.say(`${plural(problems.length, 'problem')} in ${files.join(' and ')}.`);
    return false;
  }
  const names = environments.map(({ environment }) => environmentName(environment)).join(', ');
  stdout.say(`✓ Settings${inPage === undefined ? '' : ' and page'} are valid (${names}).`);
  return true;
}
