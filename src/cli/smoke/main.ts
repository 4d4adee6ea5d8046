/** `smoke`: whether a deployed site behaves as promised. */
import { parseArgs } from 'node:util';
import { DRILL_HEADER } from '../../drill.ts';
import { isAcceptable } from '../../request-id.ts';
import type { Command, Surroundings } from '../command.ts';
import { plural } from '../format.ts';
import { main as lookup } from '../lookup/main.ts';
import { commandLine, npmKept } from '../npm-options.ts';
import { printable } from '../printable.ts';
import { askFor, NoAnswer } from './http-answer.ts';
import {
  checkErrorPage,
  checkGoodPage,
  checkHead,
  checkProblemDetails,
  isOurs,
  requestIdOf,
  type Check,
  type Expectations,
} from './smoke-checks.ts';

const HELP = `Whether a deployed site behaves as promised.

  ${commandLine('smoke', ['https://shop.example/'])}                     a page that works
  ${commandLine('smoke', ['https://shop.example/', '--failing', '/broken'])}   and a page that fails
  ${commandLine('smoke', ['https://shop.example/', '--drill'])}             and a failure on demand

Options
  --failing URL           a URL that the origin answers with 5xx, or not at all; a path is one of the same site
  --drill                 a failure without an outage, and its record: needs the Worker's secret DRILL_TOKEN in
                          the environment; over https only, or on this machine
  --local URL             look for the record of the drill in the logs of wrangler dev there
  --error-status origin   the Worker runs with ERROR_STATUS = "origin"
  --intercept pages       the Worker runs with INTERCEPT = "pages"
  --trust-request-id true the Worker runs with TRUST_REQUEST_ID = true
  --help                  this text

Exit codes
  0  all is as promised
  1  something is not, or there was no answer
  2  the command line is malformed
`;

const options = {
  failing: { type: 'string' },
  drill: { type: 'boolean', default: false },
  local: { type: 'string' },
  'error-status': { type: 'string', default: '500' },
  intercept: { type: 'string', default: 'all' },
  'trust-request-id': { type: 'string', default: 'false' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

interface Request {
  readonly url: URL;
  readonly failing: URL | undefined;
  /** The token of a drill, where one is asked for. */
  readonly drillToken: string | undefined;
  readonly local: string | undefined;
  readonly expectations: Expectations;
}

class UsageError extends Error {}

/** `smoke`. */
export const main: Command = async (argv, surroundings) => {
  const { env, stdout, stderr } = surroundings;
  let request: Request | undefined;
  try {
    const kept = npmKept(env, argv, options);
    if (kept !== undefined) throw new UsageError(kept);
    request = readArguments(argv, env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`${printable(error.message)}\nAll options: ${commandLine('smoke', ['--help'])}\n`);
    return 2;
  }
  if (request === undefined) {
    stdout.write(HELP);
    return 0;
  }
  return new Smoke(surroundings).run(request);
};

/** One run of the command. */
class Smoke {
  readonly #surroundings: Surroundings;
  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  async run({ url, failing, drillToken, local, expectations }: Request): Promise<number> {
    const checks = await this.#smokeGood(url);
    if (failing) checks.push(...(await this.#smokeFailing(failing, expectations)));
    if (drillToken !== undefined) checks.push(...(await this.#smokeDrill(url, drillToken, local)));
    const failures = checks.filter((check) => !check.passed).length;
    this.#say(
      failures === 0
        ? `\nAll as promised (${plural(checks.length, 'check')}).`
        : `\n${failures} of ${plural(checks.length, 'check')} failed.`,
    );
    if (!failing && drillToken === undefined)
      this.#say(
        'This does not show that the Worker is there: give --failing URL, one that the origin fails on.',
      );
    return failures === 0 ? 0 : 1;
  }

  #say(line: string): void {
    this.#surroundings.stdout.write(`${line}\n`);
  }

  async #smokeGood(url: URL): Promise<Check[]> {
    return this.#under(url, async (show) => {
      const answer = await askFor(url, { wantsBody: false });
      show(checkGoodPage(answer));
      if (isOurs(answer)) this.#sayLookup(url, requestIdOf(answer));
    });
  }

  async #smokeFailing(url: URL, expectations: Expectations): Promise<Check[]> {
    return this.#under(url, async (show) => {
      const page = await askFor(url);
      show(checkErrorPage(page, expectations));
      // What is not the Worker's answer breaks every promise; one line says it.
      if (!isOurs(page)) return;
      try {
        const json = await askFor(url, { accept: 'application/json' });
        show(checkProblemDetails(json, page, expectations));
        show(checkHead(await askFor(url, { method: 'HEAD' }), page, expectations));
      } finally {
        this.#sayLookup(url, requestIdOf(page));
      }
    });
  }

  /**
   * Shows checks under a heading; no answer is a failed check.
   * @returns all that were shown
   */
  async #under(url: URL, run: (show: (checks: readonly Check[]) => void) => Promise<void>): Promise<Check[]> {
    const shown: Check[] = [];
    const show = (checks: readonly Check[]): void => {
      for (const { passed, text } of checks) this.#say(`  ${passed ? '✓' : '✗'} ${printable(text)}`);
      shown.push(...checks);
    };
    this.#say(printable(url.href));
    try {
      await run(show);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      show([{ passed: false, text: `no answer: ${error.message}` }]);
    }
    return shown;
  }

  /** From here to the record. */
  #sayLookup(url: URL, id: string | undefined): void {
    // What a server chose is no command to copy, unless it is an ID.
    if (id === undefined || !isAcceptable(id)) return;
    const isLocal = isLoopback(url);
    this.#say(printable(`  → ${commandLine('lookup', isLocal ? ['--local', url.origin, id] : [id])}`));
  }

  /** A failure on demand: what visitors get, and the record of it. */
  async #smokeDrill(url: URL, token: string, local: string | undefined): Promise<Check[]> {
    const expectations: Expectations = { errorStatus: '500', intercept: 'all', trustRequestId: 'false' };
    const headers = { [DRILL_HEADER]: token };
    return this.#under(url, async (show) => {
      const page = await askFor(url, { headers });
      if (!isOurs(page)) {
        show([
          {
            passed: false,
            text: 'the drill was not answered: the Worker is not there, or has another DRILL_TOKEN',
          },
        ]);
        return;
      }
      show(checkErrorPage(page, expectations));
      show(
        checkProblemDetails(await askFor(url, { accept: 'application/json', headers }), page, expectations),
      );
      show(checkHead(await askFor(url, { method: 'HEAD', headers }), page, expectations));
      show(await this.#findRecord(requestIdOf(page) ?? '', local));
    });
  }

  /** Whether lookup finds the record of a drill. */
  async #findRecord(id: string, local: string | undefined): Promise<Check[]> {
    const { env } = this.#surroundings;
    if (local === undefined && !env['CLOUDFLARE_API_TOKEN']) {
      this.#say(
        '  The record was not looked for: CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID are not set.',
      );
      return [];
    }
    if (!isAcceptable(id)) return [{ passed: false, text: 'there is no ID to look a record up with' }];
    let found = '';
    let why = '';
    const exitCode = await lookup([...(local === undefined ? [] : ['--local', local]), '--json', id], {
      env,
      stdout: { write: (text) => (found += text) },
      stderr: { write: (text) => (why += text) },
    });
    const isThere = exitCode === 0 && found.includes('"Drill"');
    return [
      isThere
        ? { passed: true, text: `lookup finds the record of ${id}` }
        : { passed: false, text: `lookup does not find the record of ${id}: ${why.trim()}` },
    ];
  }
}

function readArguments(argv: readonly string[], env: Surroundings['env']): Request | undefined {
  const { values, positionals } = parse(argv);
  if (values.help) return undefined;
  const [address, ...more] = positionals;
  if (address === undefined) throw new UsageError('Give the URL of a page that works.');
  if (more.length > 0)
    throw new UsageError(`Give one URL; the one that fails comes after --failing: ${more.join(' ')}`);
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

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** A token is a secret: it goes over no open network, and is on no command line. */
function readToken(token: string | undefined, url: URL): string {
  if (!token) throw new UsageError('--drill needs the secret DRILL_TOKEN of the Worker in the environment.');
  if (url.protocol !== 'https:' && !isLoopback(url)) {
    throw new UsageError('--drill sends a secret: the URL has to begin with https://');
  }
  return token;
}

function isLoopback({ hostname }: URL): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}

function readUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`Not a URL: ${text}. Example: https://shop.example/`);
  }
  return url;
}

function oneOf<const T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new UsageError(`${option} is ${value}; allowed: ${allowed.join(', ')}`);
  return found;
}
