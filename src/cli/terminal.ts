/** What is known of the terminal that a text is shown on: its width, its colours, and who started the program. */
import { stripVTControlCharacters, styleText } from 'node:util';

/** Where a command writes: `process.stdout`, or what a test put in its place. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** The width of a terminal, in characters. */
  readonly columns?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Style = (text: string) => string;

/** How parts of a text are set off. Without colours each of these returns the text as it is. */
export interface Paint {
  readonly alarm: Style;
  readonly heading: Style;
  readonly aside: Style;
}

/** An output that knows how wide it is and whether it has colours. */
export interface Screen extends Output {
  readonly width: number;
  readonly paint: Paint;
  /** Writes text for people: each line is wrapped at words, and a mark at its start is coloured. */
  say(text: string): void;
}

const UNKNOWN_WIDTH = 80;
// Below this, wrapping makes a text harder to read than the terminal's own line breaks.
const LEAST_WIDTH = 30;
const MARKS: Readonly<Record<string, Parameters<typeof styleText>[0]>> = {
  '✓': 'green',
  '✗': 'red',
  '!': 'yellow',
};

/** The screen behind an output. */
export function screenOn(output: Output, env: Environment): Screen {
  const width = Math.max(LEAST_WIDTH, (output.columns ?? Number(env['COLUMNS'])) || UNKNOWN_WIDTH);
  const style = (format: Parameters<typeof styleText>[0]): Style =>
    hasColours(output, env) ? (text) => styleText(format, text, { validateStream: false }) : String;
  return {
    write: (text) => output.write(text),
    ...(output.isTTY !== undefined && { isTTY: output.isTTY }),
    ...(output.columns !== undefined && { columns: output.columns }),
    width,
    paint: { alarm: style(['bold', 'red']), heading: style('bold'), aside: style('dim') },
    say(text) {
      const marked = text.replace(/^( *)([✓✗!])(?= )/gm, (_, indent: string, mark: string) => {
        const colour = MARKS[mark];
        return indent + (colour === undefined ? mark : style(colour)(mark));
      });
      output.write(`${wrap(marked, width)}\n`);
    },
  };
}

/** Colours on a terminal, unless `NO_COLOR` is set (https://no-color.org); elsewhere only with `FORCE_COLOR`. */
function hasColours(output: Output, env: Environment): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/**
 * Breaks long lines between words. A line that goes on is indented below its first word.
 * A longer word, and a command line to copy, which stands on a line of its own, stay whole.
 */
export function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (isCommandLine(line) ? line : wrapLine(line, width)))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  if (visibleLength(line) <= width) return line;
  // Below the text of "  ✗ text" and of "  --option VALUE  text".
  const plain = stripVTControlCharacters(line);
  const [start = ''] = /^ *(?:[✓✗!→-] |\S+(?: \S+)?  +)?/.exec(plain) ?? [];
  const indent = start.length > width / 2 ? ' '.repeat(4) : ' '.repeat(start.length);
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<=\S)(?= )/)) {
    if (current.trim() !== '' && visibleLength(current + word) > width) {
      lines.push(current);
      current = indent + word.trimStart();
    } else current += word;
  }
  return [...lines, current].join('\n');
}

function visibleLength(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

const PROGRAM = 'edge-error-interceptor';

function isCommandLine(line: string): boolean {
  return /^ *(?:→ )?(?:npx|npm|pnpm|yarn|bunx?) /.test(stripVTControlCharacters(line));
}

/**
 * A command line of this program, to be copied.
 * @param args what comes behind the command, each as the program has to get it
 * @param env the environment, in which a package manager says its name
 * @example commandLine('lookup', ['--since', '1h']) // 'npx edge-error-interceptor lookup --since 1h'
 */
export function commandLine(
  command: string,
  args: readonly string[] = [],
  env: Environment = process.env,
): string {
  return [managerOf(env).run, PROGRAM, command, ...args.map(quoted)].join(' ');
}

/** The command line that adds wrangler to a project. */
export function installWrangler(env: Environment = process.env): string {
  return `${managerOf(env).install} wrangler`;
}

const MANAGERS = {
  npm: { run: 'npx', install: 'npm install --save-dev' },
  pnpm: { run: 'pnpm', install: 'pnpm add --save-dev' },
  yarn: { run: 'yarn', install: 'yarn add --dev' },
  bun: { run: 'bunx', install: 'bun add --dev' },
} as const;

/** pnpm, yarn and bun say who they are as npm does: https://docs.npmjs.com/cli/v11/using-npm/config#user-agent */
function managerOf(env: Environment): { readonly run: string; readonly install: string } {
  const agent = env['npm_config_user_agent'] ?? '';
  if (agent.startsWith('pnpm/')) return MANAGERS.pnpm;
  if (agent.startsWith('yarn/')) return MANAGERS.yarn;
  return agent.startsWith('bun/') ? MANAGERS.bun : MANAGERS.npm;
}

/** An argument as a shell takes it. */
function quoted(argument: string): string {
  return /^[\w./:@=,+%{}-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
