/** `preview`: shows what a page template becomes, in every language and form. */
import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { parseSettings } from '../../read-settings.ts';
import type { Settings } from '../../settings.ts';
import { checkPage, type PageProblem } from '../check-page/check-page.ts';
import { findConfig, hasConfig } from '../check/find-config.ts';
import type { Command, Surroundings } from '../command.ts';
import { plural } from '../format.ts';
import { commandLine, isCheckout, npmKept } from '../npm-options.ts';
import { printable } from '../printable.ts';
import { startLiveServer } from './live-server.ts';
import { previewPage } from './preview-page.ts';
import { samplesOf, type Sample } from './samples.ts';

const HELP = `Shows a page template in every language, light and dark, on a phone and on a desktop, after GET and POST,
with and without links, and the forms beside it. Marks what overflows, and says what the check would refuse.

  ${commandLine('preview', isCheckout ? ['--watch'] : ['--template', 'oops.html', '--watch'])}

Options
  --template FILE  the template${isCheckout ? '; src/page/page.html without it' : ''}
  --config FILE    another wrangler.toml, .json or .jsonc than the one in this folder: its SITE_NAME, SUPPORT_URL
                   and STATUS_PAGE_URL are shown
  --out FILE       where to write the preview; dist/preview.html
  --watch          serve it on this machine instead, and refresh it whenever the template is saved
  --no-open        do not open it in a browser
  --help           this text

Exit codes
  0  the preview is written, and the check would let the template pass
  1  the check would refuse it, or it cannot be read
  2  the command line is malformed
`;

const OPTIONS = {
  template: { type: 'string', looks: /\.html?$/ },
  config: { type: 'string', short: 'c' },
  out: { type: 'string', default: 'dist/preview.html' },
  watch: { type: 'boolean', default: false },
  open: { type: 'boolean', default: true },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const OWN_TEMPLATE = join(import.meta.dirname, '../../page/page.html');

/** `preview`. With `--watch` it goes on until it is interrupted. */
export const main: Command = async (argv, surroundings) => {
  const { stdout, stderr } = surroundings;
  const options = npmKept(surroundings.env, argv, OPTIONS) ?? readOptions(argv);
  if (typeof options === 'string') {
    stderr.write(`${options}\nAll options: ${commandLine('preview', ['--help'])}\n`);
    return 2;
  }
  if (options.help) {
    stdout.write(HELP);
    return 0;
  }
  const template = options.template ?? (existsSync(OWN_TEMPLATE) ? OWN_TEMPLATE : undefined);
  if (template === undefined) {
    stderr.write('Which template? Allowed: --template FILE\n');
    return 2;
  }

  let settings: Settings;
  try {
    settings = await readSettings(options.config);
    await readFile(template);
  } catch (error) {
    stderr.write(`✗ ${printable(error instanceof Error ? error.message : String(error))}\n`);
    return 1;
  }
  if (options.watch) return await serve(template, settings, options.open, surroundings);

  const { html, problems } = await render(template, settings, false);
  const out = resolve(options.out);
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, html);
  report(template, problems, surroundings);
  stdout.write(`${out}\n`);
  if (options.open && stdout.isTTY) open(pathToFileURL(out).href);
  return problems.length > 0 ? 1 : 0;
};

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowNegative: true, options: OPTIONS }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What the top level of the configuration says; without one, the defaults. */
async function readSettings(config: string | undefined): Promise<Settings> {
  if (config === undefined && !hasConfig('')) return parseSettings({}).settings;
  const { readWranglerConfig } = await import('../check/wrangler-config.ts');
  const [topLevel] = await readWranglerConfig(config ?? findConfig(resolve()), true);
  return parseSettings(topLevel?.vars ?? {}).settings;
}

async function render(file: string, settings: Settings, isLive: boolean) {
  let samples: readonly Sample[] = [];
  let problems: readonly PageProblem[];
  try {
    const template = await readFile(file, 'utf8');
    problems = checkPage(template);
    // What is no template cannot be shown; the check says why.
    samples = await samplesOf(template, settings).catch(() => []);
  } catch (error) {
    problems = [{ line: 1, problem: `cannot be read: ${String(error)}` }];
  }
  return { problems, html: previewPage(basename(file), samples, problems, isLive) };
}

function report(file: string, problems: readonly PageProblem[], { stdout, stderr }: Surroundings): void {
  for (const { line, problem } of problems) stderr.write(`✗ ${printable(`${file}:${line}: ${problem}`)}\n`);
  if (problems.length > 0)
    stderr.write(`The check would refuse it: ${plural(problems.length, 'problem')}.\n`);
  else stdout.write('✓ The check would let it pass.\n');
}

async function serve(file: string, settings: Settings, mayOpen: boolean, surroundings: Surroundings) {
  const server = await startLiveServer(async () => (await render(file, settings, true)).html);
  surroundings.stdout.write(`${server.url}\n`);
  report(file, (await render(file, settings, true)).problems, surroundings);
  if (mayOpen && surroundings.stdout.isTTY) open(server.url);

  // Editors replace a file rather than write to it: its folder is what stays.
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

/** Hands a URL to what the system opens such with. */
function open(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open'];
  spawn(program ?? '', [...args, url], { stdio: 'ignore', detached: true })
    // Without a desktop there is nothing to open it with; where it is was printed.
    .on('error', () => {})
    .unref();
}
