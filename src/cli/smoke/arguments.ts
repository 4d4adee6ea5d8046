/** The command line of `smoke`. */
import { Option, type Command } from '@commander-js/extra-typings';
import { settingsTable } from '../../settings.ts';
import { UsageError, type Surroundings, type Typed } from '../command.ts';
import type { Expectations } from './worker-answer.ts';

/** The parsed command line. */
export interface SmokeRequest {
  /** A page that works. */
  readonly url: URL;
  /** A page that fails. */
  readonly failing: URL | undefined;
  /** The secret of a drill, if the command line asks for a drill. */
  readonly drillToken: string | undefined;
  /** True if the site is wrangler dev. */
  readonly local: boolean;
  /** True to set the route to fail open. */
  readonly failOpen: boolean;
  readonly expectations: Expectations;
}

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
    .option('--local', "the site is wrangler dev: the drill's record is in its logs")
    .addOption(
      new Option('--error-status <VALUE>', 'the ERROR_STATUS of the Worker')
        .choices(['500', 'origin'])
        .default('500'),
    )
    .addOption(
      new Option('--intercept <VALUE>', 'the INTERCEPT of the Worker')
        .choices(['all', 'pages'])
        .default('all'),
    )
    .addOption(
      new Option('--trust-request-id <VALUE>', 'the TRUST_REQUEST_ID of the Worker')
        .choices(['false', 'true'])
        .default('false'),
    );
}

/** The values of the options. */
type Values = ReturnType<ReturnType<typeof options>['opts']>;

/**
 * Reads the command line, and the secret of a drill from the environment.
 * @throws UsageError
 */
export function readArguments(
  { values, words: [address, ...more] }: Typed<Values>,
  env: Surroundings['env'],
): SmokeRequest {
  if (address === undefined) throw new UsageError('Give the URL of a page that works.');
  if (values.drill && (more.length > 0 || !isUrl(address))) {
    // Do not repeat the words: one may be the secret.
    throw new UsageError('Give one URL. The token of a drill is read from the environment: DRILL_TOKEN.');
  }
  if (more.length > 0)
    throw new UsageError(`Give one URL; the one that fails comes after --failing: ${more.join(' ')}`);
  if (values.failOpen && isLoopback(readUrl(address)))
    throw new UsageError('--fail-open is about a route on Cloudflare.');
  if (values.local && !values.drill) throw new UsageError('--local is about the record of a --drill.');
  const url = readUrl(address);
  return {
    url,
    failing: values.failing === undefined ? undefined : readUrl(values.failing, url),
    drillToken: values.drill ? readToken(env['DRILL_TOKEN'], url) : undefined,
    local: values.local === true,
    failOpen: values.failOpen === true,
    expectations: values,
  };
}

/** True if a URL is on this machine. A token that is sent there stays on it. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}

/** Reads the token. It is a secret, so it does not go over an open network. */
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
