/** `preview`: shows the answers of a page template, in every language and form. */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseSettings } from '../../read-settings.ts';
import type { Settings } from '../../settings.ts';
import { checkPage, type PageProblem } from '../check-page/check-page.ts';
import { contrastWarnings } from '../check-page/contrast.ts';
import { CONFIG_OPTION, findConfig, hasConfig } from '../check/find-config.ts';
import { defineCommand, UsageError, type Surroundings } from '../command.ts';
import { plural } from '../format.ts';
import { isCheckout, ownPage } from '../package.ts';
import { printable, printableBlock } from '../printable.ts';
import type { Screen } from '../terminal.ts';
import { startLiveServer } from './live-server.ts';
import { previewPage } from './preview-page.ts';
import { samplesOf, type Sample } from './samples.ts';

/** The command `preview`. With `--watch` it goes on until you interrupt it. */
export const main = defineCommand({
  name: 'preview',
  summary: 'shows the page in every language and form',
  about:
    'Shows a page template in every language, light and dark, on a telephone and on a desktop, after GET and POST, with usual, long and no names, and every form for programs. Marks what overflows, and says what the check would refuse.',
  examples: [
    [isCheckout ? ['--watch'] : ['--template', 'oops.html', '--watch'], 'while you edit the template'],
  ],
  options: (parser) =>
    parser
      .option('--template <FILE>', 'the template', ownPage)
      .addOption(CONFIG_OPTION)
      .option('--out <FILE>', 'where to write the preview', 'dist/preview.html')
      .option('--watch', 'serve it on this machine instead, and refresh it whenever the template is saved')
      .option('--no-open', 'do not open it in a browser'),
  words: 'none',
  exitCodes: {
    0: 'the preview is written, and the check would let the template pass',
    1: 'the check would refuse it, or it cannot be read',
  },
  run: async ({ values: options }, surroundings) => {
    const { stdout, stderr } = surroundings;
    const template = options.template ?? ownPage;

    let settings: Settings;
    try {
      settings = await readSettings(options.config);
      await readFile(template);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      stderr.say(`✗ ${printableBlock(error instanceof Error ? error.message : String(error))}`);
      return 1;
    }
    if (options.watch) return await serve(template, settings, options.open, surroundings);

    const { html, ...found } = await render(template, settings, false);
    const out = resolve(options.out);
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, html);
    report(template, found, surroundings);
    stdout.write(`${out}\n`);
    if (options.open && stdout.isTTY) open(pathToFileURL(out).href);
    return found.problems.length > 0 ? 1 : 0;
  },
});

/** The settings at the top level of the configuration, or the defaults without a configuration. */
async function readSettings(config: string | undefined): Promise<Settings> {
  if (config === undefined && !hasConfig('')) return parseSettings({}).settings;
  const { readWranglerConfig } = await import('../check/wrangler-config.ts');
  const [topLevel] = await readWranglerConfig(config ?? findConfig(), true);
  return parseSettings(topLevel?.vars ?? {}).settings;
}

async function render(file: string, settings: Settings, isLive: boolean) {
  let samples: readonly Sample[] = [];
  let problems: readonly PageProblem[];
  let warnings: readonly PageProblem[] = [];
  try {
    const template = await readFile(file, 'utf8');
    problems = checkPage(template);
    warnings = contrastWarnings(template);
    // A broken template cannot be shown. The check says why.
    samples = await samplesOf(template, settings).catch(() => []);
  } catch (error) {
    problems = [{ line: 1, problem: `cannot be read: ${String(error)}` }];
  }
  const html = previewPage(basename(file), samples, [...problems, ...warnings], isLive);
  return { problems, warnings, html };
}

function report(
  file: string,
  { problems, warnings }: Readonly<Record<'problems' | 'warnings', readonly PageProblem[]>>,
  { stdout, stderr }: Surroundings<Screen>,
): void {
  for (const [mark, found] of [['✗', problems] as const, ['!', warnings] as const])
    for (const { line, problem } of found) stderr.say(`${mark} ${printable(`${file}:${line}: ${problem}`)}`);
  if (problems.length > 0) stderr.say(`The check would refuse it: ${plural(problems.length, 'problem')}.`);
  else stdout.say('✓ The check would let it pass.');
}

async function serve(file: string, settings: Settings, mayOpen: boolean, surroundings: Surroundings<Screen>) {
  const server = await startLiveServer(async () => (await render(file, settings, true)).html);
  surroundings.stdout.write(`${server.url}\n`);
  report(file, await render(file, settings, true), surroundings);
  if (mayOpen && surroundings.stdout.isTTY) open(server.url);

  // Watch the folder: editors replace the file instead of writing to it.
  const watcher = watch(dirname(resolve(file)), (_event, name) => {
    if (name === null || name === basename(file)) server.changed();
  });
  await new Promise<void>((end) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end());
  });
  watcher.close();
  server.stop();
  return 0;
}

/** Opens a URL in the default browser. */
function open(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open'];
  spawn(program ?? '', [...args, url], { stdio: 'ignore', detached: true })
    // Without a desktop nothing can open it. The URL is printed already.
    .on('error', () => {})
    .unref();
}
