/** The command line of `lookup`. */
import { UsageError, type Typed } from '../command.ts';
import type { FailureFilter } from './log-store.ts';
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
  /** The source map of the build that ran. */
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
export type LookupRequest = FindRequest | SummaryRequest;

/** The options of `lookup`. */
export const OPTIONS = {
  local: {
    type: 'string',
    value: 'URL',
    bare: {
      value: 'http://localhost:8787',
      looks: /^(?:[1-9]\d{0,4}|[^\s:/]+:\d{1,5}\/?|https?:\/\/[^/?#\s]+\/?)$/i,
    },
    help: 'ask wrangler dev at this address or port (default http://localhost:8787)',
  },
  verbatim: {
    type: 'boolean',
    default: false,
    help: 'take the ID exactly as typed, and search all that Workers Logs keeps',
  },
  'source-map': {
    type: 'string',
    value: 'FILE',
    help: 'name the places of a stack in the source: the index.js.map of the bundle that ran, which npx wrangler deploy --dry-run --outdir dist makes of the same commit',
  },
  since: {
    type: 'string',
    value: 'TIME',
    help: 'summary instead of one failure: a number and s, m, h or d',
  },
  host: { type: 'string', value: 'HOST', help: 'with --since: only this host' },
  type: {
    type: 'string',
    value: 'TYPE',
    help: 'with --since: only this error type, such as 503 or connection_refused',
  },
  bots: {
    type: 'boolean',
    default: true,
    help: 'with --since: without the robots that Cloudflare has verified',
  },
  json: { type: 'boolean', default: false, help: 'print JSON for programs' },
} as const;

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads what was typed.
 * @param now in milliseconds since 1970
 * @throws UsageError saying what is wrong with it
 */
export function readArguments({ values, words }: Typed<typeof OPTIONS>, now: number): LookupRequest {
  // No ID looks like an address, so it may stand anywhere.
  const address = words.find(isAddress);
  if (address !== undefined && values.local === undefined)
    throw new UsageError(`To ask wrangler dev at ${address}: --local ${address}`);
  const { json } = values;
  const common = {
    json,
    ...(values.local !== undefined && { local: readAddress(address ?? values.local) }),
  };
  const typed = words.filter((word) => !isAddress(word)).join(' ');
  const { host, type, since, 'source-map': sourceMap, bots } = values;
  const noBots = !bots;

  if (since !== undefined) {
    if (typed !== '') throw new UsageError('Give either an ID or --since, not both.');
    if (sourceMap !== undefined) throw new UsageError('--source-map is for an ID, not for --since.');
    const facts = {
      ...(host !== undefined && { 'server.address': host.toLowerCase() }),
      ...(type !== undefined && { 'error.type': type }),
    };
    return { kind: 'summary', since: readDuration(since), filter: { facts, noBots }, ...common };
  }
  if (host !== undefined || type !== undefined || noBots)
    throw new UsageError('--host, --type and --no-bots are for --since.');
  if (typed === '') throw new UsageError('Give a request ID, or --since 1h for a summary.');
  const reading = values.verbatim ? readVerbatim(typed) : readTyped(typed, now);
  if (reading.candidates.length === 0) throw new UsageError(reading.complaint);
  const own = reading.candidates.filter(({ kind }) => kind === 'made');
  if (own.length > 1)
    throw new UsageError(
      `There are ${own.length} IDs in this text; look for one:\n${own.map(({ id }) => `  ${id}`).join('\n')}`,
    );
  return { kind: 'find', reading, ...(sourceMap !== undefined && { sourceMap }), ...common };
}

function isAddress(word: string): boolean {
  return /^https?:\/\/[^/?#\s]+\/?$/i.test(word);
}

function readAddress(text: string): URL {
  const withScheme = /^https?:\/\//i.test(text)
    ? text
    : /^\d+$/.test(text)
      ? `http://localhost:${text}`
      : `http://${text}`;
  const url = attempt(() => new URL(withScheme));
  if (!url) throw new UsageError(`Not an address: ${text}. Example: --local ${OPTIONS.local.bare.value}`);
  return url;
}

function readDuration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? NaN);
  if (!(ms > 0))
    throw new UsageError(`Not a duration: ${text}. Examples: --since 30m, --since 1h, --since 2d`);
  return ms;
}
