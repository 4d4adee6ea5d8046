/** `npm run dev`: the Worker under `wrangler dev`, with a misbehaving origin beside it. */
import { createInterface } from 'node:readline';
import { startOrigin } from '../../../test/support/origin.ts';
import { CONFIG_OPTION, findConfig } from '../check/find-config.ts';
import { defineCommand, UsageError, type ExitCode, type Surroundings } from '../command.ts';
import { ownPage } from '../package.ts';
import { runWrangler } from '../run-wrangler.ts';
import { Digest } from './digest.ts';
import { isFree, portIn } from './port.ts';
import { watchPage } from './watch-page.ts';

/** `dev`. Ends when wrangler does, with Ctrl-C. */
export const main = defineCommand({
  name: 'dev',
  summary: 'the Worker on this machine, with an origin that fails',
  about:
    'The Worker on this machine, with an origin in front of which it can be seen to fail and to work. A failure is one line: status, request, ID, cause. Enter shows the whole record of the last one. What else is given goes to wrangler dev.',
  examples: [
    [[], 'on the port of [dev] in wrangler.toml'],
    [['--port', '9000', '--var', 'SITE_NAME:Shop'], 'elsewhere, with another setting'],
  ],
  program: 'npm run dev --',
  options: {
    port: { type: 'string', value: 'PORT', help: 'another port than that of [dev] in wrangler.toml' },
    config: CONFIG_OPTION,
    records: { type: 'boolean', help: 'each failure with its whole record, as wrangler prints it' },
  },
  words: 'foreign',
  exitCodes: { 0: 'ended', 1: 'the port is in use, or wrangler failed' },
  run: async ({ values, words }, surroundings) => {
    const { stdout, stderr } = surroundings;
    const config = values.config ?? findConfig();
    const port = Number(values.port ?? portIn(config));
    if (!(port >= 0 && port <= 65_535)) throw new UsageError(`--port ${String(values.port)} is no port.`);
    if (!(await isFree(port))) {
      stderr.say(
        `Port ${port} is in use: stop what listens there, or type\n  npm run dev -- --port ${port + 10}`,
      );
      return 1;
    }

    const origin = await startOrigin({ port: 8788 }).catch(() => startOrigin());
    stdout.say(`Misbehaving origin on ${origin.url}; the Worker in front of it:`);
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
      ...(values.port === undefined ? [] : ['--port', values.port]),
      ...(values.config === undefined ? [] : ['--config', values.config]),
      ...words,
    ];
    const env = { CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false', ...surroundings.env };
    const stopWatching = watchPage(ownPage, stdout);
    try {
      return await (values.records === true ? runWrangler : runDigested)(args, { ...surroundings, env });
    } finally {
      stopWatching();
      await origin.stop();
    }
  },
});

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
