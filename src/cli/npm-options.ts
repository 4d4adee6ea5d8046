/**
 * What one has to type, and what npm took of it. Of `npm run deploy --dry-run` npm keeps the option for itself
 * and runs the command without it; a trace of it is left in the environment, but not always.
 */

/** An option of a command, as `parseArgs` of `node:util` takes it. */
interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** What its values look like: npm may leave several among the positionals, in no telling order. */
  readonly looks?: RegExp;
}

/** The options of a command by name. */
export type Options = Readonly<Record<string, Option>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether this is a checkout of the repository, and not the package that is built of it. */
export const isCheckout = import.meta.url.endsWith('.ts');

/** Switches of npm's own, which an .npmrc may turn off for npm. */
const NPM_SWITCHES = ['dry-run', 'json'];

/** `npm run check` runs several programs, and npm would give what stands behind it to the last. */
const ONE_OF_SEVERAL: Readonly<Record<string, string>> = { check: 'check:settings' };

/**
 * How a command is called here: `npm run lookup -- ID` in a checkout, `npx edge-error-interceptor lookup ID`
 * where it was installed as a package.
 * @param args what comes behind the command, each as the program has to get it
 */
export function commandLine(command: string, args: readonly string[]): string {
  const program = isCheckout
    ? ['npm', 'run', ...(args.length === 0 ? [command] : [ONE_OF_SEVERAL[command] ?? command, '--'])]
    : ['npx', 'edge-error-interceptor', command];
  return [...program, ...args.map(quoted)].join(' ');
}

/**
 * Notices that npm kept options of a command, which stood before the `--` or without one. A command that finds
 * some must do nothing but print this and exit with 2, as it does for a malformed command line.
 *
 * npm 10 and 11 leave `npm_config_NAME` of a long option: its value; "true" where the value stood behind a
 * space (it is then a stray positional) or there is none; "" for `--no-NAME` and `--NAME=`. Nothing is left of
 * most short ones, nor of those that npm has a meaning of its own for, such as `-e staging` and `--local`.
 * @param env the environment of the process, which npm started
 * @param argv what the command got
 * @param options every option that it knows
 * @returns undefined where nothing is missing, else a sentence, and on a line of its own what to type
 * @example npmKept(env, ['1h'], { since: { type: 'string' } })
 *   // 'npm kept --since for itself (or an .npmrc holds it). Type:\n  npm run lookup -- --since 1h'
 */
export function npmKept(env: Environment, argv: readonly string[], options: Options): string | undefined {
  const kept = keptOptions(env, argv, options);
  if (kept.options.length === 0) return undefined;
  const names = kept.options
    .filter((word) => word.startsWith('--'))
    .map((option) => option.split('=')[0])
    .join(' and ');
  const what = `npm kept ${names} for itself (or an .npmrc holds it).`;
  const start = ['npm', 'run', env['npm_lifecycle_event'] ?? '', '--'].map(quoted).join(' ');
  return kept.rest === undefined
    ? `${what} Type all that comes behind the command again, behind a --:\n  ${start} …`
    : `${what} Type:\n  ${[start, ...[...kept.options, ...kept.rest].map(quoted)].join(' ')}`;
}

/** What npm kept of a command line. */
interface Kept {
  /** The options with their values. */
  readonly options: readonly string[];
  /** What the command got besides; undefined where nobody can tell which of it are values of the options. */
  readonly rest: readonly string[] | undefined;
}

/** The options that npm kept, as `npmKept` notices them. */
export function keptOptions(env: Environment, argv: readonly string[], options: Options): Kept {
  // npx hands on whatever comes behind the package's name.
  if (['npx', undefined].includes(env['npm_lifecycle_event'])) return { options: [], rest: argv };
  const traces = new Map(
    Object.entries(env).flatMap(([key, value]) => {
      const name = /^npm_config_(.+)$/i.exec(key)?.[1];
      return name === undefined || value === undefined ? [] : [[plain(name), value]];
    }),
  );
  const whole: string[] = [];
  const cut: string[] = [];
  for (const [option, { type, short, looks }] of Object.entries(options)) {
    // npm's own -c is --call. Of --no-bundle it leaves "bundle", empty.
    const value =
      traces.get(plain(option)) ??
      (short === 'c' ? traces.get('call') : undefined) ??
      (option.startsWith('no-') ? traces.get(plain(option.slice(3))) : undefined);
    if (value === undefined || (value === '' && NPM_SWITCHES.includes(option))) continue;
    if (type === 'boolean') {
      whole.push(value === '' && !option.startsWith('no-') ? `--no-${option}` : `--${option}`);
    } else if (value === 'true' && !(argv.length === 0 && looks?.test(value))) cut.push(option);
    // An option given twice has its values with an empty line between them.
    else whole.push(...value.split('\n\n').map((one) => `--${option}=${one}`));
  }
  const { values, rest } = valuesAmong(argv, cut, options);
  return { options: [...whole, ...values], rest };
}

/** Gives each option that lost its value the one word that can be it, as long as there is an only one. */
function valuesAmong(argv: readonly string[], names: readonly string[], options: Options) {
  const values: string[] = [];
  const open = new Set(names);
  let rest = argv;
  while (open.size > 0) {
    const candidates = [...open].map((name) => {
      const words = rest.filter(
        (word) => !word.startsWith('-') && (options[name]?.looks?.test(word) ?? true),
      );
      return { name, words: new Set(words) };
    });
    const sure = candidates.find(({ words }) => words.size === 1);
    if (sure === undefined) return { values: names.map((name) => `--${name}`), rest: undefined };
    const [word = ''] = sure.words;
    open.delete(sure.name);
    values.push(`--${sure.name}`, word);
    rest = rest.toSpliced(rest.indexOf(word), 1);
  }
  return { values, rest };
}

/** `--dryRun` is `--dry-run` to wrangler, and `--dryrun` was meant as it. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** An argument as a shell takes it. */
function quoted(argument: string): string {
  return /^[\w./:@=,+%{}-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
