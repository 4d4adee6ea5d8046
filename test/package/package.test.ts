/** The package as another project gets it: packed, installed, type-checked, bundled and run. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packPackage } from '../support/packed-package.ts';
import { startWorkerd } from '../support/workerd.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const modules = join(root, 'node_modules');
let scratch: string;
/** A copy of this repository, because packing changes files. */
let checkout: string;
/** A project in which the packed package is installed. */
let project: string;
/** The size in bytes of everything that the package brings. */
let size: number;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'package-'));
  const packed = await packPackage();
  checkout = packed.checkout;
  project = await newProject('packed', packed.tarball);
  size = await sizeOf(join(project, 'node_modules'));
  for (const name of ['hono', '@cloudflare/workers-types']) await link(name);
}, 240_000);

afterAll(() => rm(scratch, { recursive: true }));

/** Runs npm. The machine may be busy and offline: the packages were installed before. */
function npm(cwd: string, ...args: readonly string[]) {
  return run('npm', [...args, '--prefer-offline', '--no-audit', '--no-fund', '--silent'], { cwd });
}

/** Makes an empty project that installs the package. */
async function newProject(name: string, spec: string): Promise<string> {
  const folder = join(scratch, name);
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "name": "shop", "private": true, "type": "module" }');
  await npm(folder, 'install', spec);
  return folder;
}

/** Puts a package of this repository into the project, as if the application had installed it. */
async function link(name: string): Promise<void> {
  const target = join(project, 'node_modules', name);
  await mkdir(join(target, '..'), { recursive: true });
  await symlink(join(modules, name), target);
}

describe('what npm packs', () => {
  const installed = () => join(project, 'node_modules/edge-error-interceptor');

  it('is the library, the commands, the schema of the record, and nothing of how they are made', async () => {
    const files = await readdir(installed(), { recursive: true, withFileTypes: true });
    const names = files
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(installed(), join(parentPath, name)));
    expect(names.toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'dist/cli/main.js',
      'dist/library/check-page.d.ts',
      'dist/library/check-page.js',
      'dist/library/with-error-pages.d.ts',
      'dist/library/with-error-pages.js',
      'package.json',
      'src/log/log-record.schema.json',
      'src/page/page.html',
    ]);
  });

  it('has no script that an installation would run, and asks for no Hono of its own', async () => {
    const manifest = JSON.parse(await readFile(join(installed(), 'package.json'), 'utf8'));
    for (const inside of ['scripts', 'devDependencies', 'allowScripts', 'cloudflare', 'clean-package']) {
      expect(manifest).not.toHaveProperty(inside);
    }
    expect(Object.keys(manifest.dependencies)).toEqual(['mustache']);
    expect(await readdir(join(project, 'node_modules'))).not.toContain('wrangler');
  });

  it('leaves the repository as it was', async () => {
    const [before, after] = [root, checkout].map((folder) => readFile(join(folder, 'package.json'), 'utf8'));
    expect(await after).toBe(await before);
  });

  it('is, with what it depends on, at most four megabytes', () => {
    expect(size).toBeLessThan(4_000_000);
  });
});

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

const consumer = `import { onError, withErrorPages, type PageOptions, type SettingsInput } from 'edge-error-interceptor';
import { WorkerEntrypoint } from 'cloudflare:workers';
import { Hono } from 'hono';

interface Bindings { GREETING: string }
const settings: SettingsInput = { SUPPORT_URL: 'mailto:help@shop.example', LOG_ORIGIN_BODY_BYTES: 1000 };
const page: PageOptions = { languages: { de: { heading: 'Das ging schief' } } };

const app = new Hono<{ Bindings: Bindings }>();
app.get('/', () => { throw new Error('boom'); });
app.onError(onError);
export default withErrorPages(app, settings, page);

export const plain = withErrorPages({
  fetch: (request: Request, env: Bindings) => new Response(env.GREETING + request.url),
  scheduled() {},
});
const handler: ExportedHandler<Bindings> = { fetch: (_request, env) => new Response(env.GREETING) };
export const exported: ExportedHandler<Bindings> = withErrorPages(handler);
const router = { fetch: (request: Request, ...args: unknown[]) => new Response(request.url + args.length), get() {} };
export const routed = withErrorPages({ ...router });

export const withQueue = withErrorPages({
  fetch: app.fetch,
  async queue(batch) { batch.ackAll(); },
} satisfies ExportedHandler<Bindings>);

class Shop extends WorkerEntrypoint<Bindings> {
  override fetch() { return new Response(this.env.GREETING); }
  price(): number { return 1; }
}
export const Wrapped = withErrorPages(Shop);
export class Store extends withErrorPages(Shop) {}
export const price: (shop: InstanceType<typeof Wrapped>) => number = (shop) => shop.price();

// @ts-expect-error A misspelt setting.
export const misspelt: SettingsInput = { SUPORT_URL: 'mailto:help@shop.example' };
export const written: SettingsInput = { ERROR_STATUS: 500, INTERCEPT: 'pages', TRUST_REQUEST_ID: 'true', SITE_NAME: undefined };
// @ts-expect-error A misspelt value.
export const pagess: SettingsInput = { INTERCEPT: 'pagess' };
// @ts-expect-error A misspelt value.
export const orign: SettingsInput = { ERROR_STATUS: 'orign' };
// @ts-expect-error A text that the page has not.
export const unknown: PageOptions = { languages: { de: { headline: 'Das ging schief' } } };
`;

describe('a project that installed the package', () => {
  it.each([
    ['bundler', 'esnext'],
    ['nodenext', 'nodenext'],
  ])(
    'type-checks under strict rules, the example of the README too, with modules resolved as %s',
    async (moduleResolution, module) => {
      await writeFile(join(project, 'index.ts'), consumer);
      const [, sample = ''] = /```ts\n([^]*?)```/.exec(await readFile(join(root, 'README.md'), 'utf8')) ?? [];
      expect(sample).toContain('withErrorPages(app');
      await writeFile(join(project, 'sample.ts'), sample);
      await writeFile(
        join(project, 'page.ts'),
        "import { checkPage } from 'edge-error-interceptor/check-page';\nexport const line: number | undefined = checkPage('')[0]?.line;\n",
      );
      const compilerOptions = {
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        noImplicitOverride: true,
        verbatimModuleSyntax: true,
        target: 'es2024',
        lib: ['es2024'],
        module,
        moduleResolution,
        types: ['@cloudflare/workers-types'],
        noEmit: true,
      };
      await writeFile(
        join(project, 'tsconfig.json'),
        JSON.stringify({ compilerOptions, files: ['index.ts', 'page.ts', 'sample.ts'] }),
      );
      const tsc = run(process.execPath, [join(modules, 'typescript/bin/tsc'), '-p', project]);
      expect((await tsc.catch((error: { stdout: string }) => error)).stdout).toBe('');
    },
  );

  it('bundles and runs, with the page and the record', async () => {
    await runsAs(project);
  });

  it('can have its own template checked by a function', async () => {
    const program = `import { checkPage } from 'edge-error-interceptor/check-page';
      console.log(JSON.stringify(checkPage('<p>{{request_id}}</p>\\n<p>{{request_ID}}</p>')));`;
    await writeFile(join(project, 'check.mjs'), program);
    const { stdout } = await run(process.execPath, [join(project, 'check.mjs')]);
    expect(JSON.parse(stdout)).toEqual([{ line: 2, problem: expect.stringContaining('{{request_id}}') }]);
  });
});

/** Bundles a throwing application in the folder of a project. Checks the visitor's answer and the log. */
async function runsAs(folder: string): Promise<void> {
  const source = join(folder, 'worker.ts');
  await writeFile(
    source,
    `import { onError, withErrorPages } from 'edge-error-interceptor';
    import { Hono } from '${join(modules, 'hono')}';
    const app = new Hono();
    app.get('/', () => { throw new TypeError('cart is undefined'); });
    app.onError(onError);
    export default withErrorPages(app, { SUPPORT_URL: 'mailto:help@shop.example' });`,
  );
  const bundle = join(folder, 'bundle');
  const options = [
    '--bundle',
    '--format=esm',
    '--conditions=workerd',
    `--outfile=${join(bundle, 'index.js')}`,
  ];
  await run(join(modules, '.bin/esbuild'), [source, ...options]);
  const worker = await startWorkerd({ bundle });
  try {
    const response = await fetch(worker.url, { headers: { Accept: 'text/html' } });
    const requestId = response.headers.get('X-Request-Id') ?? '';
    expect(response.status).toBe(500);
    expect(await response.text()).toContain(`>${requestId}</code>`);
    expect(await worker.recordsOf(requestId)).toMatchObject([
      { message: 'Application threw', exception: { message: 'cart is undefined' } },
    ]);
  } finally {
    await worker.stop();
  }
}

describe('the package from a checkout of this repository', () => {
  it('is built and works', async () => {
    await rm(join(checkout, 'dist'), { recursive: true, force: true });
    await runsAs(await newProject('from-folder', checkout));
  });
});

describe('the commands of the package', () => {
  const config =
    '{\n  // the shop\n  "name": "shop",\n  "main": "worker.ts",\n  "compatibility_date": "2026-11-17"\n}\n';

  /** Runs the package's command in the project, as npx does. */
  async function command(
    ...args: readonly string[]
  ): Promise<{ stdout: string; stderr: string; code: number }> {
    const folder = join(project, 'node_modules/edge-error-interceptor');
    const { bin } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return run(process.execPath, [join(folder, bin['edge-error-interceptor']), ...args], {
      cwd: project,
    }).then(
      (ended) => ({ ...ended, code: 0 }),
      (error: { stdout: string; stderr: string; code: number }) => error,
    );
  }

  it.each(['lookup', 'smoke', 'check', 'preview', 'init'])('%s is there', async (name) => {
    const { stdout, stderr, code } = await command(name, '--help');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(/exit codes/i);
    expect(stdout).toContain(`npx edge-error-interceptor ${name}`);
  });

  it('the others are not: they belong to the repository', async () => {
    const { stderr, code } = await command('dev');
    expect(stderr).toContain('npx edge-error-interceptor lookup');
    expect(code).toBe(2);
  });

  it('preview shows the page of the package where no template is named', async () => {
    const { stdout, code } = await command('preview', '--no-open');
    expect(stdout).toContain('✓ The check would let it pass.');
    expect(code).toBe(0);
    const page = 'node_modules/edge-error-interceptor/src/page/page.html';
    expect(await readFile(join(project, page), 'utf8')).toBe(
      await readFile(join(root, 'src/page/page.html'), 'utf8'),
    );
  });

  it('--version is that of the package', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(await command('--version')).toMatchObject({ stdout: `${version}\n`, code: 0 });
  });

  it('check needs the wrangler of the application, and says so', async () => {
    await writeFile(join(project, 'wrangler.jsonc'), config);
    const { stderr, code } = await command('check');
    expect(stderr).toContain('npm install --save-dev wrangler');
    expect(code).toBe(1);
  });
});
