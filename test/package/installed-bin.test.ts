/** The commands in another project: packed, installed into an empty folder, and run by each installed Node. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { newRequestId } from '../../src/request-id.ts';
import { startOrigin, type Origin } from '../support/origin.ts';
import { packPackage } from '../support/packed-package.ts';
import { startTelemetryApi, type TelemetryApi } from '../support/telemetry-api.ts';
import { startWorkerd, type RunningWorker } from '../support/workerd.ts';
import { failureRecord, logEvent } from '../cli/records.ts';
import { type CommandRun, repository, runProgram } from '../cli/run-command.ts';

const CONFIG = '{ "name": "shop", "main": "index.ts", "compatibility_date": "2026-11-17" }\n';

/** The tests' own Node, and the machine's if it is another one and not too old. */
const nodes = [...new Map([...nodesOfMachine(), process.execPath].map((node) => [versionOf(node), node]))];

let folder: string;
let logs: TelemetryApi;
let origin: Origin;
let worker: RunningWorker;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'installed-'));
  const project = join(folder, 'project');
  await mkdir(project);
  const { tarball } = await packPackage();
  const quietly = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  // The only dependency is installed from a local folder, so npm asks no registry.
  const mustache = join(repository, 'node_modules/mustache');
  const args = ['install', ...quietly, '--install-links', tarball, mustache];
  const { exitCode, stdout, stderr } = await runProgram('npm', args, { cwd: project });
  expect(exitCode, stdout + stderr).toBe(0);
  await symlink(join(repository, 'node_modules/wrangler'), join(project, 'node_modules/wrangler'));

  [logs, origin] = await Promise.all([startTelemetryApi(), startOrigin()]);
  worker = await startWorkerd({ bundle: inject('bundle'), vars: { ORIGIN_URL: origin.url } });
}, 120_000);

afterAll(async () => {
  await Promise.all([logs.close(), origin.stop(), worker.stop()]);
  await rm(folder, { recursive: true });
});

describe.each(nodes)('by Node %s', (_version, node) => {
  /** Runs the command as a shell does: by its link, and by the first Node on the PATH. */
  function command(...args: string[]): Promise<CommandRun> {
    return runProgram(join(folder, 'project/node_modules/.bin/edge-error-interceptor'), args, {
      cwd: join(folder, 'project'),
      env: {
        PATH: [dirname(node), process.env['PATH']].join(delimiter),
        ...logs.env,
      },
    });
  }

  it('lookup finds a record', async () => {
    const id = newRequestId();
    logs.add([logEvent(failureRecord(id), { invocation: id })]);
    const { stdout, exitCode } = await command('lookup', id.toLowerCase());
    expect(stdout).toContain('The origin answered 503 to GET shop.example/checkout');
    expect(exitCode).toBe(0);
    expect((await command('lookup', '--since', '1h')).stdout).toContain('in the last 60 minutes');
  });

  it('smoke tries a site', async () => {
    const { stdout, exitCode } = await command('smoke', `${worker.url}/ok`, '--failing', '/retry-after');
    expect(stdout).toMatch(/→ npx edge-error-interceptor lookup --local http\S+ [\da-f-]{36}$/m);
    expect(stdout).toContain('All as promised');
    expect(exitCode).toBe(0);
  });

  it('init writes what check asks for', async () => {
    await writeFile(join(folder, 'project/wrangler.jsonc'), CONFIG);
    expect((await command('check')).stderr).toContain('observability.enabled is not set');
    expect((await command('init', '--yes')).stdout).toContain('✓ wrangler.jsonc is written');
    expect(await command('check')).toMatchObject({
      stdout: '✓ Settings are valid (top level).\n',
      exitCode: 0,
    });
  });

  it("preview shows an application's own template with its own settings", async () => {
    const config = CONFIG.replace(' }', ', "vars": { "SITE_NAME": "Shop of our own" } }');
    await writeFile(join(folder, 'project/wrangler.jsonc'), config);
    const template = join(folder, 'project/oops.html');
    await copyFile(join(repository, 'src/page/page.html'), template);
    const { stdout, exitCode } = await command('preview', '--template', 'oops.html');
    expect(stdout).toMatch(/^✓ The check would let it pass\.\n.*preview\.html\n$/);
    expect(exitCode).toBe(0);
    expect(await readFile(join(folder, 'project/dist/preview.html'), 'utf8')).toContain('Shop of our own');

    await writeFile(template, '<p>{{request_id}}</p><script src="https://cdn.example/x.js"></script>');
    const refused = await command('preview', '--template', 'oops.html');
    expect(refused.stderr).toContain('The check would refuse it');
    expect(refused.exitCode).toBe(1);
  });
});

function nodesOfMachine(): string[] {
  const folders = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((name) => !name.includes('node_modules'));
  const [found] = folders.map((name) => join(name, 'node')).filter((file) => existsSync(file));
  return found !== undefined && Number.parseInt(versionOf(found), 10) >= 20 ? [found] : [];
}

function versionOf(node: string): string {
  return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
}
