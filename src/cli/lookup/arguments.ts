/** The command line of `npm run lookup`. */
import { parseArgs } from 'node:util';
import { EXIT, LookupFailure } from './exit.ts';
import { readTypedId, readVerbatimId } from './typed-id.ts';

/** Where to look and how to print. */
interface Options {
  /** The address of wrangler dev; absent: Workers Logs. */
  readonly local?: URL;
  readonly json: boolean;
}

/** What the command line asks for. */
export type LookupRequest =
  | { readonly kind: 'help' }
  /** `typed` is the ID as it was typed. */
  | ({
      readonly kind: 'find';
      readonly id: string;
      readonly typed: string;
      readonly verbatim: boolean;
    } & Options)
  /** `since` in milliseconds before now. */
  | ({ readonly kind: 'summary'; readonly since: number } & Options);

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads the arguments after the program's name.
 * @throws LookupFailure (exit code 2) saying what is wrong with them
 */
export function readArguments(argv: readonly string[]): LookupRequest {
  const { values, positionals } = parse(argv);
  if (values.help) return { kind: 'help' };
  // `--local [URL]`: nothing in an ID looks like this.
  const isAddress = (text: string): boolean => /^https?:\/\/|^[^\s:]+:\d+\/?$|^\[/i.test(text);
  const addresses = positionals.filter(isAddress);
  const typed = positionals.filter((text) => !isAddress(text)).join(' ');
  const [address = 'http://localhost:8787'] = addresses;
  if (addresses.length > 0 && !values.local)
    throw usage(`To ask wrangler dev at ${address}: --local ${address}`);
  const options = { json: values.json, ...(values.local && { local: readAddress(address) }) };

  if (values.since !== undefined) {
    if (typed !== '') throw usage('Give either an ID or --since, not both.');
    return { kind: 'summary', since: readDuration(values.since), ...options };
  }
  if (typed === '') throw usage('Give a request ID, or --since 1h for a summary.');
  const read = values.verbatim ? readVerbatimId(typed) : readTypedId(typed);
  if (read.kind === 'complaint') {
    const hint = values.verbatim
      ? ''
      : '\nAn ID that the client sent (TRUST_REQUEST_ID) is found with --verbatim.';
    throw new LookupFailure(EXIT.usage, `${read.complaint}${hint}`);
  }
  return { kind: 'find', id: read.id, typed, verbatim: values.verbatim, ...options };
}

function parse(argv: readonly string[]) {
  const args = argv.flatMap((text) =>
    text.startsWith('--local=') ? ['--local', withScheme(text.slice('--local='.length))] : [text],
  );
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'boolean', default: false },
        local: { type: 'boolean', default: false },
        since: { type: 'string' },
        verbatim: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function readAddress(text: string): URL {
  const url = URL.parse(withScheme(text));
  if (!url) throw usage(`Not an address: ${text}. Example: --local http://localhost:8787`);
  return url;
}

function withScheme(address: string): string {
  if (/^https?:\/\//i.test(address)) return address;
  return /^\d+$/.test(address) ? `http://localhost:${address}` : `http://${address}`;
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
