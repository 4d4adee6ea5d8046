/** The options with which `npm run dev` starts wrangler, and its filter for wrangler's output. */
import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { devVariables, readDevConfig } from '../../src/cli/dev/config.ts';
import { main } from '../../src/cli/dev/main.ts';
import { screenFilter } from '../../src/cli/dev/screen-filter.ts';
import { callCommand } from '../cli/run-command.ts';
import { folderWith } from '../cli/wrangler-toml.ts';

const TOML = `[vars]
SUPPORT_URL = "https://help.shop.example"
STATUS_PAGE_URL = ""
ORIGIN_TIMEOUT_MS = 9000

[dev]
port = 9123

[env.staging.vars]
SUPPORT_URL = "https://staging.shop.example"
`;

/** The settings of one's own with a file of variables beside the configuration. */
async function own(environment?: string, files: Readonly<Record<string, string>> = {}) {
  const folder = await folderWith({ 'wrangler.toml': TOML, ...files });
  return readDevConfig(join(folder, 'wrangler.toml'), environment);
}

describe("settings of one's own", () => {
  it.each<[string, string | undefined, string[]]>([
    ['of the top level', undefined, ['SUPPORT_URL', 'ORIGIN_TIMEOUT_MS']],
    ['of an environment', 'staging', ['SUPPORT_URL']],
  ])('%s hold', async (_, environment, expected) => {
    expect((await own(environment)).own).toEqual(expected);
  });

  it('are none where the file has the defaults, as a new wrangler.toml does', async () => {
    const file = join(import.meta.dirname, '../fixtures/wrangler.toml');
    expect((await readDevConfig(file, undefined)).own).toEqual([]);
  });

  it.each(['.dev.vars', '.env'])('of %s hold, with their defaults too', async (name) => {
    const files = { [name]: 'LOG_ORIGIN_BODY_BYTES=0\n' };
    expect((await own('staging', files)).own).toContain('LOG_ORIGIN_BODY_BYTES');
  });

  it('take the place of the samples, and typed ones that of all others', () => {
    const variables = devVariables(['SUPPORT_URL'], ['ORIGIN_URL:http://a.example'], 'http://b.example');
    expect(variables).toEqual([
      'ORIGIN_TIMEOUT_MS:3000',
      'STATUS_PAGE_URL:https://status.shop.example',
      'LOG_ORIGIN_BODY_BYTES:1024',
      'ORIGIN_URL:http://b.example',
      'ORIGIN_URL:http://a.example',
    ]);
  });

  it('include the port', async () => {
    expect((await own()).port).toBe(9123);
  });

  it('that cannot be read are named, in a line', async () => {
    const folder = await folderWith({ 'wrangler.toml': '[vars' });
    const { exitCode, stderr } = await callCommand(main, ['--config', join(folder, 'wrangler.toml')]);
    expect(stderr).toMatch(/^✗ .*\(line 1\)\n$/);
    expect(exitCode).toBe(1);
  });
});

describe("wrangler's screen", () => {
  function filtered(text: string): string {
    let shown = '';
    const filter = screenFilter((line) => (shown += `${line}\n`));
    for (const line of text.split('\n')) filter.take(line);
    filter.end();
    return shown;
  }
  const record =
    "\u001b[31m✘ [ERROR] {\u001b[0m\n\n    message: 'Origin answered 503',\n    request_id: '1',\n    error: {\n      type: '503'\n    }\n  }\n\n\n";
  const bare = "{\n  message: 'Origin error body',\n  request_id: '1'\n}\n";
  const request = '[wrangler:info] GET /checkout 503 Service Unavailable (42ms)\n';
  const others =
    "Ready on http://127.0.0.1:8787\n{\n  a: 1\n}\n[wrangler:info] GET / 200 OK (1ms)\n✘ [ERROR] {\n    cart: 'gone'\n  }\nhalf a line";

  it('keeps everything but records and failed requests', () => {
    expect(filtered(record + bare + request + others)).toBe(`${others}\n`);
  });

  it('keeps an object that does not end', () => {
    expect(filtered("{\n  request_id: '1'")).toBe("{\n  request_id: '1'\n");
  });
});
