/** The command line of `smoke`. */
import { Option, type Command } from '@commander-js/extra-typings';
import { settingsTable } from '../../settings.ts';
import { UsageError, type Surroundings, type Typed } from '../command.ts';

/** Adds the options of `smoke`. */
export function options(parser: Command) {
  return parser
    .option(
      '--failing <URL>',
      'a URL that the origin answers with 5xx, or not at all; a path is one of the same site',
    )
    .option(
      '--drill',
      "a failure on demand, and its record: needs the Worker's secret DRILL_TOKEN in the environment, and https:// (but on this machine)",
    )
    .option(
      '--fail-open',
      "sets the route to fail open: beyond the Free plan's 100,000 requests a day the site itself answers, not Cloudflare's error 1027",
    )
    .option('--local', 'the site is wrangler dev: no route leads to it, and records are in its own logs')
    .addOption(setting('--error-status <VALUE>', 'the ERROR_STATUS of the Worker', ['500', 'origin']))
    .addOption(setting('--intercept <VALUE>', 'the INTERCEPT of the Worker', ['all', 'pages']))
    .addOption(
      setting('--trust-request-id <VALUE>', 'the TRUST_REQUEST_ID of the Worker', ['false', 'true']),
    );
}

/** An option with a few values, the first of which is the default. */
function setting<const Flags extends string, const Value extends string>(
  flags: Flags,
  help: string,
  values: readonly [Value, ...Value[]],
) {
  return new Option(flags, help).choices(values).default(values[0]);
}

type Values = ReturnType<ReturnType<typeof options>['opts']>;

/** The settings of the deployed site. */
export type SiteSettings = Pick<Values, 'errorStatus' | 'intercept' | 'trustRequestId'>;

/** The parsed command line. */
export interface SmokeRequest extends Omit<Values, 'failing'> {
  /** A page that works. */
  readonly url: URL;
  /** A page that fails. */
  readonly failing: URL | undefined;
  /** The secret of a drill, if the command line asks for a drill. */
  readonly drillToken: string | undefined;
  /** True if the site is wrangler dev, or something else on this machine: Cloudflare knows nothing of it. */
  readonly isHere: boolean;
}

/**
 * Reads the command line, and the secret of a drill from the environment.
 * @throws UsageError
 */
export function readArguments(
  { values, words: [address, ...more] }: Typed<Values>,
  env: Surroundings['env'],
): SmokeRequest {
  if (address === undefined) throw new UsageError('Give the URL of a page that works.');
  // Do not repeat the words: one may be the secret.
  if (values.drill && (more.length > 0 || !isUrl(address)))
    throw new UsageError('Give one URL. The token of a drill is read from the environment: DRILL_TOKEN.');
  if (more.length > 0)
    throw new UsageError(`Give one URL; the one that fails comes after --failing: ${more.join(' ')}`);
  const url = readUrl(address);
  const isHere = values.local === true || isLoopback(url);
  if (values.failOpen && isHere) throw new UsageError('--fail-open is about a route on Cloudflare.');
  const failing = values.failing === undefined ? undefined : readUrl(values.failing, url);
  const drillToken = values.drill ? readToken(env['DRILL_TOKEN'], url) : undefined;
  return { ...values, url, failing, drillToken, isHere };
}

/** Reads the token. It is a secret, so it goes over no open network. */
function readToken(token: string | undefined, url: URL): string {
  if (!token) throw new UsageError("--drill needs the Worker's secret in the environment: DRILL_TOKEN.");
  const { parse, allowed } = settingsTable.DRILL_TOKEN;
  const read = parse(token);
  if ('problem' in read) throw new UsageError(`DRILL_TOKEN ${read.problem}; allowed: ${allowed}.`);
  if (url.protocol !== 'https:' && !isLoopback(url))
    throw new UsageError('--drill sends a secret: the URL has to begin with https://.');
  return token;
}

/** True if a URL is on this machine. A token that is sent there stays on it. */
function isLoopback({ hostname }: URL): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}

function isUrl(text: string, base?: URL): boolean {
  return /^https?:$/.test(URL.parse(text, base)?.protocol ?? '');
}

function readUrl(text: string, base?: URL): URL {
  if (!isUrl(text, base)) throw new UsageError(`Not a URL: ${text}. Example: https://shop.example/`);
  return new URL(text, base);
}
