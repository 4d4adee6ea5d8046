/** `npm run dev`: the Worker under `wrangler dev`, with a misbehaving origin beside it. */
import { watch } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startOrigin } from '../../../test/support/origin.ts';
import { pageProblems } from '../check/check.ts';
import { pageOfCheckout } from '../check/main.ts';
import type { Command, ExitCode, Surroundings } from '../command.ts';
import { commandLine, npmKept, type Options } from '../npm-options.ts';
import { printable } from '../printable.ts';
import { runWrangler } from '../run-wrangler.ts';
import { Digest } from './digest.ts';

const HELP = `The Worker on this machine, with an origin in front of which it can be seen to fail and to work.

  ${commandLine('dev', [])}
  ${commandLine('dev', ['--port', '9000', '--var', 'SITE_NAME:Shop'])}

A failure is one line: status, request, ID, cause. Enter shows the whole record of the last one.

Options
  --port PORT   another port than 8787
  --records     each failure with its whole record, as wrangler prints it
  --help        this text
What else is given goes to wrangler dev.
`;

// The port of [dev] in wrangler.toml.
const PORT = 8787;

const own: Options = {
  port: { type: 'string' },
  records: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};
// Those of wrangler dev that are given most.
const wranglers: Options = {
  var: { type: 'string' },
  env: { type: 'string', short: 'e' },
  config: { type: 'string', short: 'c' },
  ip: { type: 'string' },
  remote: { type: 'boolean' },
};

/** `dev`. Ends when wrangler does, with Ctrl-C. */
export const main: Command = async (argv, surroundings) => {
  const { stdout, stderr } = surroundings;
  const kept = npmKept(surroundings.env, argv, { ...own, ...wranglers });
  if (kept !== undefined) {
    stderr.write(`${kept}\n`);
    return 2;
  }
  const { values } = parseArgs({ args: [...argv], options: own, strict: false, allowPositionals: true });
  if (values['help'] === true) {
    stdout.write(HELP);
    return 0;
  }
  const port = Number(values['port'] ?? PORT);
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
  const stopWatching = watchPage(surroundings);
  try {
    return await (values['records'] === true ? runWrangler : runDigested)(args, { ...surroundings, env });
  } finally {
    stopWatching();
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

/** Whether wrangler can listen there: where it cannot, it says so in a hundred lines. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Says what is wrong with the page each time it is saved. */
function watchPage({ stdout }: Surroundings): () => void {
  const page = pageOfCheckout();
  if (page === undefined) return () => {};
  const name = relative('', page);
  let said = '';
  let timer: NodeJS.Timeout | undefined;
  const say = (): void => {
    const problems = pageProblems(page);
    const text =
      problems.length === 0
        ? `✓ ${name} is valid.\n`
        : problems.map(({ line, problem }) => `✗ ${name}:${line} ${printable(problem)}.\n`).join('');
    if (text !== said) stdout.write(text);
    said = text;
  };
  // An editor may put another file in its place, which only the folder notices, and in several steps.
  const watcher = watch(dirname(page), (_, file) => {
    if (file !== basename(page)) return;
    clearTimeout(timer);
    timer = setTimeout(say, 100);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
