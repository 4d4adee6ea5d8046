/** Fits text to a terminal: its width, its colours, and command lines for the package manager in use. */
import { stripVTControlCharacters, styleText } from 'node:util';
import { Help } from '@commander-js/extra-typings';

/** The output of a command: `process.stdout`, or a test's own. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Style = (text: string) => string;
type Format = Parameters<typeof styleText>[0];

/** Sets off parts of a text. Without colours each of these returns the text unchanged. */
export type Paint = Readonly<Record<'alarm' | 'heading' | 'aside', Style>>;

/** An output with its width and its colours. */
export interface Screen extends Output {
  readonly width: number;
  readonly paint: Paint;
  /** Writes text for people. It wraps each line between words, and colours a mark at its start. */
  say(text: string): void;
}

const UNKNOWN_WIDTH = 80;
// On a narrower terminal, wrapped text is harder to read than the terminal's own line breaks.
const LEAST_WIDTH = 30;
const MARKS: Readonly<Record<string, Format>> = { '✓': 'green', '✗': 'red', '!': 'yellow' };

/** The screen behind an output. */
export function screenOn(output: Output, env: Environment): Screen {
  const width = Math.max(LEAST_WIDTH, (output.columns ?? Number(env['COLUMNS'])) || UNKNOWN_WIDTH);
  const style = (format: Format): Style =>
    hasColours(output, env) ? (text) => styleText(format, text, { validateStream: false }) : String;
  return {
    write: (text) => output.write(text),
    isTTY: output.isTTY,
    columns: output.columns,
    width,
    paint: { alarm: style(['bold', 'red']), heading: style('bold'), aside: style('dim') },
    say(text) {
      const colour = (mark: string): string => style(MARKS[mark] ?? [])(mark);
      output.write(`${wrap(text, width).replace(/(?<=^ *)[✓✗!](?= )/gm, colour)}\n`);
    },
  };
}

/** True on a terminal, unless `NO_COLOR` is set (https://no-color.org). Elsewhere true only with `FORCE_COLOR`. */
function hasColours(output: Output, env: Environment): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

// Commander's help breaks lines between words, too.
const help = Object.assign(new Help(), { minWidthToWrap: 0 });
// The start of "  ✗ text" and of "  --option VALUE  text".
const START = /^(?:\p{Cc}\[\d+m| )*(?:[✓✗!→-](?:\p{Cc}\[\d+m)* |\S+(?: \S+){0,2}  +)?/u;

/**
 * Breaks long lines between words. The rest of a line is indented below its first word. A word that is longer than
 * the width stays whole, and so does a line that is a command line to copy.
 */
export function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (isCommandLine(line) || help.displayWidth(line) <= width ? line : wrapLine(line, width)))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  const [start = ''] = START.exec(line) ?? [];
  const indent = help.displayWidth(start);
  const lines = help.boxWrap(line.slice(start.length), width - indent).split('\n');
  const hasRoom = indent <= width / 2 && lines.every((one) => indent + help.displayWidth(one) <= width);
  if (hasRoom) return start + lines.join(`\n${' '.repeat(indent)}`);
  const less = Math.min(indent, 4);
  return help.boxWrap(line, width - less).replaceAll('\n', `\n${' '.repeat(less)}`);
}

function isCommandLine(line: string): boolean {
  return /^ *(?:→ )?(?:npx|npm|pnpm|yarn|bunx?) /.test(stripVTControlCharacters(line));
}

const NPM = { run: 'npx', install: 'npm install --save-dev' };
const OTHER_MANAGERS: Readonly<Record<string, typeof NPM>> = {
  pnpm: { run: 'pnpm', install: 'pnpm add --save-dev' },
  yarn: { run: 'yarn', install: 'yarn add --dev' },
  bun: { run: 'bunx', install: 'bun add --dev' },
};

/** pnpm, yarn and bun name themselves as npm does: https://docs.npmjs.com/cli/v11/using-npm/config#user-agent */
function managerOf({ npm_config_user_agent: agent = '' }: Environment): typeof NPM {
  return OTHER_MANAGERS[agent.replace(/\/.*/s, '')] ?? NPM;
}

/**
 * A command line of this program, for the operator to copy.
 * @param args the arguments, not yet quoted for a shell
 * @param env the environment. A package manager writes its name into it
 * @example commandLine('lookup', ['--since', '1h']) // 'npx edge-error-interceptor lookup --since 1h'
 */
export function commandLine(
  command: string,
  args: readonly string[] = [],
  env: Environment = process.env,
): string {
  return [managerOf(env).run, 'edge-error-interceptor', command, ...args.map(quoted)].join(' ');
}

/** The command line that adds wrangler to a project. */
export function installWrangler(env: Environment = process.env): string {
  return `${managerOf(env).install} wrangler`;
}

function quoted(argument: string): string {
  return /^[\w./:@=,+%{}-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
