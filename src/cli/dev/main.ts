/** `npm run dev`: the Worker under `wrangler dev`, with a misbehaving origin beside it. */
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startOrigin } from '../../../test/support/origin.ts';
import { findConfig } from '../check/find-config.ts';
import { pageOfCheckout } from '../check/main.ts';
import type { Command, ExitCode, Surroundings } from '../command.ts';
import { commandLine, npmKept, type Options } from '../npm-options.ts';
import { runWrangler } from '../run-wrangler.ts';
import { Digest } from './digest.ts';
import { isFree, portIn } from './port.ts';
import { watchPage } from './watch-page.ts';

const HELP = `The Worker on this machine, with an origin in front of which it can be seen to fail and to work.

  ${commandLine('dev', [])}
  ${commandLine('dev', ['--port', '9000', '--var', 'SITE_NAME:Shop'])}

A failure is one line: status, request, ID, cause. Enter shows the whole record of the last one.

Options
  --port PORT   another port than that of [dev] in wrangler.toml
  --records     each failure with its whole record, as wrangler prints it
  --help        this text
What else is given goes to wrangler dev.
`;

const own: Options = {
  port: { type: 'string' },
  records: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};
// Those of wrangler dev that are given most.
const wranglers = {
  var: { type: 'string' },
  env: { type: 'string', short: 'e' },
  config: { type: 'string', short: 'c' },
  ip: { type: 'string' },
  remote: { type: 'boolean' },
} as const satisfies Options;

/** `dev`. Ends when wrangler does, with Ctrl-C. */
export const main: Command = async (argv, surroundings) => {
  const { stdout, stderr } = surroundings;
  const kept = npmKept(surroundings.env, argv, { ...own, ...wranglers });
  if (kept !== undefined) {
    stderr.write(`${kept}\n`);
    return 2;
  }
  const { values } = parseArgs({
    args: [...argv],
    options: { ...own, config: wranglers.config },
    strict: false,
    allowPositionals: true,
  });
  if (values['help'] === true) {
    stdout.write(HELP);
    return 0;
  }
  const config = typeof values['config'] === 'string' ? values['config'] : findConfig(resolve());
  const port = Number(values['port'] ?? portIn(config));
  if (!(port >= 0 && port <= 65_535)) {
    stderr.write(
      `--port ${String(values['port'])} is no port. Example: ${commandLine('dev', ['--port', '9000'])}\n`,
    );
    return 2;
  }
  if (!(await isFree(port))) {
    const line = commandLine('dev', ['--port', String(port + 10)]);
    stderr.write(`Port ${port} is in use: stop what listens there, or type ${line}\n`);
    return 1;
  }

  const origin = await startOrigin({ port: 8788 }).catch(() => startOrigin());
  stdout.write(`Misbehaving origin on ${origin.url}; the Worker in front of it:\n`);
  const vars = {
    ORIGIN_URL: origin.url,
    ORIGIN_TIMEOUT_MS: '3000',
    SUPPORT_URL: 'mailto:support@shop.example',
    STATUS_PAGE_URL: 'https://status.shop.example',
    LOG_ORIGIN_BODY_BYTES: '1024',
  };
  const args = [
    'dev',
    ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
    ...argv.filter((argument) => argument !== '--records'),
  ];
  const env = { CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false', ...surroundings.env };
  const page = pageOfCheckout();
  const stopWatching = page === undefined ? undefined : watchPage(page, stdout);
  try {
    return await (values['records'] === true ? runWrangler : runDigested)(args, { ...surroundings, env });
  } finally {
    stopWatching?.();
    await origin.stop();
  }
};

/** Runs wrangler, and shows of each failure one line, and of the last one the record when Enter is pressed. */
async function runDigested(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const digest = new Digest((text) => surroundings.stdout.write(text));
  const keyboard = surroundings.ask === undefined ? undefined : createInterface({ input: process.stdin });
  keyboard?.on('line', () => {
    surroundings.stdout.write(`${digest.lastRecords || 'Nothing has failed so far.'}\n`);
  });
  const output = { write: (text: string) => digest.write(text) };
  try {
    return await runWrangler(args, { ...surroundings, stdout: output, stderr: output });
  } finally {
    keyboard?.close();
    digest.end();
  }
}
