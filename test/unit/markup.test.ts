import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import { languageTags, samplePage, sectionVariants } from '../support/sample-page.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const vnuJar = require.resolve('vnu-jar/build/dist/vnu.jar');
const java = await run('java', ['-version']).then(
  () => true,
  () => false,
);
if (!java) console.warn('No Java: the Nu HTML checker is skipped.');

const validator = new HtmlValidate({
  root: true,
  extends: [
    'html-validate:recommended',
    'html-validate:standard',
    'html-validate:a11y',
    'html-validate:document',
  ],
  // How Prettier writes HTML.
  rules: {
    'doctype-style': ['error', { style: 'lowercase' }],
    'void-style': ['error', { style: 'selfclose' }],
  },
});

/** Every language, and every combination of sections. */
const pages = [
  ...languageTags.map((language) => ({ name: language, html: samplePage({ language }) })),
  ...sectionVariants.map(({ unsafe, values }) => ({
    name: JSON.stringify({ unsafe, values }),
    html: samplePage({ unsafe }, values),
  })),
];

describe('html-validate finds nothing', () => {
  it.each(pages)('in $name', async ({ html }) => {
    const report = await validator.validateString(html);
    const messages = report.results.flatMap((result) => result.messages);
    expect(messages.map(({ ruleId, line, message }) => `${line}: ${message} (${ruleId})`)).toEqual([]);
  });

  it('and would find an unclosed element', async () => {
    const report = await validator.validateString(samplePage().replace('</main>', ''));
    expect(report.valid).toBe(false);
  });
});

describe.skipIf(!java)('the Nu HTML checker finds nothing', () => {
  it('in any language, nor whatever sections the page has', { timeout: 180_000 }, async () => {
    expect(await check(pages.map(({ html }) => html))).toEqual([]);
  });

  it('and would find an unclosed element', async () => {
    expect(await check([samplePage().replace('</bdi>', '')])).not.toEqual([]);
  });
});

/** What the checker says about pages, warnings included; not about `<meta />`, which is how Prettier writes it. */
async function check(pages: readonly string[]): Promise<unknown[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pages-'));
  const files = pages.map((_, i) => join(folder, `${i}.html`));
  await Promise.all(pages.map((page, i) => writeFile(files[i] ?? '', page)));
  const options = [
    '--format',
    'json',
    '--stdout',
    '--exit-zero-always',
    '--filterpattern',
    'Trailing slash.*',
  ];
  const { stdout } = await run('java', ['-Xss1m', '-jar', vnuJar, ...options, ...files], {
    maxBuffer: 64 * 1024 * 1024,
  });
  await rm(folder, { recursive: true });
  const report: { readonly messages: unknown[] } = JSON.parse(stdout);
  return report.messages;
}
