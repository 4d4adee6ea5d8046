#!/usr/bin/env node
/** `npx edge-error-interceptor COMMAND`, from the source in a checkout and from dist/cli in the package. */
import { USAGE, type Command } from './command.ts';
import { version } from './package.ts';
import { runProcess } from './process.ts';
import { commandLine, screenOn } from './terminal.ts';

/** The commands by name, each loaded when it is called. */
const commands: Readonly<Record<string, () => Promise<{ readonly main: Command }>>> = {
  init: () => import('./init/main.ts'),
  check: () => import('./check/main.ts'),
  preview: () => import('./preview/main.ts'),
  smoke: () => import('./smoke/main.ts'),
  lookup: () => import('./lookup/main.ts'),
};

await runProcess(async ([name = '', ...argv], surroundings) => {
  const { stdout, stderr, env } = surroundings;
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load !== undefined) return (await load()).main.call(argv, surroundings);
  if (['--version', '-v'].includes(name)) {
    stdout.write(`${version()}\n`);
    return 0;
  }
  const isHelp = ['--help', '-h', 'help'].includes(name);
  const screen = screenOn(isHelp ? stdout : stderr, env);
  if (name !== '' && !isHelp) screen.say(`There is no command ${JSON.stringify(name)}.\n`);
  const all = await Promise.all(Object.values(commands).map(async (loadOne) => (await loadOne()).main));
  const lines = all.map((command) => `  ${command.name.padEnd(9)}${command.summary}`);
  screen.say(`Give a command:\n\n${lines.join('\n')}\n\nMore of each:`);
  screen.say(`  ${commandLine('lookup', ['--help'])}`);
  return isHelp ? 0 : USAGE;
});
