/** `init`: shows the missing parts of a Worker's configuration for error pages, and writes them on request. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { structuredPatch } from 'diff';
import { CONFIG_OPTION, findConfig, readConfig } from '../check/find-config.ts';
import { defineCommand } from '../command.ts';
import { printable } from '../printable.ts';
import { commandLine } from '../terminal.ts';
import { complete } from './edit.ts';

/** The command `init`. */
export const main = defineCommand({
  name: 'init',
  summary: "writes what a Worker's own configuration lacks",
  about:
    "Writes into a Worker's configuration what request IDs need to lead somewhere, and the settings with their defaults. It adds what is missing, changes nothing that is there, and shows the change before it asks.",
  examples: { '': 'the configuration in this folder' },
  options: (parser) => parser.addOption(CONFIG_OPTION).option('-y, --yes', 'write without asking'),
  words: 'none',
  exitCodes: { 0: 'written, or nothing was missing', 1: 'not written' },
  run: async ({ values, argv }, { stdout, stderr, ask }) => {
    const path = values.config ?? findConfig();
    const name = basename(path);
    const [before, after] = await readConfig(path, async () => {
      const text = await readFile(path, 'utf8');
      return [text, complete(path, text)];
    });
    if (after === before) {
      stdout.say(`✓ ${name} lacks nothing.`);
      return 0;
    }
    stdout.write(`${name} would become:\n\n${changesOf(before, after)}\n\n`);
    const answer = values.yes === true ? 'yes' : await ask?.(`Write ${name}? Type yes: `);
    if (!/^\s*y(?:es)?\s*$/i.test(answer ?? '')) {
      stderr.say(`Nothing was written. To write it:\n  ${commandLine('init', [...argv, '--yes'])}`);
      return 1;
    }
    await writeFile(path, after);
    stdout.say(`✓ ${name} is written. Next:\n  ${commandLine('check')}`);
    return 0;
  },
});

/** The changed lines, with two lines before and after them. */
function changesOf(before: string, after: string): string {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 2 });
  return hunks
    .map(({ lines }) => lines.filter((line) => !line.startsWith('\\')))
    .map((lines) => lines.map((line) => printable(line.replace(/\r$/, ''))).join('\n'))
    .join('\n  …\n');
}
