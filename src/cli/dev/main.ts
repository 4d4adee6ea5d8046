/** `npm run dev`: the Worker under `wrangler dev`, with a misbehaving origin beside it. */
import { createInterface } from 'node:readline';
import { CONFIG_OPTION, findConfig } from '../check/find-config.ts';
import { defineCommand, UsageError, type ExitCode, type Surroundings } from '../command.ts';
import { ownPage } from '../package.ts';
import { printableJson } from '../printable.ts';
import { runWrangler } from '../run-wrangler.ts';
import type { Screen } from '../terminal.ts';
import { isFree, ownSettings, portIn, readConfig } from './config.ts';
import { startOrigin } from './origin.ts';
import { screenFilter } from './screen-filter.ts';
import { watchFailures } from './watch-failures.ts';
import { watchPage } from './watch-page.ts';

/** Settings that show more of the product. Your own settings win over them. */
const DEFAULTS = {
  ORIGIN_TIMEOUT_MS: '3000',
  SUPPORT_URL: 'mailto:support@shop.example',
  STATUS_PAGE_URL: 'https://status.shop.example',
  LOG_ORIGIN_BODY_BYTES: '1024',
};

/** The command `dev`. It ends when wrangler ends, as with Ctrl-C. */
export const main = defineCommand({
  name: 'dev',
  summary: 'the Worker on this machine, with an origin that fails',
  about:
    'The Worker on this machine, with an origin in front of which it can be seen to fail and to work. A failure is one line: status, request, ID, cause. Enter shows the whole record of the last one. Settings of your own hold where they are set, but ORIGIN_URL, in whose place the origin stands. What else is given goes to wrangler dev.',
  examples: [
    [[], 'on the port of [dev] in wrangler.toml'],
    [['--port', '9000', '--var', 'SITE_NAME:Shop'], 'elsewhere, with another setting'],
  ],
  program: 'npm run dev --',
  options: (parser) =>
    parser
      .option('--port <PORT>', 'another port than that of [dev] in wrangler.toml')
      .addOption(CONFIG_OPTION)
      .option('--records', 'each failure with its whole record, as wrangler prints it'),
  words: 'foreign',
  exitCodes: { 0: 'ended', 1: 'the port is in use, or wrangler failed' },
  run: async ({ values, words }, surroundings) => {
    const { stdout, stderr } = surroundings;
    const file = values.config ?? findConfig();
    const config = readConfig(file);
    const port = Number(values.port ?? portIn(config));
    if (!(port >= 0 && port <= 65_535)) throw new UsageError(`--port ${String(values.port)} is no port.`);
    if (!(await isFree(port))) {
      stderr.say(
        `Port ${port} is in use: stop what listens there, or type\n  npm run dev -- --port ${port + 10}`,
      );
      return 1;
    }

    const origin = await startOrigin({ port: 8788 }).catch(() => startOrigin());
    const own = ownSettings(file, config, words);
    const vars = Object.entries({ ...DEFAULTS, ORIGIN_URL: origin.url }).filter(
      // The command exists for the failing origin. Use another origin only if the command line asks for it.
      ([name]) =>
        !own.has(name) || (name === 'ORIGIN_URL' && !words.some((word) => word.startsWith('ORIGIN_URL:'))),
    );
    stdout.say(`Misbehaving origin on ${origin.url}; the Worker in front of it:`);
    const args = [
      'dev',
      ...vars.flatMap(([name, value]) => ['--var', `${name}:${value}`]),
      ...(values.port === undefined ? [] : ['--port', values.port]),
      ...(values.config === undefined ? [] : ['--config', values.config]),
      ...words,
    ];
    const env = { CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false', ...surroundings.env };
    const stopWatching = watchPage(ownPage, stdout);
    try {
      return values.records === true
        ? await runWrangler(args, { ...surroundings, env })
        : await runWatched(args, new URL(`http://127.0.0.1:${port}`), { ...surroundings, env });
    } finally {
      stopWatching();
      await origin.stop();
    }
  },
});

/** Runs wrangler, prints a line for each failure, and shows the records of the last one when you press Enter. */
async function runWatched(
  args: readonly string[],
  address: URL,
  surroundings: Surroundings<Screen>,
): Promise<ExitCode> {
  const { stdout, ask } = surroundings;
  const filter = screenFilter((text) => stdout.write(text));
  const failures = watchFailures(address, (line) => stdout.write(`${line}\n`));
  const keyboard = ask === undefined ? undefined : createInterface({ input: process.stdin });
  if (keyboard !== undefined)
    stdout.say('Press Enter for the whole record of the last failure, Ctrl-C to end.');
  keyboard?.on('line', () => {
    const records = failures.last.map(printableJson).join('\n');
    stdout.write(`${records || 'Nothing has failed so far.'}\n`);
  });
  const output = { write: (text: string) => filter.write(text) };
  try {
    return await runWrangler(args, { ...surroundings, stdout: output, stderr: output });
  } finally {
    keyboard?.close();
    await failures.stop();
    filter.end();
  }
}
