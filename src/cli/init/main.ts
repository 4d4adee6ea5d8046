/** `init`: writes into a Worker's configuration what error pages need and what it lacks, once it was shown. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { structuredPatch } from 'diff';
import { describeError } from '../check/check.ts';
import { findConfig } from '../check/find-config.ts';
import type { Command } from '../command.ts';
import { commandLine, npmKept } from '../npm-options.ts';
import { printable } from '../printable.ts';
import { complete } from './edit.ts';

const keepable = { config: { type: 'string', short: 'c' }, help: { type: 'boolean', short: 'h' } } as const;
// npm has a --yes of its own, which may stand in an .npmrc: where it kept this one, the command asks.
const options = { ...keepable, yes: { type: 'boolean', short: 'y' } } as const;

const HELP = `Writes into a Worker's configuration what request IDs need to lead somewhere, and the settings with their
defaults. It adds what is missing, changes nothing that is there, and shows the change before it asks.

  ${commandLine('init', [])}

Options
  --config FILE   another wrangler.toml, .json or .jsonc than the one in this folder
  --yes           write without asking
  --help          this text

Exit codes
  0  written, or nothing was missing
  1  not written
  2  the command line is malformed
`;

/** `init`. */
export const main: Command = async (argv, { env, stdout, stderr, ask }) => {
  let path: string;
  let isAgreed: boolean;
  try {
    const kept = npmKept(env, argv, keepable);
    if (kept !== undefined) throw new Error(kept);
    const { values } = parseArgs({ args: [...argv], options });
    if (values.help) {
      stdout.write(HELP);
      return 0;
    }
    path = values.config ?? findConfig(resolve());
    isAgreed = values.yes ?? false;
  } catch (error) {
    stderr.write(`${describeError(error)}\nAll options: ${commandLine('init', ['--help'])}\n`);
    return 2;
  }

  const name = basename(path);
  let before: string;
  let after: string;
  try {
    if (!/\.(?:toml|jsonc?)$/i.test(path)) throw new Error('is not a .toml, .json or .jsonc file');
    before = readFileSync(path, 'utf8');
    after = complete(path, before);
  } catch (error) {
    stderr.write(`✗ ${path}: ${describeError(error)}.\n`);
    return 1;
  }
  if (after === before) {
    stdout.write(`✓ ${name} lacks nothing.\n`);
    return 0;
  }
  stdout.write(`${name} would become:\n\n${changesOf(before, after)}\n\n`);
  if (!isAgreed && !isYes(await ask?.(`Write ${name}? Type yes: `))) {
    stderr.write(`Nothing was written. To write it: ${commandLine('init', [...argv, '--yes'])}\n`);
    return 1;
  }
  writeFileSync(path, after);
  stdout.write(`✓ ${name} is written. Next: ${commandLine('check', [])}\n`);
  return 0;
};

function isYes(answer: string | undefined): boolean {
  return answer !== undefined && /^\s*y(?:es)?\s*$/i.test(answer);
}

/** The changed lines, with two of their neighbours. */
function changesOf(before: string, after: string): string {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 2 });
  return hunks
    .map(({ lines }) =>
      lines.filter((line) => !line.startsWith('\\')).map((line) => printable(line.replace(/\r$/, ''))),
    )
    .map((lines) => lines.join('\n'))
    .join('\n  …\n');
}
