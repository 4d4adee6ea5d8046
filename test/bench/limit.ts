/** Builds the limit: the Worker of test/fixtures/limit with the product's own page in it, as text. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { page, sampleFacts } from '../support/sample-page.ts';

const entry = join(import.meta.dirname, '../fixtures/limit/index.ts');

/** Facts to render the page with, once. Each marker then becomes a value in a template literal. */
const markers = {
  ...sampleFacts,
  requestId: '@{requestId}',
  siteName: '@{host}',
  backUrl: '/',
  retryAfter: undefined,
  supportUrl: 'mailto:support@shop.example?@{mail}',
  statusPageUrl: undefined,
};
const isoTime = sampleFacts.failedAt.toISOString();
const time = `${isoTime.slice(0, 10)} ${isoTime.slice(11, 19)} UTC`;

/** Builds the Worker as one file. */
export async function limitSource(): Promise<string> {
  const html = page.render(markers).replaceAll(isoTime, '@{isoTime}').replaceAll(time, '@{time}');
  const literal = JSON.stringify(html).replaceAll(/@\{(\w+)\}/g, '" + v.$1 + "');
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    write: false,
    banner: {
      js: `const page = (v) => ${literal};\nconst policy = ${JSON.stringify(await page.policy())};`,
    },
  });
  return outputFiles.map(({ text }) => text).join('');
}
