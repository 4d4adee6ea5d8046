/** The command line of `lookup`. */
import { parseArgs } from 'node:util';
import type { FailureFilter } from './log-store.ts';
import { EXIT, LookupFailure } from './exit.ts';
import { attempt } from '../../untrusted.ts';
import { readTyped, readVerbatim, type Reading } from './typed-id.ts';

/** Where to look and how to print. */
interface Common {
  /** The address of wrangler dev; absent: Workers Logs. */
  readonly local?: URL;
  readonly json: boolean;
}

/** One failure, by what was typed. */
export interface FindRequest extends Common {
  readonly kind: 'find';
  readonly reading: Reading;
  /** The source map to use in place of the build's own. */
  readonly sourceMap?: string;
}

/** The failures of a time. */
export interface SummaryRequest extends Common {
  readonly kind: 'summary';
  /** In milliseconds before now. */
  readonly since: number;
  readonly filter: FailureFilter;
}

/** What the command line asks for. */
export type LookupRequest = { readonly kind: 'help' } | FindRequest | SummaryRequest;

/** The options, in the form of `parseArgs`. */
export const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  host: { type: 'string', looks: /\.|^localhost$/ },
  json: { type: 'boolean' },
  local: { type: 'boolean' },
  'no-bots': { type: 'boolean' },
  since: { type: 'string', looks: /^\d+[smhd]$/ },
  'source-map': { type: 'string', looks: /\.map$|\.json$/ },
  type: { type: 'string', looks: /^\w+$/ },
  verbatim: { type: 'boolean' },
} as const;

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DEFAULT_ADDRESS = 'http://localhost:8787';

/**
 * Reads the arguments after the command's name.
 * @param now in milliseconds since 1970
 * @throws LookupFailure (exit code 2) saying what is wrong with them
 */
export function readArguments(argv: readonly string[], now: number): LookupRequest {
  const { args, address } = withoutAddress(argv);
  const { values, positionals } = parse(args);
  if (values.help) return { kind: 'help' };
  if (address !== undefined && !values.local)
    throw usage(`To ask wrangler dev at ${address}: --local ${address}`);
  const common = {
    json: values.json ?? false,
    ...(values.local && { local: readAddress(address ?? DEFAULT_ADDRESS) }),
  };
  const typed = positionals.join(' ');
  const { host, type, since, 'source-map': sourceMap } = values;
  const noBots = values['no-bots'] ?? false;

  if (since !== undefined) {
    if (typed !== '') throw usage('Give either an ID or --since, not both.');
    if (sourceMap !== undefined) throw usage('--source-map is for an ID, not for --since.');
    const facts = {
      ...(host !== undefined && { 'server.address': host.toLowerCase() }),
      ...(type !== undefined && { 'error.type': type }),
    };
    return { kind: 'summary', since: readDuration(since), filter: { facts, noBots }, ...common };
  }
  if (host !== undefined || type !== undefined || noBots)
    throw usage('--host, --type and --no-bots are for --since.');
  if (typed === '') throw usage('Give a request ID, or --since 1h for a summary.');
  const reading = values.verbatim ? readVerbatim(typed) : readTyped(typed, now);
  if (reading.candidates.length === 0) throw new LookupFailure(EXIT.usage, reading.complaint ?? '');
  const own = reading.candidates.filter(({ kind }) => kind === 'made');
  if (own.length > 1)
    throw new LookupFailure(
      EXIT.usage,
      `There are ${own.length} IDs in this text; look for one:\n${own.map(({ id }) => `  ${id}`).join('\n')}`,
    );
  return { kind: 'find', reading, ...(sourceMap !== undefined && { sourceMap }), ...common };
}

/**
 * Takes the address out: `--local=22500`, `--local 22500`, `--local localhost:8787`, and anywhere
 * `http://localhost:8787`, which no ID looks like.
 */
function withoutAddress(argv: readonly string[]): {
  readonly args: readonly string[];
  readonly address?: string;
} {
  const args: string[] = [];
  let address: string | undefined;
  for (const [index, text] of argv.entries()) {
    const isNext = argv[index - 1] === '--local' && /^(?:[1-9]\d{0,4}|[^\s:/]+:\d{1,5}\/?)$/.test(text);
    if (text.startsWith('--local=')) {
      args.push('--local');
      address = text.slice('--local='.length);
    } else if (isNext || /^https?:\/\/[^/?#\s]+\/?$/i.test(text)) address = text;
    else args.push(text);
  }
  return { args, ...(address !== undefined && { address }) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function readAddress(text: string): URL {
  const withScheme = /^https?:\/\//i.test(text)
    ? text
    : /^\d+$/.test(text)
      ? `http://localhost:${text}`
      : `http://${text}`;
  const url = attempt(() => new URL(withScheme));
  if (!url) throw usage(`Not an address: ${text}. Example: --local ${DEFAULT_ADDRESS}`);
  return url;
}

function readDuration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? NaN);
  if (!(ms > 0)) throw usage(`Not a duration: ${text}. Examples: --since 30m, --since 1h, --since 2d`);
  return ms;
}

function usage(message: string): LookupFailure {
  return new LookupFailure(EXIT.usage, `${message}\nAll options: --help`);
}
