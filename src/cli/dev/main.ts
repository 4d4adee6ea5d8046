/** `npm run dev`: the Worker under `wrangler dev`, with a misbehaving origin beside it. */
import { createInterface } from 'node:readline';
import { CONFIG_OPTION, findConfig } from '../check/find-config.ts';
import { CommandFailure, defineCommand, UsageError, type ExitCode, type Surroundings } from '../command.ts';
import type { JsonObject } from '../lookup/log-line.ts';
import { ownPage } from '../package.ts';
import { printableJson } from '../printable.ts';
import { runProcess } from '../process.ts';
import { runWrangler } from '../wrangler.ts';
import type { Screen } from '../terminal.ts';
import { devVariables, isFree, readDevConfig } from './config.ts';
import { failureLine, newRecords } from './new-records.ts';
import { startOrigin } from './origin.ts';
import { screenFilter } from './screen-filter.ts';
import { watchPage } from './watch-page.ts';

/** The command `dev`. It ends when wrangler ends, as with Ctrl-C. */
export const main = defineCommand({
  name: 'dev',
  summary: 'the Worker on this machine, with an origin that fails',
  about:
    'The Worker on this machine, with an origin in front of which it can be seen to fail and to work. A failure is one line: status, request, ID, cause. Enter shows the whole record of the last one. Settings of your own hold where they are set, but ORIGIN_URL, in whose place the origin stands. What else is given goes to wrangler dev.',
  examples: {
    '': 'on the port of [dev] in wrangler.toml',
    '--port 9000 --var SITE_NAME:Shop': 'elsewhere, with another setting',
  },
  program: 'npm run dev --',
  options: (parser) =>
    parser
      .option('--port <PORT>', 'another port than that of [dev] in wrangler.toml')
      .addOption(CONFIG_OPTION)
      .option('-e, --env <NAME>', 'an environment of the configuration')
      .option('--var <NAME:VALUE...>', 'settings for this run')
      .option('--records', 'each failure with its whole record, as wrangler prints it'),
  words: 'foreign',
  exitCodes: { 0: 'ended', 1: 'the port is in use, or wrangler failed' },
  run: async ({ values, words }, surroundings) => {
    const { stdout } = surroundings;
    const { port: typedPort, config, env: environment, var: typed = [], records } = values;
    const file = config ?? findConfig();
    const read = await readDevConfig(file, environment ?? surroundings.env['CLOUDFLARE_ENV']);
    const port = Number(typedPort ?? read.port);
    if (!(port >= 0 && port <= 65_535)) throw new UsageError(`--port ${String(typedPort)} is no port.`);
    if (!(await isFree(port)))
      throw new CommandFailure(
        `Port ${port} is in use: stop what listens there, or type\n  npm run dev -- --port ${port + 10}`,
      );

    const origin = await startOrigin({ port: 8788 }).catch(() => startOrigin());
    stdout.say(`Misbehaving origin on ${origin.url}; the Worker in front of it:`);
    const flags = { port: typedPort, config, env: environment };
    const args = [
      'dev',
      ...Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
      ...devVariables(read.own, typed, origin.url).flatMap((variable) => ['--var', variable]),
      ...words,
    ];
    const env = { CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false', ...surroundings.env };
    const stopWatching = watchPage(ownPage, stdout);
    try {
      return records === true
        ? await runWrangler(args, env)
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
  { env, stdout, ask }: Surroundings<Screen>,
): Promise<ExitCode> {
  const show = (line: string): void => void stdout.write(`${line}\n`);
  const filter = screenFilter(show);
  const ending = new AbortController();
  let last: JsonObject[] = [];
  const watch = async (): Promise<void> => {
    for await (const record of newRecords(address, ending.signal)) {
      const line = failureLine(record);
      if (line !== undefined) show(line);
      last = line === undefined ? [...last, record] : [record];
    }
  };
  const watching = watch();
  const keyboard = ask === undefined ? undefined : createInterface({ input: process.stdin });
  if (keyboard !== undefined)
    stdout.say('Press Enter for the whole record of the last failure, Ctrl-C to end.');
  keyboard?.on('line', () => show(last.map(printableJson).join('\n') || 'Nothing has failed so far.'));
  try {
    return await runWrangler(args, env, filter.take);
  } finally {
    keyboard?.close();
    ending.abort();
    await watching;
    filter.end();
  }
}

if (import.meta.main) await runProcess(main.call);
