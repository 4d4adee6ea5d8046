/** The package as another project gets it: packed, installed, type-checked, bundled and run. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
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
      const response = await fetch(worker.url);
      const requestId = response.headers.get('X-Request-Id') ?? '';
      expect(response.status).toBe(500);
      expect(await response.text()).toContain(`>${requestId}</code>`);
      expect(await worker.recordsOf(requestId)).toHaveLength(1);
    } finally {
      await worker.stop();
    }
  });
});
