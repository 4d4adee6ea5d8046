/** The command line of `smoke`. */
import { parseArgs } from 'node:util';
import { settingsTable } from '../../settings.ts';
import type { Surroundings } from '../command.ts';
import { commandLine, npmKept } from '../npm-options.ts';
import type { Expectations } from './worker-answer.ts';

export const HELP = `Whether a deployed site behaves as promised.

  ${commandLine('smoke', ['https://shop.example/'])}                     a page that works
  ${commandLine('smoke', ['https://shop.example/', '--failing', '/broken'])}   and a page that fails
  ${commandLine('smoke', ['https://shop.example/', '--drill'])}             and a failure on demand

Options
  --failing URL            a URL that the origin answers with 5xx, or not at all; a path is one of the same site
  --drill                  a failure on demand, and its record: needs the Worker's secret DRILL_TOKEN in the
                           environment, and https:// (but on this machine)
  --local                  the site is wrangler dev: the drill's record is in its logs
  --error-status origin    the Worker runs with ERROR_STATUS = "origin"
  --intercept pages        the Worker runs with INTERCEPT = "pages"
  --trust-request-id true  the Worker runs with TRUST_REQUEST_ID = true
  --help                   this text

The record of a drill is looked for in Workers Logs where CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN are set.

Exit codes
  0  all is as promised
  1  something is not, or there was no answer
  2  the command line is malformed
`;

/** Every option, as `parseArgs` takes them. */
export const OPTIONS = {
  failing: { type: 'string', looks: /^\// },
  drill: { type: 'boolean', default: false },
  local: { type: 'boolean', default: false },
  'error-status': { type: 'string', default: '500', looks: /^(?:500|origin)$/ },
  intercept: { type: 'string', default: 'all', looks: /^(?:all|pages)$/ },
  'trust-request-id': { type: 'string', default: 'false', looks: /^(?:false|true)$/ },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What the command line asks for. */
export interface SmokeRequest {
  /** A page that works. */
  readonly url: URL;
  /** A page that fails. */
  readonly failing: URL | undefined;
  /** The secret of a drill, where one is asked for. */
  readonly drillToken: string | undefined;
  /** Whether the site is wrangler dev. */
  readonly local: boolean;
  readonly expectations: Expectations;
}

/** What is wrong with a command line, in full sentences. */
export class UsageError extends Error {}

/**
 * Reads the arguments, and of the environment the secret of a drill.
 * @returns undefined where help is asked for
 * @throws UsageError
 */
export function readArguments(argv: readonly string[], env: Surroundings['env']): SmokeRequest | undefined {
  const kept = npmKept(env, argv, OPTIONS);
  if (kept !== undefined) throw new UsageError(kept);
  const { values, positionals } = parse(argv);
  if (values.help) return undefined;
  const [address, ...more] = positionals;
  if (address === undefined) throw new UsageError('Give the URL of a page that works.');
  if (values.drill && (more.length > 0 || !isUrl(address))) {
    // What stands there may be the secret, which belongs on no screen.
    throw new UsageError('Give one URL. The token of a drill is read from the environment: DRILL_TOKEN.');
  }
  if (more.length > 0)
    throw new UsageError(`Give one URL; the one that fails comes after --failing: ${more.join(' ')}`);
  if (values.local && !values.drill) throw new UsageError('--local is about the record of a --drill.');
  const url = readUrl(address);
  return {
    url,
    failing: values.failing === undefined ? undefined : readUrl(values.failing, url),
    drillToken: values.drill ? readToken(env['DRILL_TOKEN'], url) : undefined,
    local: values.local,
    expectations: {
      errorStatus: oneOf('--error-status', values['error-status'], ['500', 'origin']),
      intercept: oneOf('--intercept', values.intercept, ['all', 'pages']),
      trustRequestId: oneOf('--trust-request-id', values['trust-request-id'], ['false', 'true']),
    },
  };
}

/** Whether a URL is one of this machine, which nothing that is sent there leaves. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** A token is a secret: it is on no command line, and goes over no open network. */
function readToken(token: string | undefined, url: URL): string {
  if (!token) throw new UsageError("--drill needs the Worker's secret in the environment: DRILL_TOKEN.");
  const read = settingsTable.DRILL_TOKEN.parse(token);
  if ('problem' in read) {
    throw new UsageError(`DRILL_TOKEN ${read.problem}; allowed: ${settingsTable.DRILL_TOKEN.allowed}.`);
  }
  if (url.protocol !== 'https:' && !isLoopback(url)) {
    throw new UsageError('--drill sends a secret: the URL has to begin with https://.');
  }
  return token;
}

function isUrl(text: string, base?: URL): boolean {
  return /^https?:$/.test(URL.parse(text, base)?.protocol ?? '');
}

function readUrl(text: string, base?: URL): URL {
  if (!isUrl(text, base)) throw new UsageError(`Not a URL: ${text}. Example: https://shop.example/`);
  return new URL(text, base);
}

function oneOf<const T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new UsageError(`${option} is ${value}; allowed: ${allowed.join(', ')}`);
  return found;
}
