/** The command line of `deploy`: what it takes, and what it refuses because it would change what was checked. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { commandLine, keptOptions, npmKept, type Options } from '../npm-options.ts';

/** What was asked for. */
export interface DeployRequest {
  /** The configuration file; undefined: the one of this folder. */
  readonly config: string | undefined;
  /** The environment, empty for the top level; undefined where none was named. */
  readonly environment: string | undefined;
  readonly dryRun: boolean;
  /** Where to leave the bundle. */
  readonly outdir: string | undefined;
  readonly help: boolean;
  /** What wrangler gets besides: names and places that change nothing of what is uploaded. */
  readonly passed: readonly string[];
  /** Whether anything was typed at all: then nothing was lost on the way. */
  readonly isSpoken: boolean;
}

/** A command line that is not followed. The message says why, and what to type. */
export class Refusal extends Error {}

/** What is taken. */
const taken: Options = {
  config: { type: 'string', short: 'c', looks: /\.(?:toml|jsonc?)$/ },
  env: { type: 'string', short: 'e', looks: /^\w[\w-]*$/ },
  'dry-run': { type: 'boolean' },
  tag: { type: 'string' },
  message: { type: 'string' },
  outdir: { type: 'string' },
  strict: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

/** The other options of `wrangler deploy`: they change what is uploaded, or from where. */
const refused: Options = {
  ...table('boolean', ['no-bundle', 'latest', 'minify', 'upload-source-maps', 'keep-vars', 'logpush']),
  ...table('boolean', ['autoconfig', 'experimental-route-zones', 'x-route-zones', 'install-skills']),
  ...table('string', ['cwd', 'name', 'var', 'route', 'routes', 'domain', 'domains', 'define', 'alias']),
  ...table('string', ['compatibility-date', 'compatibility-flag', 'compatibility-flags', 'assets', 'site']),
  ...table('string', ['triggers', 'schedule', 'schedules', 'env-file', 'secrets-file', 'tsconfig']),
  ...table('string', ['jsx-factory', 'jsx-fragment', 'zone', 'zones', 'zone-id', 'zone-ids', 'outfile']),
  ...table('string', ['metafile', 'old-asset-ttl', 'dispatch-namespace', 'containers-rollout', 'profile']),
  ...table('string', ['durable-objects-code-update-mode']),
};

const options: Options = { ...taken, ...refused };

/**
 * Reads the command line.
 * @param env the process's environment, in which npm leaves what it kept
 * @throws Refusal where something is not understood, or would change what was checked
 */
export function readArguments(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): DeployRequest {
  const kept = npmKept(env, argv, options);
  if (kept !== undefined) {
    // Where what was meant is refused too, its own reason says more.
    const { options: lost, rest } = keptOptions(env, argv, options);
    readTyped([...lost, ...(rest ?? [])]);
    throw new Refusal(kept);
  }
  return readTyped(argv);
}

function readTyped(argv: readonly string[]): DeployRequest {
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string>();
  const foreign: string[] = [];
  let folder: string | undefined;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') throw new Refusal(withoutTerminator(argv));
    if (token.kind === 'positional') {
      foreign.push(token.value);
      continue;
    }
    // wrangler takes `--dryRun` too.
    const name = token.name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (!Object.hasOwn(options, name)) {
      throw new Refusal(`${token.rawName} is no option. All options: ${commandLine('deploy', ['--help'])}`);
    }
    if (name === 'cwd') folder = token.value;
    if (!Object.hasOwn(taken, name)) foreign.push(token.rawName);
    else if (values.has(name)) throw new Refusal(`${token.rawName} is given twice.`);
    else values.set(name, valueOf(name, token.rawName, token.value));
  }
  if (foreign.length > 0) throw new Refusal(whyRefused(foreign, folder, values));

  return {
    config: values.get('config'),
    environment: values.get('env'),
    dryRun: values.has('dry-run'),
    outdir: values.get('outdir'),
    help: values.has('help'),
    passed: ['tag', 'message', 'outdir', 'strict'].flatMap((name) => written(name, values)),
    isSpoken: tokens.length > 0,
  };
}

function table(type: 'string' | 'boolean', names: readonly string[]): Options {
  return Object.fromEntries(names.map((name) => [name, { type }]));
}

function withoutTerminator(argv: readonly string[]): string {
  const line = commandLine(
    'deploy',
    argv.filter((argument) => argument !== '--'),
  );
  return `What comes after a second -- is no option. Type:\n  ${line}`;
}

/** An option's value, or an empty text for one that has none. */
function valueOf(name: string, rawName: string, value: string | undefined): string {
  if (taken[name]?.type === 'boolean') {
    if (value !== undefined) throw new Refusal(`${rawName} takes no value.`);
    return '';
  }
  // wrangler would read `--tag --dry-run` as two options.
  if (value === undefined || value.startsWith('-')) throw new Refusal(`${rawName} needs a value.`);
  return rawName.startsWith('--') ? value : value.replace(/^=/, '');
}

/** Why an argument is refused, and the line without it. */
function whyRefused(
  foreign: readonly string[],
  folder: string | undefined,
  values: Map<string, string>,
): string {
  const [first = ''] = foreign;
  if (folder !== undefined) values.set('config', join(folder, values.get('config') ?? 'wrangler.toml'));
  if (foreign.length === 1 && isName(first) && !values.has('env')) values.set('env', first);
  const line = commandLine(
    'deploy',
    Object.keys(taken).flatMap((name) => written(name, values)),
  );
  return `${reason(first, folder !== undefined)} Type:\n  ${line}`;
}

/** Whether a stray word may be that of an environment. */
function isName(word: string): boolean {
  return /^\w[\w-]*$/.test(word) && word !== 'true' && word !== 'false';
}

function reason(argument: string, hasFolder: boolean): string {
  if (!argument.startsWith('-')) return `${argument} is not an option.`;
  return hasFolder
    ? `${argument}: what is checked and what is deployed is named by --config alone.`
    : `${argument} would be deployed without a check: write it into the configuration.`;
}

function written(name: string, values: ReadonlyMap<string, string>): string[] {
  const value = values.get(name);
  if (value === undefined) return [];
  return [taken[name]?.type === 'boolean' ? `--${name}` : `--${name}=${value}`];
}
