/** The package as another project gets it: packed, installed, type-checked, bundled and run. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorkerd } from '../support/workerd.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const modules = join(root, 'node_modules');
let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'consumer-'));
  const packing = await run('npm', ['pack', '--json', '--silent', '--pack-destination', project], {
    cwd: root,
  });
  const [tarball = ''] = /[\w.-]+\.tgz/.exec(packing.stdout) ?? [];
  await run('tar', ['-xzf', join(project, tarball), '-C', project]);
  await mkdir(join(project, 'node_modules/@cloudflare'), { recursive: true });
  await rename(join(project, 'package'), join(project, 'node_modules/edge-error-interceptor'));
  for (const name of ['hono', 'mustache', 'negotiator', 'ulid', '@cloudflare/workers-types']) {
    await symlink(join(modules, name), join(project, 'node_modules', name));
  }
}, 60_000);

afterAll(() => rm(project, { recursive: true }));

const consumer = `import { withErrorPages, type SettingsInput } from 'edge-error-interceptor';
import { Hono } from 'hono';

const settings: SettingsInput = { SUPPORT_URL: 'mailto:help@shop.example' };
const app = new Hono<{ Bindings: { GREETING: string } }>();
app.get('/', () => { throw new Error('boom'); });
app.onError((error) => { throw error; });

export default withErrorPages(app, settings);
export const plain: ExportedHandler<{ GREETING: string }> = withErrorPages({
  fetch: (request: Request, env: { GREETING: string }) => new Response(env.GREETING + request.url),
  scheduled() {},
});
`;

describe('a project that installed the package', () => {
  it('type-checks under strict rules', async () => {
    await writeFile(join(project, 'index.ts'), consumer);
    const options = {
      strict: true,
      exactOptionalPropertyTypes: true,
      target: 'es2024',
      lib: ['es2024'],
      module: 'esnext',
      moduleResolution: 'bundler',
      types: ['@cloudflare/workers-types'],
      noEmit: true,
    };
    await writeFile(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, files: ['index.ts'] }),
    );
    const tsc = run(process.execPath, [join(modules, 'typescript/bin/tsc'), '-p', project]);
    expect((await tsc.catch((error: { stdout: string }) => error)).stdout).toBe('');
  });

  it('bundles and runs, with the page and the record', async () => {
    await writeFile(join(project, 'worker.ts'), consumer.replace('export const plain', 'const plain'));
    const bundle = join(project, 'bundle');
    await run(join(modules, '.bin/esbuild'), [
      join(project, 'worker.ts'),
      '--bundle',
      '--format=esm',
      '--conditions=workerd',
      `--outfile=${join(bundle, 'index.js')}`,
    ]);
    const worker = await startWorkerd({ bundle });
    try {
      const response = await fetch(worker.url, { headers: { Accept: 'text/html' } });
      const requestId = response.headers.get('X-Request-Id') ?? '';
      expect(response.status).toBe(500);
      expect(await response.text()).toContain(`>${requestId}</code>`);
      expect(await worker.recordsOf(requestId)).toHaveLength(1);
    } finally {
      await worker.stop();
    }
  });
});

describe('the commands of the package', () => {
  const config =
    '{\n  // the shop\n  "name": "shop",\n  "main": "worker.ts",\n  "compatibility_date": "2026-11-17"\n}\n';

  /** Runs the package's bin in the project, as npx does. */
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
    expect(stdout).not.toContain('npm run');
  });

  it('the others are not: they belong to the repository', async () => {
    const { stderr, code } = await command('deploy');
    expect(stderr).toContain('npx edge-error-interceptor lookup');
    expect(code).toBe(2);
  });

  it('check needs the wrangler of the application, and says so', async () => {
    await writeFile(join(project, 'wrangler.jsonc'), config);
    const { stderr, code } = await command('check');
    expect(stderr).toContain('cannot be read without wrangler: npm install --save-dev wrangler');
    expect(code).toBe(1);
  });

  it('check finds what init mends', async () => {
    await symlink(join(modules, 'wrangler'), join(project, 'node_modules/wrangler'));
    await writeFile(join(project, 'wrangler.jsonc'), config);
    const before = await command('check');
    expect(before.stderr).toContain('observability.enabled is not set');
    expect(before.code).toBe(1);
    const init = await command('init', '--yes');
    expect(init.stdout).toMatch(/^\+ +"SUPPORT_URL": "",$/m);
    expect(init.stdout).toContain('Next: npx edge-error-interceptor check');
    const after = await command('check');
    expect(after.stdout).toBe('✓ Settings are valid (top level).\n');
    expect(await readFile(join(project, 'wrangler.jsonc'), 'utf8')).toContain('// the shop');
  });

  it('smoke works without this checkout', async () => {
    const { stdout, stderr, code } = await command('smoke', 'http://127.0.0.1:9/');
    expect(stdout + stderr).toContain('no answer');
    expect(code).toBe(1);
  });

  it('are small: with the library, without its dependencies, a megabyte and a half at most', async () => {
    const folder = join(project, 'node_modules/edge-error-interceptor');
    const files = await readdir(folder, { recursive: true });
    const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_500_000);
  });
});
