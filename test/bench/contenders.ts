/** The contenders: a bare fetch, this product, the limit, and two usual ways to write the same job. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type BuildOptions } from 'esbuild';
import { buildBundle } from '../support/bundle.ts';
import { limitSource } from './limit.ts';
import type { Manner } from './work.ts';

export interface Contender {
  readonly name: string;
  /** The folder with the bundle. */
  readonly bundle: string;
  readonly manner: Manner;
  /** The size of the minified bundle in bytes, before and after gzip. */
  readonly size: { readonly minified: number; readonly gzip: number };
}

const bareFetch = `export default { fetch: (request) => fetch(request) };`;

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{{STATUS}} {{TITLE}}</title>
    <style>
      body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1rem/1.6 system-ui, sans-serif }
      main { max-width: 34em; padding: 2em; border: 1px solid #d5d9e2; border-radius: 0.75em }
      code { display: block; font-weight: 600 }
    </style>
  </head>
  <body>
    <main>
      <h1>{{STATUS}} {{TITLE}}</h1>
      <p>The server was unable to complete your request. Please try again later.</p>
      <p>If this problem persists, please <a href="{{SUPPORT}}">contact support</a>.</p>
      <p>Request ID: <code>{{REQUEST_ID}}</code></p>
      <small>{{TIME}}</small>
    </main>
  </body>
</html>
`;

/**
 * The usual form of a Worker for this job: a try/catch around fetch, a template and `replaceAll`. It has no log and
 * ignores Accept.
 */
const tryCatch = `
const page = ${JSON.stringify(page)};

export default {
  async fetch(request) {
    const requestId = crypto.randomUUID();
    try {
      const response = await fetch(request);
      if (response.status >= 500 && response.status <= 599) return errorPage(request, requestId);
      return response;
    } catch {
      return errorPage(request, requestId);
    }
  },
};

function errorPage(request, requestId) {
  const time = new Date().toISOString();
  const subject = encodeURIComponent('Error 500 on ' + new URL(request.url).host + ': ' + requestId);
  const html = page
    .replaceAll('{{STATUS}}', '500')
    .replaceAll('{{TITLE}}', 'Internal Server Error')
    .replaceAll('{{SUPPORT}}', 'mailto:support@shop.example?subject=' + subject)
    .replaceAll('{{REQUEST_ID}}', requestId)
    .replaceAll('{{TIME}}', time);
  return new Response(html, {
    status: 500,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-cache, no-store, must-revalidate',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
      'X-Content-Type-Options': 'nosniff',
      'X-Request-Id': requestId,
    },
  });
}
`;

/**
 * Hono as its documentation shows it (https://hono.dev/docs/helpers/proxy, …/middleware/builtin/request-id,
 * …/api/hono#error-handling). `redirect` is not in those examples: without it a visitor never sees a 302.
 */
const honoAsDocumented = `
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { proxy } from 'hono/proxy';
import { requestId } from 'hono/request-id';

const page = ${JSON.stringify(page)};
const app = new Hono();

app.use(requestId());

app.all('*', async (c) => {
  const response = await proxy(c.req.url, {
    ...c.req,
    headers: { ...c.req.header(), 'X-Request-Id': c.get('requestId') },
    redirect: 'manual',
  });
  if (response.status >= 500) throw new HTTPException(500, { message: 'Origin answered ' + response.status });
  return response;
});

app.onError((error, c) => {
  console.error(c.get('requestId') + ' ' + error);
  const html = page
    .replaceAll('{{STATUS}}', '500')
    .replaceAll('{{TITLE}}', 'Internal Server Error')
    .replaceAll('{{SUPPORT}}', 'mailto:support@shop.example')
    .replaceAll('{{REQUEST_ID}}', c.get('requestId'))
    .replaceAll('{{TIME}}', new Date().toISOString());
  c.header('Cache-Control', 'no-store');
  return c.html(html, 500);
});

export default app;
`;

export const BARE = 'bare fetch';
export const PRODUCT = 'this product';
export const LIMIT = 'the limit';

/** Variables for every contender. */
export const vars = { SUPPORT_URL: 'mailto:support@shop.example' };

/**
 * Builds all contenders. The floor, a bare fetch, is the first.
 * @param folder the folder for their bundles
 * @param other another bundle of this product to compare with
 */
export async function buildContenders(folder: string, other?: string): Promise<Contender[]> {
  const product = await buildBundle();
  return [
    await written(folder, BARE, 'relays', bareFetch),
    // It is measured like any other. If its ratio is not 1, the difference is the error of the whole run.
    await written(folder, 'bare fetch again', 'relays', bareFetch),
    { name: PRODUCT, bundle: product, manner: 'negotiates', size: await productSize() },
    ...(other === undefined
      ? []
      : [
          {
            name: 'the other bundle',
            bundle: other,
            manner: 'negotiates' as const,
            size: await sizeOf(other),
          },
        ]),
    await written(folder, LIMIT, 'makes a page', await limitSource()),
    await written(folder, 'try/catch', 'makes a page', tryCatch),
    await written(folder, 'Hono as documented', 'makes a page', honoAsDocumented),
  ];
}

async function written(folder: string, name: string, manner: Manner, source: string): Promise<Contender> {
  const bundle = join(folder, name.replaceAll(/\W+/g, '-'));
  const options = {
    stdin: { contents: source, resolveDir: import.meta.dirname },
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
  } satisfies BuildOptions;
  await mkdir(bundle);
  await build({ ...options, outfile: join(bundle, 'index.js') });
  const small = await build({ ...options, minify: true, charset: 'utf8', write: false });
  const code = Buffer.concat(small.outputFiles.map(({ contents }) => contents));
  return { name, bundle, manner, size: { minified: code.length, gzip: gzipSync(code).length } };
}

/** Reads the sizes that `wrangler deploy --minify` reports for its upload. */
async function productSize(): Promise<Contender['size']> {
  return sizeOf(await buildBundle(undefined, '--minify'));
}

async function sizeOf(bundle: string): Promise<Contender['size']> {
  const names = (await readdir(bundle)).filter((name) => /\.(js|html)$/.test(name));
  const code = Buffer.concat(await Promise.all(names.map((name) => readFile(join(bundle, name)))));
  return { minified: code.length, gzip: gzipSync(code).length };
}
