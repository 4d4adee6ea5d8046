/**
 * The configuration of Hono's own tests, with every application in error pages. run.ts sets the folder of the
 * checkout (`HONO_CHECKOUT`) and one of the three forms (`HONO_FORM`: bare, wrapped, handled).
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { HONO_CHECKOUT: checkout = '', HONO_FORM: form = 'bare' } = process.env;
const own: { readonly default: { readonly test: { readonly projects: readonly (string | object)[] } } } =
  await import(pathToFileURL(join(checkout, 'vitest.config.ts')).href);

/** Wraps the class of all applications in another class, before anything is compiled. */
const around = {
  name: 'around-every-application',
  enforce: 'pre',
  transform(code: string, id: string): string | undefined {
    if (form === 'bare' || id !== join(checkout, 'src/hono-base.ts')) return undefined;
    if (!/^class Hono</m.test(code)) throw new Error('src/hono-base.ts is not as it was: look at around.ts');
    return `${code.replace(/^class Hono</m, 'class Bare<')}
      import { putErrorPagesAround } from '${join(import.meta.dirname, 'around.ts')}';
      class Hono extends Bare {
        constructor(options) {
          super(options);
          putErrorPagesAround(this, ${form === 'handled'});
        }
      }`;
  },
};

/** Loads HTML files as text, like wrangler. */
const htmlAsText = {
  name: 'html-as-text',
  enforce: 'pre',
  async load(id: string): Promise<string | undefined> {
    return id.endsWith('.html') ? `export default ${JSON.stringify(await readFile(id, 'utf8'))};` : undefined;
  },
};

export default {
  root: checkout,
  // The product is not in the folder of the checkout, so Vite has to allow files outside of it.
  server: { fs: { strict: false } },
  test: {
    globals: true,
    // The first project that is not for another runtime has all tests, except those of JSX in a browser.
    projects: own.default.test.projects
      .filter((project) => typeof project === 'object')
      .slice(0, 1)
      .map((project) => ({
        ...project,
        extends: false,
        root: checkout,
        plugins: [around, htmlAsText],
        test: { globals: true, ...Object(project).test },
      })),
  },
};
