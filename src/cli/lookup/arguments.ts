/** The command line of `lookup`. */
import { attempt } from '../../untrusted.ts';
import type { Command } from '@commander-js/extra-typings';
import { UsageError, type Typed } from '../command.ts';
import { where } from './log-store.ts';
import { readTyped, readVerbatim } from './typed-id.ts';

const DEFAULT_ADDRESS = 'http://localhost:8787';

/** The port or the address behind `--local`. Any other word there is part of an ID. */
const ADDRESS = /^(?:[1-9]\d{0,4}|[^\s:/]+:\d{1,5}\/?|https?:\/\/[^/?#\s]+\/?)$/i;

/** Adds the options of `lookup`. */
export function options(parser: Command) {
  return parser
    .option('--local [URL]', `ask wrangler dev at this address or port (default ${DEFAULT_ADDRESS})`)
    .option('--verbatim', 'take the ID exactly as typed, and search all that Workers Logs keeps')
    .option(
      '--source-map <FILE>',
      'name the places of a stack in the source: the index.js.map of the bundle that ran, which npx wrangler deploy --dry-run --outdir dist makes of the same commit',
    )
    .option('--since <TIME>', 'summary instead of one failure: a number and s, m, h or d')
    .option('--host <HOST>', 'with --since: only this host')
    .option('--type <TYPE>', 'with --since: only this error type, such as 503 or connection_refused')
    .option('--no-bots', 'with --since: without the robots that Cloudflare has verified')
    .option('--json', 'print JSON for programs');
}

type Values = ReturnType<ReturnType<typeof options>['opts']>;

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The parsed command line. */
export type LookupRequest = ReturnType<typeof readArguments>;

/**
 * Reads the command line. It asks for one failure (`candidates`), or for all `since` so many milliseconds that pass
 * the `filters`. `local` is the address of wrangler dev, if that is asked in place of Workers Logs.
 * @param now in milliseconds since 1970
 * @throws UsageError that says what is wrong with it
 */
export function readArguments({ values, words }: Typed<Values>, now: number) {
  const { host, type, since, sourceMap, bots, json = false, verbatim } = values;
  // The word behind --local may be the ID.
  const id = typeof values.local === 'string' && !ADDRESS.test(values.local) ? [values.local] : [];
  const address = values.local === true || id.length > 0 ? DEFAULT_ADDRESS : values.local;
  const place = { json, local: address === undefined ? undefined : readAddress(address) };
  const typed = [...id, ...words].join(' ');
  if (since !== undefined) {
    if (typed !== '') throw new UsageError('Give either an ID or --since, not both.');
    if (sourceMap !== undefined) throw new UsageError('--source-map is for an ID, not for --since.');
    const filters = [
      ...(host === undefined ? [] : [where('server.address', 'eq', host.toLowerCase())]),
      ...(type === undefined ? [] : [where('error.type', 'eq', type)]),
      ...(bots ? [] : [where('cloudflare.verified_bot_category', 'is_null')]),
    ];
    return { ...place, since: readDuration(since), filters };
  }
  if (host !== undefined || type !== undefined || !bots)
    throw new UsageError('--host, --type and --no-bots are for --since.');
  if (typed === '') throw new UsageError('Give a request ID, or --since 1h for a summary.');
  const candidates = verbatim ? readVerbatim(typed) : readTyped(typed, now);
  const made = candidates.filter(({ kind }) => kind === 'made').map((candidate) => `\n  ${candidate.id}`);
  if (made.length > 1)
    throw new UsageError(`There are ${made.length} IDs in this text; look for one:${made.join('')}`);
  return { ...place, candidates, sourceMap };
}

function readAddress(text: string): URL {
  const address = /^\d+$/.test(text) ? `localhost:${text}` : text;
  const url = attempt(() => new URL(/^https?:\/\//i.test(address) ? address : `http://${address}`));
  if (!url) throw new UsageError(`Not an address: ${text}. Example: --local ${DEFAULT_ADDRESS}`);
  return url;
}

function readDuration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? NaN);
  if (!(ms > 0))
    throw new UsageError(`Not a duration: ${text}. Examples: --since 30m, --since 1h, --since 2d`);
  return ms;
}
