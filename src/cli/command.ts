/** A command is one object. Its parsing, its help, its usage errors and its exit codes all come from that object. */
import { parseArgs } from 'node:util';
import { printableBlock } from './printable.ts';
import { commandLine, screenOn, wrap, type Output, type Screen } from './terminal.ts';

/** The parts of a process that its command may use. */
export interface Surroundings<O extends Output = Output> {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: O;
  readonly stderr: O;
  /** Asks the person at the terminal. Absent without a terminal. */
  readonly ask?: (question: string) => Promise<string>;
}

/** 0: done. 1: the answer is no. 2: the command line is malformed. A command may have more. */
export type ExitCode = number;

/** The command line is malformed. The message is for people, in full sentences. */
export class UsageError extends Error {}

/** The exit code of a malformed command line. */
export const USAGE: ExitCode = 2;

/** An option in the form of `parseArgs` of `node:util`, with its help. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly default?: string | boolean;
  /** The name of its value in the help, such as FILE. */
  readonly value?: string;
  /** The only values that it takes. */
  readonly allowed?: readonly string[];
  /** The value of an option without one. The next word is its value only if it matches `looks`. */
  readonly bare?: { readonly value: string; readonly looks: RegExp };
  readonly help: string;
}

/** The options of a command by name. */
export type Options = Readonly<Record<string, Option>>;

interface ParseConfig<O extends Options> {
  readonly args: string[];
  readonly options: O;
  readonly allowPositionals: true;
  readonly allowNegative: true;
}

/** The values of options by name. */
export type Values<O extends Options> = ReturnType<typeof parseArgs<ParseConfig<O>>>['values'];

/** The command line behind a command's name. */
export interface Typed<O extends Options> {
  readonly values: Values<O>;
  /** The words that belong to no option. */
  readonly words: readonly string[];
  /** The whole command line, as it was typed. */
  readonly argv: readonly string[];
}

/** Everything that a command is. */
export interface Definition<O extends Options> {
  readonly name: string;
  /** The purpose of the command, as a line in the list of all commands. */
  readonly summary: string;
  /** The description, in paragraphs. */
  readonly about: string;
  /** Arguments and their effect. */
  readonly examples: readonly (readonly [args: readonly string[], meaning: string])[];
  /** The start of its command line, if it is not a command of the package: `npm run dev --`. */
  readonly program?: string;
  readonly options: O;
  /** `none` refuses every word that belongs to no option. `foreign` takes unknown options as words, too. */
  readonly words: 'none' | 'some' | 'foreign';
  /** Further parts of the help by heading: paragraphs, or a list of terms and their meanings. */
  readonly notes?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  /** The meaning of each exit code. The code of a malformed command line is added. */
  readonly exitCodes: Readonly<Record<number, string>>;
  /** @throws UsageError */
  readonly run: (typed: Typed<O>, surroundings: Surroundings<Screen>) => Promise<ExitCode>;
}

/** A command that can be called. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /**
   * @param argv the words behind the name
   * @returns the exit code. Rejects only for a bug
   */
  readonly call: (argv: readonly string[], surroundings: Surroundings) => Promise<ExitCode>;
}

const HELP_OPTION = { help: { type: 'boolean', short: 'h', help: 'this text' } } as const;

/** Makes a command from its definition. */
export function defineCommand<const O extends Options>(definition: Definition<O>): Command {
  const { name, summary, run, program } = definition;
  const line = (args: readonly string[]): string =>
    program === undefined ? commandLine(name, args) : [program, ...args].join(' ');
  return {
    name,
    summary,
    async call(argv, { stdout, stderr, ...rest }) {
      const screens = { ...rest, stdout: screenOn(stdout, rest.env), stderr: screenOn(stderr, rest.env) };
      if (argv.some((word) => word === '--help' || word === '-h')) {
        stdout.write(helpOf(definition, line, screens.stdout.width));
        return 0;
      }
      try {
        return await run(read(argv, definition), screens);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        screens.stderr.say(`${printableBlock(error.message)}\nAll options:\n  ${line(['--help'])}`);
        return USAGE;
      }
    },
  };
}

/** @throws UsageError if the command line does not fit the definition */
function read<const O extends Options>(argv: readonly string[], { options, words }: Definition<O>): Typed<O> {
  const { own, foreign } = words === 'foreign' ? split(argv, options) : { own: argv, foreign: [] };
  // A pasted text may begin with a dash: "-----Original Message-----".
  const texts = own.filter((word) => words === 'some' && /^-.*\s/.test(word) && !/^--?\w[\w-]*=/.test(word));
  const { values, positionals: others } = parse(
    withBareValues(
      own.filter((word) => !texts.includes(word)),
      options,
    ),
    options,
  );
  const positionals = [...texts, ...others];
  if (words === 'none' && positionals.length > 0)
    throw new UsageError(`${positionals.join(' ')} is not an option. This command takes options only.`);
  for (const [name, value] of Object.entries(values)) {
    const allowed = options[name]?.allowed;
    if (allowed !== undefined && !allowed.includes(String(value)))
      throw new UsageError(`--${name} is ${String(value)}; allowed: ${allowed.join(', ')}`);
  }
  return { values, words: words === 'foreign' ? foreign : positionals, argv };
}

function parse<O extends Options>(args: string[], options: O) {
  try {
    return parseArgs<ParseConfig<O>>({ args, options, allowPositionals: true, allowNegative: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Turns `--local 22500` and `--local` into `--local=22500` and `--local=…`: `parseArgs` has no optional values. */
function withBareValues(argv: readonly string[], options: Options): string[] {
  const args: string[] = [];
  for (const [index, word] of argv.entries()) {
    const before = bareOf(argv[index - 1], options);
    if (before?.looks.test(word)) continue;
    const bare = bareOf(word, options);
    const next = argv[index + 1];
    if (bare === undefined) args.push(word);
    else args.push(`${word}=${next !== undefined && bare.looks.test(next) ? next : bare.value}`);
  }
  return args;
}

function bareOf(word: string | undefined, options: Options): Option['bare'] {
  return word?.startsWith('--') === true ? options[word.slice(2)]?.bare : undefined;
}

/** Splits a command line into the options of this command, with their values, and everything else. */
function split(argv: readonly string[], options: Options) {
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const indices = tokens.flatMap((token) => {
    if (token.kind !== 'option' || !Object.hasOwn(options, token.name)) return [];
    return token.value === undefined || token.inlineValue ? [token.index] : [token.index, token.index + 1];
  });
  return {
    own: argv.filter((_, index) => indices.includes(index)),
    foreign: argv.filter((_, index) => !indices.includes(index)),
  };
}

function helpOf<O extends Options>(
  { about, examples, options, notes = {}, exitCodes }: Definition<O>,
  line: (args: readonly string[]) => string,
  width: number,
): string {
  const calls = Object.fromEntries(examples.map(([args, meaning]) => [line(args), meaning]));
  const sections = {
    Options: Object.fromEntries(
      Object.entries<Option>({ ...options, ...HELP_OPTION }).map((entry) => [nameOf(entry), entry[1].help]),
    ),
    ...notes,
    'Exit codes': { [USAGE]: 'the command line is malformed', ...exitCodes },
  };
  const parts = Object.entries(sections).map(
    ([heading, body]) =>
      `${heading}\n${typeof body === 'string' ? paragraph(body, width) : list(body, width)}`,
  );
  return `${[wrap(about, width), list(calls, width), ...parts].join('\n\n')}\n`;
}

/** @example `--config FILE`, `--local [URL]`, `--no-open` */
function nameOf([name, { value, bare, default: preset }]: readonly [string, Option]): string {
  if (value === undefined) return preset === true ? `--no-${name}` : `--${name}`;
  return `--${name} ${bare === undefined ? value : `[${value}]`}`;
}

function paragraph(text: string, width: number): string {
  return wrap(text.replace(/^(?=.)/gm, '  '), width);
}

/** Terms with their meanings beside them, or below them if a term is long. */
function list(terms: Readonly<Record<string, string>>, width: number): string {
  const longest = Math.max(...Object.keys(terms).map((term) => term.length));
  const isBeside = longest + 4 <= width / 2;
  return Object.entries(terms)
    .map(([term, meaning]) => {
      if (!isBeside) return `${wrap(`  ${term}`, width)}\n${indented(meaning, 6, width)}`;
      return `  ${term.padEnd(longest)}  ${indented(meaning, longest + 4, width).trimStart()}`;
    })
    .join('\n');
}

function indented(text: string, indent: number, width: number): string {
  return wrap(text, width - indent).replace(/^(?=.)/gm, ' '.repeat(indent));
}
