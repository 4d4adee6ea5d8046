/** A command is one object: its name, its help, its options, its exit codes and its run. Commander parses for it. */
import {
  Command as Parser,
  CommanderError,
  type CommandUnknownOpts,
  type OptionValues,
} from '@commander-js/extra-typings';
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

/** The command cannot do its work, and ends with the exit code 1. The message is for people. */
export class CommandFailure extends Error {}

/** The exit code of a malformed command line. */
export const USAGE: ExitCode = 2;

/** The command line behind a command's name. */
export interface Typed<Values> {
  /** The values of options by name: `--source-map` is `sourceMap`. */
  readonly values: Values;
  /** The words that belong to no option. */
  readonly words: readonly string[];
  /** The whole command line, as it was typed. */
  readonly argv: readonly string[];
}

/** Terms and their meanings. */
type Terms = Readonly<Record<string, string>>;

/** Everything that a command is. */
export interface Definition<Values extends OptionValues> {
  readonly name: string;
  /** The purpose of the command, as a line in the list of all commands. */
  readonly summary: string;
  readonly about: string;
  /** Arguments, as they are typed, and their effect. */
  readonly examples: Terms;
  /** The start of its command line, if it is not a command of the package: `npm run dev --`. */
  readonly program?: string;
  /** Adds the options, with their help, to a new parser. */
  readonly options: (parser: Parser) => Parser<[], Values>;
  /** `none` refuses every word that belongs to no option. `foreign` takes unknown options as words, too. */
  readonly words: 'none' | 'some' | 'foreign';
  readonly notes?: Readonly<Record<string, string | Terms>>;
  /** The meaning of each exit code. The code of a malformed command line is added. */
  readonly exitCodes: Readonly<Record<number, string>>;
  /** @throws UsageError */
  readonly run: (typed: Typed<Values>, surroundings: Surroundings<Screen>) => Promise<ExitCode>;
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

/** Makes a command from its definition. */
export function defineCommand<Values extends OptionValues>(definition: Definition<Values>): Command {
  const { name, summary, options, words, run, program = commandLine(name) } = definition;
  return {
    name,
    summary,
    async call(argv, { stdout, stderr, ...rest }) {
      const screens = { ...rest, stdout: screenOn(stdout, rest.env), stderr: screenOn(stderr, rest.env) };
      const parser = options(
        new Parser()
          .exitOverride()
          .helpOption('-h, --help', 'this text')
          .configureOutput({ writeOut: (text) => stdout.write(text), outputError: () => {} })
          .allowExcessArguments(words !== 'none')
          .allowUnknownOption(words === 'foreign'),
      );
      parser.configureHelp({ formatHelp: () => helpOf(definition, program, parser, screens.stdout.width) });
      // A pasted text may begin with a dash: "-----Original Message-----".
      const isText = (word: string): boolean => words === 'some' && /^-(?!-?\w[\w-]*=).*\s/.test(word);
      const others = argv.filter((word) => !isText(word));
      try {
        parser.parse(others, { from: 'user' });
        const typed = { values: parser.opts(), words: [...argv.filter(isText), ...parser.args], argv };
        return await run(typed, screens);
      } catch (error) {
        if (error instanceof CommanderError && error.exitCode === 0) return 0;
        if (error instanceof CommandFailure) {
          screens.stderr.say(`✗ ${error.message}`);
          return 1;
        }
        if (!(error instanceof UsageError || error instanceof CommanderError)) throw error;
        const fault = error instanceof UsageError ? error.message : sentence(error);
        screens.stderr.say(`${printableBlock(fault)}\nAll options:\n  ${program} --help`);
        return USAGE;
      }
    },
  };
}

/** Commander's message as a sentence, without the value of an unknown option: it may be a secret. */
function sentence({ message }: CommanderError): string {
  const text = message.replace(/^error: /, '').replace(/(?<=^unknown option '[^'=]+)=[^]*(?=')/, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function helpOf<Values extends OptionValues>(
  { about, examples, notes, exitCodes }: Definition<Values>,
  program: string,
  parser: CommandUnknownOpts,
  width: number,
): string {
  const help = parser.createHelp();
  const options = help
    .visibleOptions(parser)
    .map((option) => [help.optionTerm(option), help.optionDescription(option)]);
  const calls = Object.entries(examples).map(([args, meaning]) => [`${program} ${args}`.trim(), meaning]);
  const sections = Object.entries({
    Options: Object.fromEntries(options),
    ...notes,
    'Exit codes': { [USAGE]: 'the command line is malformed', ...exitCodes },
  }).map(([heading, body]) =>
    typeof body === 'string'
      ? `${heading}\n${wrap(body.replace(/^(?=.)/gm, '  '), width)}`
      : `${heading}\n${list(body, width)}`,
  );
  return `${[wrap(about, width), list(Object.fromEntries(calls), width), ...sections].join('\n\n')}\n`;
}

/** Terms with their meanings beside them, or below them if a term is long. */
function list(terms: Terms, width: number): string {
  const longest = Math.max(...Object.keys(terms).map((term) => term.length));
  const lines = Object.entries(terms).map(([term, meaning]) =>
    longest + 4 <= width / 2 ? `  ${term.padEnd(longest)}  ${meaning}` : `  ${term}\n      ${meaning}`,
  );
  return wrap(lines.join('\n'), width);
}
