/** The tests of this repository pass in a copy after its owner has made the changes that the documents suggest. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withStaging } from '../cli/wrangler-toml.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'fork-'));
  const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of stdout.trim().split('\n')) await cp(join(root, file), join(copy, file));
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
});

afterAll(() => rm(copy, { recursive: true }));

/** Changes a file of the copy. The owner may have made the same change already. */
async function rewrite(file: string, change: (text: string) => string): Promise<void> {
  const path = join(copy, file);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

/** The settings of the owner, whatever the file says now. */
const settings: Readonly<Record<string, string | number>> = {
  SITE_NAME: 'Söhne & Co',
  ORIGIN_URL: 'https://origin.shop.example',
  SUPPORT_URL: 'mailto:help@shop.example',
  STATUS_PAGE_URL: 'https://status.shop.example',
  ERROR_STATUS: 'origin',
  INTERCEPT: 'pages',
  DEFAULT_LANGUAGE: 'de',
  LOG_ORIGIN_BODY_BYTES: 512,
  ORIGIN_TIMEOUT_MS: 30_000,
};

it(
  'own settings, a staging environment, another brand and one more language',
  { timeout: 900_000 },
  async () => {
    await rewrite('wrangler.toml', (toml) => {
      const own = Object.entries(settings).reduce(
        (text, [name, value]) =>
          text.replace(new RegExp(`^${name} = .*?(?= +# )`, 'm'), `${name} = ${JSON.stringify(value)}`),
        withStaging(toml),
      );
      expect(own).toContain('Söhne & Co');
      return own.replace(/^name = .*$/m, 'name = "shop-errors"');
    });
    await rewrite('src/page/page.html', (html) => {
      let count = 0;
      const branded = html.replace(/(?<=--accent: )[^;]+/g, () => (count++ === 0 ? '#8a1f5c' : '#ffb3dd'));
      expect(count).toBeGreaterThan(1);
      return branded;
    });
    // Adds Icelandic as a language, with the Danish texts.
    await rewrite('src/page/languages.ts', (source) => {
      const [danish = ''] = /^ {2}da: {[^]*?^ {2}},\n/m.exec(source) ?? [];
      expect(danish).toContain('heading: ');
      if (/^ {2}is: {/m.test(source)) return source;
      return source.replace(
        /^(?= {2}it: {)/m,
        danish.replace('da:', 'is:').replace(/^ {4}aliases:.*\n/m, ''),
      );
    });

    expect(await failuresOf('test/vitest.config.ts')).toEqual([]);
  },
);

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** The tests that read wrangler.toml, the page or its texts. Other tests of the Worker bring their own settings. */
const affected = [
  'test/unit',
  'test/cli',
  'test/browser',
  'test/worker/answers',
  'test/worker/with-error-pages',
];

/** The failing tests of the copy, each with the first line of its error. */
async function failuresOf(config: string): Promise<string[]> {
  const out = join(copy, 'report.json');
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', config, ...affected];
  const ended = await run(process.execPath, [...vitest, '--reporter=json', `--outputFile=${out}`], {
    cwd: copy,
    maxBuffer: Infinity,
  }).catch((failed: { stdout: string; stderr: string }) => failed);
  const { testResults }: Report = JSON.parse(await readFile(out, 'utf8'));
  expect(testResults.length, ended.stderr).toBeGreaterThan(40);
  return testResults.flatMap(({ name, message, assertionResults }) => [
    ...(message === '' ? [] : [`${name}: ${message}`]),
    ...assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]?.split('\n')[0]}`),
  ]);
}
