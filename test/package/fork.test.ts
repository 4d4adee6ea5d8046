/** The tests of this repository are green in a copy whose owner changed what the documents tell an owner to change. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

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

/** Changes a file of the copy, each text in it to another. Throws where one is not there. */
async function change(file: string, ...changes: readonly (readonly [from: string | RegExp, to: string])[]) {
  const path = join(copy, file);
  let text = await readFile(path, 'utf8');
  for (const [from, to] of changes) {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${file} has no ${from}`);
    text = changed;
  }
  await writeFile(path, text);
}

it('own settings, a staging environment, another brand and one more language', async () => {
  await change(
    'wrangler.toml',
    ['name = "edge-error-interceptor"', 'name = "shop-errors"'],
    ['# routes = [{ pattern = "shop', 'routes = [{ pattern = "shop'],
    [/^SITE_NAME = ""/m, 'SITE_NAME = "Söhne & Co"'],
    [/^ORIGIN_URL = ""/m, 'ORIGIN_URL = "https://origin.shop.example"'],
    [/^SUPPORT_URL = ""/m, 'SUPPORT_URL = "mailto:help@shop.example"'],
    [/^STATUS_PAGE_URL = ""/m, 'STATUS_PAGE_URL = "https://status.shop.example"'],
    [/^ERROR_STATUS = "500"/m, 'ERROR_STATUS = "origin"'],
    [/^INTERCEPT = "all"/m, 'INTERCEPT = "pages"'],
    [/^DEFAULT_LANGUAGE = "en"/m, 'DEFAULT_LANGUAGE = "de"'],
    [/^LOG_ORIGIN_BODY_BYTES = 0/m, 'LOG_ORIGIN_BODY_BYTES = 512'],
    [/^ORIGIN_TIMEOUT_MS = 0/m, 'ORIGIN_TIMEOUT_MS = 30000'],
    [/^# \[env\.staging\]\n[^]*/m, ''],
  );
  const shipped = await readFile(join(root, 'wrangler.toml'), 'utf8');
  const staging = shipped.slice(shipped.indexOf('# [env.staging]\n')).replace(/^# ?/gm, '');
  await writeFile(
    join(copy, 'wrangler.toml'),
    `${await readFile(join(copy, 'wrangler.toml'), 'utf8')}${staging}`,
  );
  await change(
    'src/page/page.html',
    ['--accent: #174f9f;', '--accent: #8a1f5c;'],
    ['--accent: #92bcff;', '--accent: #ffb3dd;'],
  );
  // Faroese, for which the words of Danish stand here.
  const languages = await readFile(join(root, 'src/page/languages.ts'), 'utf8');
  const [danish = ''] = /^ {2}da: {[^]*?^ {2}},\n/m.exec(languages) ?? [];
  await change('src/page/languages.ts', [
    /^(?= {2}fr: {)/m,
    danish.replace('da:', 'fo:').replace(/^ {4}aliases:.*\n/m, ''),
  ]);

  expect(await failuresOf('test/vitest.config.ts')).toEqual([]);
}, 900_000);

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

/** The tests of the copy that fail, with the first line of why. */
async function failuresOf(config: string): Promise<string[]> {
  const out = join(copy, 'report.json');
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', config];
  await run(process.execPath, [...vitest, '--reporter=json', `--outputFile=${out}`], {
    cwd: copy,
    maxBuffer: Infinity,
  }).catch(() => undefined);
  const { testResults }: Report = JSON.parse(await readFile(out, 'utf8'));
  expect(testResults.length).toBeGreaterThan(50);
  return testResults.flatMap(({ name, message, assertionResults }) => [
    ...(message === '' ? [] : [`${name}: ${message}`]),
    ...assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]?.split('\n')[0]}`),
  ]);
}
