/** `preview`: shows the answers of a page template, in every language and form. */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Option } from '@commander-js/extra-typings';
import { parseSettings } from '../../read-settings.ts';
import type { Settings } from '../../settings.ts';
import { readPageFile, type PageFile } from '../check-page/page-file.ts';
import { CONFIG_OPTION, configsIn, findConfig } from '../check/find-config.ts';
import { defineCommand, type Surroundings } from '../command.ts';
import { plural } from '../format.ts';
import { isCheckout, ownPage } from '../package.ts';
import type { Screen } from '../terminal.ts';
import { watchFile } from '../watch-file.ts';
import { startLiveServer } from './live-server.ts';
import { previewPage } from './preview-page.ts';
import { samplesOf } from './samples.ts';

/** The command `preview`. With `--watch` it goes on until you interrupt it. */
export const main = defineCommand({
  name: 'preview',
  summary: 'shows the page in every language and form',
  about:
    'Shows a page template in every language, light and dark, on a telephone and on a desktop, after GET and POST, with usual, long and no names, and every form for programs. Marks what overflows, and says what the check would refuse.',
  examples: {
    [isCheckout ? '--watch' : '--template oops.html --watch']: 'while you edit the template',
  },
  options: (parser) =>
    parser
      .addOption(
        new Option('--template <FILE>', 'the template').default(
          ownPage,
          isCheckout ? 'src/page/page.html' : 'the page of the package',
        ),
      )
      .addOption(CONFIG_OPTION)
      .option('--out <FILE>', 'where to write the preview', 'dist/preview.html')
      .option('--watch', 'serve it on this machine instead, and refresh it whenever the template is saved')
      .option('--no-open', 'do not open it in a browser'),
  words: 'none',
  exitCodes: {
    0: 'the preview is written, and the check would let the template pass',
    1: 'the check would refuse it, or it cannot be read',
  },
  run: async ({ values: { template, config, out, watch = false, open } }, surroundings) => {
    const settings = await readSettings(config);
    const mayOpen = open && surroundings.stdout.isTTY === true;
    if (watch) return await serve(template, settings, mayOpen, surroundings);

    const page = readPageFile(template);
    const path = resolve(out);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await render(template, page, settings, false));
    report(page, surroundings);
    surroundings.stdout.write(`${path}\n`);
    if (mayOpen) openInBrowser(pathToFileURL(path).href);
    return page.problems.length > 0 ? 1 : 0;
  },
});

/** The settings at the top level of the configuration, or the defaults without a configuration. */
async function readSettings(config: string | undefined): Promise<Settings> {
  if (config === undefined && configsIn('').length === 0) return parseSettings({}).settings;
  const { readWranglerConfig } = await import('../check/wrangler-config.ts');
  const [topLevel] = await readWranglerConfig(config ?? findConfig(), true);
  return parseSettings(topLevel?.vars ?? {}).settings;
}

async function render(
  path: string,
  { template, problems, warnings }: PageFile,
  settings: Settings,
  isLive: boolean,
): Promise<string> {
  // A broken template cannot be shown. The problems say why.
  const samples = template === undefined ? [] : await samplesOf(template, settings).catch(() => []);
  return previewPage(basename(path), samples, [...problems, ...warnings], isLive);
}

function report({ problems, warnings }: PageFile, { stdout, stderr }: Surroundings<Screen>): void {
  for (const problem of problems) stderr.say(`✗ ${problem}`);
  for (const warning of warnings) stderr.say(`! ${warning}`);
  if (problems.length > 0) stderr.say(`The check would refuse it: ${plural(problems.length, 'problem')}.`);
  else stdout.say('✓ The check would let it pass.');
}

/** Serves the preview until somebody interrupts it. */
async function serve(
  path: string,
  settings: Settings,
  mayOpen: boolean,
  surroundings: Surroundings<Screen>,
): Promise<number> {
  const server = await startLiveServer(() => render(path, readPageFile(path), settings, true));
  surroundings.stdout.write(`${server.url}\n`);
  report(readPageFile(path), surroundings);
  if (mayOpen) openInBrowser(server.url);
  const stopWatching = watchFile(path, server.changed);
  await new Promise((end) => process.once('SIGINT', end).once('SIGTERM', end));
  stopWatching();
  server.stop();
  return 0;
}

const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

function openInBrowser(url: string): void {
  const [program = '', ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  spawn(program, [...args, url], { stdio: 'ignore', detached: true })
    // Without a desktop nothing can open it. The URL is printed already.
    .on('error', () => {})
    .unref();
}
