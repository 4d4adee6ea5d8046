/** `npm run smoke`: whether a deployed site behaves as promised. `--help` says how. */
import { parseArgs } from 'node:util';
import { plural } from './format.ts';
import { askFor, NoAnswer } from './smoke/http-answer.ts';
import { printable } from './printable.ts';
import {
  checkErrorPage,
  checkGoodPage,
  checkHead,
  checkProblemDetails,
  isOurs,
  requestIdOf,
  type Check,
  type Expectations,
} from './smoke/smoke-checks.ts';

const HELP = `Whether a deployed site behaves as promised.

  npm run smoke -- https://shop.example/                     a page that works
  npm run smoke -- https://shop.example/ --failing /broken   and a page that fails

Options
  --failing URL           a URL that the origin answers with 5xx, or not at all; a path is one of the same site
  --error-status origin   the Worker runs with ERROR_STATUS = "origin"
  --intercept pages       the Worker runs with INTERCEPT = "pages"
  --trust-request-id true the Worker runs with TRUST_REQUEST_ID = true
  --help                  this text

Exit codes
  0  all is as promised
  1  something is not, or there was no answer
  2  the command line is malformed
`;

interface Request {
  readonly url: URL;
  readonly failing: URL | undefined;
  readonly expectations: Expectations;
}

class UsageError extends Error {}

process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${printable(error.message)}\nAll options: npm run smoke -- --help`);
  return 2;
});

async function run(argv: readonly string[]): Promise<number> {
  const request = readArguments(argv);
  if (request === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  const { url, failing, expectations } = request;
  const checks = await smokeGood(url);
  if (failing) checks.push(...(await smokeFailing(failing, expectations)));
  const failures = checks.filter((check) => !check.passed).length;
  console.log(
    failures === 0
      ? `\nAll as promised (${plural(checks.length, 'check')}).`
      : `\n${failures} of ${plural(checks.length, 'check')} failed.`,
  );
  if (!failing)
    console.log(
      'This does not show that the Worker is there: give --failing URL, one that the origin fails on.',
    );
  return failures === 0 ? 0 : 1;
}

async function smokeGood(url: URL): Promise<Check[]> {
  return under(url, async (show) => {
    const answer = await askFor(url, { wantsBody: false });
    show(checkGoodPage(answer));
    if (isOurs(answer)) sayLookup(url, requestIdOf(answer));
  });
}

async function smokeFailing(url: URL, expectations: Expectations): Promise<Check[]> {
  return under(url, async (show) => {
    const page = await askFor(url);
    show(checkErrorPage(page, expectations));
    // What is not the Worker's answer breaks every promise; one line says it.
    if (!isOurs(page)) return;
    try {
      const json = await askFor(url, { accept: 'application/json' });
      show(checkProblemDetails(json, page, expectations));
      show(checkHead(await askFor(url, { method: 'HEAD' }), page, expectations));
    } finally {
      sayLookup(url, requestIdOf(page));
    }
  });
}

/**
 * Shows checks under a heading; no answer is a failed check.
 * @returns all that were shown
 */
async function under(
  url: URL,
  run: (show: (checks: readonly Check[]) => void) => Promise<void>,
): Promise<Check[]> {
  const shown: Check[] = [];
  const show = (checks: readonly Check[]): void => {
    for (const { passed, text } of checks) console.log(`  ${passed ? '✓' : '✗'} ${printable(text)}`);
    shown.push(...checks);
  };
  console.log(printable(url.href));
  try {
    await run(show);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    show([{ passed: false, text: `no answer: ${error.message}` }]);
  }
  return shown;
}

/** From here to the record. */
function sayLookup(url: URL, id: string | undefined): void {
  if (id === undefined) return;
  const isLocal = /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  console.log(printable(`  → npm run lookup -- ${isLocal ? `--local ${url.origin} ` : ''}${id}`));
}

function readArguments(argv: readonly string[]): Request | undefined {
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
    expectations: {
      errorStatus: oneOf('--error-status', values['error-status'], ['500', 'origin']),
      intercept: oneOf('--intercept', values.intercept, ['all', 'pages']),
      trustRequestId: oneOf('--trust-request-id', values['trust-request-id'], ['false', 'true']),
    },
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        failing: { type: 'string' },
        'error-status': { type: 'string', default: '500' },
        intercept: { type: 'string', default: 'all' },
        'trust-request-id': { type: 'string', default: 'false' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
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
