/** Fits text to a terminal: its width, its colours, and command lines for the package manager in use. */
import { stripVTControlCharacters, styleText } from 'node:util';

/** The output of a command: `process.stdout`, or a test's own. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** The width of a terminal, in characters. */
  readonly columns?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Style = (text: string) => string;

/** Sets off parts of a text. Without colours each of these returns the text unchanged. */
export interface Paint {
  readonly alarm: Style;
  readonly heading: Style;
  readonly aside: Style;
}

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

/** True on a terminal, unless `NO_COLOR` is set (https://no-color.org). Elsewhere true only with `FORCE_COLOR`. */
function hasColours(output: Output, env: Environment): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/**
 * Breaks long lines between words. The rest of a line is indented below its first word. A word that is longer than
 * the width stays whole, and so does a line that is a command line to copy.
 */
export function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (isCommandLine(line) ? line : wrapLine(line, width)))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  if (visibleLength(line) <= width) return line;
  // Indent to the text in "  ✗ text" and in "  --option VALUE  text".
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

/** pnpm, yarn and bun name themselves as npm does: https://docs.npmjs.com/cli/v11/using-npm/config#user-agent */
function managerOf(env: Environment): { readonly run: string; readonly install: string } {
  const agent = env['npm_config_user_agent'] ?? '';
  if (agent.startsWith('pnpm/')) return MANAGERS.pnpm;
  if (agent.startsWith('yarn/')) return MANAGERS.yarn;
  return agent.startsWith('bun/') ? MANAGERS.bun : MANAGERS.npm;
}

/** An argument, quoted for a shell if it has to be. */
function quoted(argument: string): string {
  return /^[\w./:@=,+%{}-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
