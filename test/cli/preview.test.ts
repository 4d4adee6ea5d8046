/** `npx edge-error-interceptor preview`, run as a designer runs it. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Browser } from 'playwright-core';
import { main } from '../../src/cli/preview/main.ts';
import { startLiveServer } from '../../src/cli/preview/live-server.ts';
import { findChromium, launchChromium, openPage, type OpenedPage } from '../support/browser.ts';
import { callCommand, repository } from './run-command.ts';
import { languageTags, template } from '../support/sample-page.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preview-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs the command with a template. */
async function preview(html: string, ...args: string[]) {
  const file = join(folder, 'own.html');
  const out = join(folder, 'out', 'preview.html');
  await writeFile(file, html);
  const run = await callCommand(main, ['--template', file, '--out', out, ...args]);
  return { ...run, out, html: await readFile(out, 'utf8').catch(() => '') };
}

describe('npx edge-error-interceptor preview', () => {
  it('writes one page that asks for nothing else, and says where it is', async () => {
    const { exitCode, stdout, stderr, html, out } = await preview(template);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(`✓ The check would let it pass.\n${out}\n`);
    expect(html.replace(/<script type="application\/json"[^]*?<\/script>/, '')).not.toMatch(/ (?:src|href)=/);
  });

  it('says what the check would refuse, on the terminal and on the page', async () => {
    const { exitCode, stderr, html } = await preview('<p>{{request_id}}</p>\n<p>{{headign}}</p>');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('own.html:2: has the unknown token {{headign}}; did you mean {{heading}}?');
    expect(html).toContain('own.html:2: has the unknown token {{headign}}');
  });

  it('warns of a colour that cannot be read, and lets it pass', async () => {
    const { exitCode, stdout, stderr, html } = await preview(
      template.replace(/(?<=--accent: )[^;]+/, '#ff9900'),
    );
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /! .*own\.html:\d+: has --accent on --page with a contrast of [\d.]+:1 in light colours/,
    );
    expect(stdout).toContain('The check would let it pass.');
    expect(html).toContain('has --on-accent on --accent');
  });

  it('shows the page of the package without a template', async () => {
    const out = join(folder, 'preview.html');
    const { exitCode } = await callCommand(main, ['--out', out]);
    expect(exitCode).toBe(0);
    expect(await readFile(out, 'utf8')).toContain('<title>page.html: preview</title>');
  });

  it('says so where the template is none', async () => {
    const { exitCode, stderr } = await preview('{{request_id}} {{#retry}}');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is not a Mustache template: Unclosed section "retry"');
  });

  it.each([
    [['--template'], 2],
    [['--nonsense'], 2],
    [['--config', 'none.toml'], 1],
    [['--template', 'none.html'], 1],
    [['--help'], 0],
  ])('%j ends with %i', async (args, exitCode) => {
    expect((await preview(template, ...args)).exitCode).toBe(exitCode);
  });
});

describe('the server that refreshes the preview', () => {
  it('says that the page has changed to who listens, and answers to no other name', async () => {
    let page = 'first';
    const server = await startLiveServer(async () => page);
    try {
      expect(await (await fetch(server.url)).text()).toBe('first');
      const changes = (await fetch(`${server.url}changes`)).body?.getReader();
      page = 'second';
      server.changed();
      expect(new TextDecoder().decode((await changes?.read())?.value)).toBe('data: changed\n\n');
      expect(await (await fetch(server.url)).text()).toBe('second');
    } finally {
      server.stop();
    }
  });
});

const chromium = findChromium();
describe.skipIf(chromium === undefined)('the preview in a browser', () => {
  let browser: Browser;
  let opened: OpenedPage;
  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '');
    opened = await openPage(browser, { viewport: { width: 1280, height: 800 }, colorScheme: null });
  });
  afterAll(() => browser.close());

  /** Opens a preview of the given template, or of the default one, with some of the choices made. */
  async function look(html: string, choice: Readonly<Record<string, string>> = {}) {
    const { out } = await preview(html);
    await opened.page.goto('about:blank');
    await opened.page.goto(`file://${out}#${new URLSearchParams(choice)}`);
    await opened.page.waitForFunction(
      'document.querySelector("output").textContent && [...document.querySelectorAll("iframe")].every(({ contentDocument }) => contentDocument?.querySelector("p"))',
    );
    return opened;
  }

  it('begins with English, as wide as a telephone and a desktop, and has every language to choose', async () => {
    const { page, problems } = await look(template);
    await page.getByText('3 shown, 0 marked').waitFor();
    const widths =
      '[...document.querySelectorAll("iframe")].map((frame) => Math.round(frame.getBoundingClientRect().width))';
    expect(await page.evaluate<number[]>(widths)).toEqual([320, 390, 1280]);
    const offered = await page.locator('select[name=language] option').allTextContents();
    expect(offered[0]).toBe('English (en)');
    expect(offered).toHaveLength(languageTags.length + 1);
    await page.selectOption('select[name=language]', 'de');
    await page.frameLocator('iframe').first().getByText('Etwas ist schiefgelaufen').waitFor();
    expect(problems).toEqual([]);
  });

  it.each(['usual names', 'long names', 'no settings'])(
    'shows the page in every language, in the colours asked for, and marks nothing: with %s',
    async (site) => {
      const choice = { language: 'all', occasion: 'after POST', width: '320 px', scheme: 'dark', site };
      const { page, problems } = await look(template, choice);
      await page.getByText(`${languageTags.length} shown, 0 marked`).waitFor();
      const background =
        'getComputedStyle(document.querySelector("iframe").contentDocument.body).backgroundColor';
      expect(await page.evaluate<string>(background)).toBe('rgb(19, 22, 28)');
      expect(problems).toEqual([]);
    },
  );

  it('marks what overflows', async () => {
    const wide = template.replace('max-width: 36em', 'width: 700px');
    const { page } = await look(wide, { language: 'all', width: '320 px' });
    await page.getByText(`${languageTags.length} shown, ${languageTags.length} marked`).waitFor();
    expect(await page.locator('figcaption b').first().textContent()).toMatch(/^\d+ px too wide$/);
  });

  it('--watch refreshes while the template is edited, and says what the check would refuse', async () => {
    const file = join(folder, 'own.html');
    await writeFile(file, template);
    const args = ['src/cli/main.ts', 'preview', '--template', file, '--watch', '--no-open'];
    const watching = spawn(process.execPath, args, { cwd: repository });
    onTestFinished(() => void watching.kill());
    let said = '';
    watching.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await expect.poll(() => said, { timeout: 60_000 }).toContain('✓ The check would let it pass.\n');

    const { page } = opened;
    const frame = page.frameLocator('iframe[title="en, 390 px"]').locator('body');
    await page.goto(said.split('\n')[0] ?? '');
    await frame.getByText('Something went wrong').waitFor();
    await writeFile(file, template.replace('<h1>', '<h1>Our own words: '));
    await frame.getByText('Our own words: ').waitFor();
    await writeFile(file, template.replace('<h1>', '<h1>{{headin}}'));
    await page.getByText('has the unknown token {{headin}}').waitFor();

    watching.kill('SIGINT');
    await expect.poll(() => watching.exitCode, { timeout: 60_000 }).toBe(0);
  });

  it.each([
    ['fragment', 'The server was unable to complete your request.'],
    ['json', '"title": "Internal Server Error"'],
    ['markdown', '# 500 Internal Server Error'],
    ['text', 'Internal Server Error'],
    ['last resort', 'Request ID:'],
  ])('shows the form %s too', async (form, sign) => {
    const { page } = await look(template, { form, width: '390 px' });
    await page.getByText('1 shown, 0 marked').waitFor();
    const isFrame = (await page.locator('iframe').count()) > 0;
    const shown = isFrame ? page.frameLocator('iframe').locator('body') : page.locator('pre');
    expect(await shown.textContent()).toContain(sign);
  });
});
