/** Every command line in the documents, in code blocks and in sentences, is one that can be typed. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository, runCommand } from '../cli/run-command.ts';

// The changes also name commands of earlier versions.
const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: repository, encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((name) => name !== 'CHANGELOG.md');

const programs = {
  'edge-error-interceptor': 'src/cli/main.ts',
  wrangler: 'node_modules/wrangler/bin/wrangler.js',
  vitest: 'node_modules/vitest/vitest.mjs',
} as const;

const helps = new Map<string, Promise<string>>();

test.each(documents)('every command in %s exists, with the options that it is given', async (name) => {
  const text = await readFile(join(repository, name), 'utf8');
  const lines = [...text.matchAll(/(?:npx|npm run|(?<!npx )node) [^`\n|#]+/g)].map(([line]) => line.trim());
  const faults = await Promise.all(lines.map(faultIn));
  expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
});

/** The fault of a command line, if it has one: what it names and is not there. */
async function faultIn(line: string): Promise<string | undefined> {
  const words = line.split(/\s+/);
  const missing = words.filter((word) => /^(?:src|test)\//.test(word) && !existsSync(join(repository, word)));
  const [runner, program = '', ...args] = words[1] === 'node' ? words.slice(1) : words;
  if (runner === 'npm' && !(await scripts()).includes(args[0] ?? '')) missing.push(args[0] ?? '');
  if (runner === 'npx') missing.push(...(await missingIn(program, args)));
  return missing.length === 0 ? undefined : `${line}: there is no ${missing.join(', ')}`;
}

/** The program, the command or the options that do not exist. */
async function missingIn(program: string, args: readonly string[]): Promise<string[]> {
  if (!isProgram(program)) return [program];
  const end = args.findIndex((word) => !/^[a-z]+$/.test(word));
  const command = end === -1 ? args : args.slice(0, end);
  if (command.length === 0) return [];
  const help = await helpOf(program, command);
  if (help === '') return [command.join(' ')];
  const options = args.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? '');
  return options.filter((option) => !new RegExp(`${option}(?![\\w-])`).test(help));
}

function isProgram(name: string): name is keyof typeof programs {
  return Object.hasOwn(programs, name);
}

/** The help of a command. Empty if there is no such command. */
function helpOf(program: keyof typeof programs, command: readonly string[]): Promise<string> {
  const key = [program, ...command].join(' ');
  const help = runCommand(programs[program], [...command, '--help']).then(({ exitCode, stdout }) =>
    // The help of a command begins with its own name or says it, and not with a list of all commands.
    exitCode === 0 && stdout.includes(key) ? stdout : '',
  );
  return helps.get(key) ?? helps.set(key, help).get(key) ?? help;
}

async function scripts(): Promise<string[]> {
  return Object.keys(JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')).scripts);
}
