/** Runs the commands and examples of the READMEs as they are written there. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTailApi } from '../support/tail-api.ts';
import { ACCOUNT_ID, startTelemetryApi, TOKEN } from '../support/telemetry-api.ts';
import { failureRecord, logEvent, MINUTE } from '../cli/records.ts';
import { main as check } from '../../src/cli/check/main.ts';
import { main as smoke } from '../../src/cli/smoke/main.ts';
import { callCommand, repository, runCommand, runProgram } from '../cli/run-command.ts';
import { changed, folderWith, tomlFile, withStaging } from '../cli/wrangler-toml.ts';

const readme = await readFile(join(repository, 'README.md'), 'utf8');
const commands = await readFile(join(repository, 'src/cli/README.md'), 'utf8');
// The ID of the example in the README.
const [, ID = ''] = /"request_id": "([^"]+)"/.exec(readme) ?? [];

const hasCurl = spawnSync('sh', ['-c', 'curl --version']).status === 0;
if (!hasCurl) console.warn('No curl: the command with it is skipped.');

test.skipIf(!hasCurl)('curl gets the record from the query API', async () => {
  const rooms = await readFile(join(repository, 'src/cli/lookup/README.md'), 'utf8');
  const [, command = '', id = ''] = /```sh\n( *ID=([\w-]+) NOW=[^]*?)```/.exec(rooms) ?? [];
  const api = await startTelemetryApi();
  for (const one of [id, id.replace('01', '02')]) api.add([logEvent(failureRecord(one), { age: MINUTE })]);
  const here = command.replace('https://api.cloudflare.com/client/v4', api.baseUrl);
  expect(here).not.toBe(command);
  const { stdout, stderr } = await runProgram('sh', ['-c', here], { env: api.env });
  await api.close();
  expect(stdout, stderr).not.toBe('');
  expect(JSON.parse(stdout)).toMatchObject({
    success: true,
    result: { events: { count: 1, events: [{ source: { request_id: id } }] } },
  });
});

test('wrangler tail --search asks Cloudflare for what holds the ID, and prints the record', async () => {
  const [, args = ''] = /`npx wrangler (tail --search [\w-]+)`/.exec(readme) ?? [];
  expect(args).toContain(ID);
  const api = await startTailApi({
    outcome: 'ok',
    scriptName: 'edge-error-interceptor',
    exceptions: [],
    logs: [{ message: [failureRecord(ID)], level: 'error', timestamp: Date.now() }],
    eventTimestamp: Date.now(),
    event: { request: { url: 'https://shop.example/checkout', method: 'GET', headers: {} } },
  });
  const { stdout, stderr } = await runCommand('node_modules/wrangler/bin/wrangler.js', args.split(' '), {
    env: {
      CLOUDFLARE_API_BASE_URL: api.baseUrl,
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT_ID,
      CLOUDFLARE_API_TOKEN: TOKEN,
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    },
    until: '"trace_id"',
  });
  await api.close();
  expect(stdout, stderr).toContain('"message": "Origin answered 503"');
  expect(api.requests[0]).toMatchObject({
    method: 'POST',
    path: `/client/v4/accounts/${ACCOUNT_ID}/workers/scripts/edge-error-interceptor/tails`,
    body: JSON.stringify({ filters: [{ query: ID }] }),
  });
});

test('the example of many sites is one that check lets pass', async () => {
  const [, routes = '', vars = ''] = /```toml\n(routes = [^]*?)\n\n\[vars\]\n([^]*?)```/.exec(commands) ?? [];
  const toml = changed(/^\[vars\]$/m, `${routes}\n\n[vars]`).replace(/^SUPPORT_URL = .*$/m, vars);
  expect(await callCommand(check, ['--config', await tomlFile(toml)])).toEqual({
    exitCode: 0,
    stdout: '✓ Settings and page are valid (top level).\n',
    stderr: '',
  });
});

test('the routes of the README are ones that check lets pass', async () => {
  const [, routes = ''] = /```toml\n( *routes = [^]*?)```/.exec(readme) ?? [];
  expect(routes).toContain('www.shop.example/*');
  const toml = changed(/^\[vars\]$/m, `${routes}\n\n[vars]`);
  expect(await callCommand(check, ['--config', await tomlFile(toml)])).toEqual({
    exitCode: 0,
    stdout: '✓ Settings and page are valid (top level).\n',
    stderr: '',
  });
});

test('the commands of the workflow are commands, with options that they take', async () => {
  const [, workflow = ''] = /```yaml\n([^]*?)```/.exec(commands) ?? [];
  const lines = [...workflow.matchAll(/^ +- run: (.*)$/gm)].map(([, line = '']) => line);
  const { scripts } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'));
  const ran = [];
  for (const line of lines) {
    const [program, name = '', ...args] = line.replaceAll('${{ github.sha }}', '7f265f7').split(' ');
    if (program === 'npm') expect([...Object.keys(scripts), 'ci']).toContain(args[0] ?? name);
    else if (name === 'wrangler') {
      const dryRun = [...args, '--dry-run', '--outdir', await folderWith({})];
      const toml = await tomlFile(withStaging());
      const { exitCode, stderr } = await runCommand('node_modules/wrangler/bin/wrangler.js', [
        ...dryRun,
        '--config',
        toml,
      ]);
      expect(exitCode, stderr).toBe(0);
    } else {
      expect(name).toBe('edge-error-interceptor');
      const [command, ...rest] = args;
      expect(command).toBe('smoke');
      // This host cannot exist. A malformed host would give another exit code.
      const { exitCode } = await callCommand(
        smoke,
        rest.map((arg) => arg.replace('.example', '.invalid')),
      );
      expect(exitCode).toBe(1);
    }
    ran.push([program, name, args[0]].filter(Boolean).join(' '));
  }
  expect(ran).toEqual([
    'npm ci',
    'npm run check',
    'npx wrangler deploy',
    'npx edge-error-interceptor smoke',
    'npx wrangler deploy',
    'npx edge-error-interceptor smoke',
  ]);
});
