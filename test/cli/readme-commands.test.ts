/** The commands and examples that the READMEs give, as they stand there. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTailApi } from '../support/tail-api.ts';
import { ACCOUNT_ID, startTelemetryApi, TOKEN } from '../support/telemetry-api.ts';
import { failureRecord, logEvent, MINUTE } from './records.ts';
import { main as check } from '../../src/cli/check/main.ts';
import { readArguments as readDeployArguments } from '../../src/cli/deploy/arguments.ts';
import { readArguments as readSmokeArguments } from '../../src/cli/smoke/arguments.ts';
import { callCommand, repository, runCommand, runProgram } from './run-command.ts';
import { changed, tomlFile } from './wrangler-toml.ts';

const readme = await readFile(join(repository, 'README.md'), 'utf8');
const commands = await readFile(join(repository, 'src/cli/README.md'), 'utf8');
// The ID in the README.
const ID = '01M84C4Q14RVE3XP3S68576FX6';

const hasCurl = spawnSync('sh', ['-c', 'curl --version']).status === 0;
if (!hasCurl) console.warn('No curl: the command with it is skipped.');

test.skipIf(!hasCurl)('curl gets the record from the query API', async () => {
  const rooms = await readFile(join(repository, 'src/cli/lookup/README.md'), 'utf8');
  const [, command = ''] = /```sh\n( *ID=\w+ NOW=[^]*?)```/.exec(rooms) ?? [];
  expect(command).toContain(`ID=${ID} `);
  const api = await startTelemetryApi();
  for (const id of [ID, ID.replace('01', '02')]) api.add([logEvent(failureRecord(id), { age: MINUTE })]);
  const here = command.replace('https://api.cloudflare.com/client/v4', api.baseUrl);
  expect(here).not.toBe(command);
  const { stdout, stderr } = await runProgram('sh', ['-c', here], { env: api.env });
  await api.close();
  expect(stdout, stderr).not.toBe('');
  expect(JSON.parse(stdout)).toMatchObject({
    success: true,
    result: { events: { count: 1, events: [{ source: { request_id: ID } }] } },
  });
});

test('wrangler tail --search asks Cloudflare for what holds the ID, and prints the record', async () => {
  const [, args = ''] = /`npx wrangler (tail --search \w+)`/.exec(readme) ?? [];
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

test('the commands of the workflow are commands, with options that they take', async () => {
  const [, workflow = ''] = /```yaml\n([^]*?)```/.exec(commands) ?? [];
  const lines = [...workflow.matchAll(/^ +- run: npm run (\w+)(?: -- (.*))?$/gm)];
  expect(lines.map(([, name]) => name)).toEqual(['check', 'deploy', 'smoke', 'deploy', 'smoke']);
  const { scripts } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'));
  const read = [];
  for (const [, name = '', text = ''] of lines) {
    expect(Object.keys(scripts)).toContain(name);
    const argv = text.replaceAll('${{ github.sha }}', '7f265f7').split(' ');
    if (name === 'deploy') read.push(readDeployArguments(argv, {}).environment);
    if (name === 'smoke') read.push(readSmokeArguments(argv, {})?.failing?.href);
  }
  expect(read).toEqual(['staging', 'https://staging.shop.example/broken', '', 'https://shop.example/broken']);
});
