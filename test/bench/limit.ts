/** Builds the limit: the Worker of test/fixtures/limit with the product's own page in it, as text. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { page, sampleVariant } from '../support/sample-page.ts';

const entry = join(import.meta.dirname, '../fixtures/limit/index.ts');

/** What the page holds from request to request: markers that a template literal fills. */
const markers = {
  request_id: '@{requestId}',
  site_name: '@{host}',
  home_url: '/',
  back_url: '/',
  come_back: undefined,
  support_url: 'mailto:support@shop.example?@{mail}',
  status_page_url: undefined,
  status: '500',
  reason: 'Internal Server Error',
  time: '@{time}',
  time_iso: '@{isoTime}',
};

/** The Worker in one file. */
export async function limitSource(): Promise<string> {
  const literal = JSON.stringify(page.render(sampleVariant, markers)).replaceAll(
    /@\{(\w+)\}/g,
    '" + v.$1 + "',
  );
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
