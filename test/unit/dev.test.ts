/** The options with which `npm run dev` starts wrangler, and its filter for wrangler's output. */
import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { ownSettings, portIn, readConfig } from '../../src/cli/dev/config.ts';
import { screenFilter } from '../../src/cli/dev/screen-filter.ts';
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

describe("settings of one's own", () => {
  it.each<[string, string[], Record<string, unknown>]>([
    ['of the top level', [], { SUPPORT_URL: 'https://help.shop.example', ORIGIN_TIMEOUT_MS: 9000 }],
    ['of an environment', ['--env', 'staging'], { SUPPORT_URL: 'https://staging.shop.example' }],
    ['of an environment, named shortly', ['-e=staging'], { SUPPORT_URL: 'https://staging.shop.example' }],
    [
      'typed',
      ['--var', 'STATUS_PAGE_URL:https://up.example'],
      { STATUS_PAGE_URL: 'https://up.example', ORIGIN_TIMEOUT_MS: 9000 },
    ],
    ['typed with its default', ['--var', 'ORIGIN_TIMEOUT_MS:0'], { ORIGIN_TIMEOUT_MS: '0' }],
  ])('%s hold', async (_, words, expected) => {
    const folder = await folderWith({ 'wrangler.toml': TOML });
    const file = join(folder, 'wrangler.toml');
    expect(Object.fromEntries(ownSettings(file, readConfig(file), words))).toMatchObject(expected);
  });

  it('are none where the file has the defaults, as a new wrangler.toml does', async () => {
    const file = join(import.meta.dirname, '../fixtures/wrangler.toml');
    expect([...ownSettings(file, readConfig(file), []).keys()]).toEqual([]);
  });

  it('of .dev.vars hold, and what is empty is none', async () => {
    const folder = await folderWith({ 'wrangler.toml': TOML, '.dev.vars': 'LOG_ORIGIN_BODY_BYTES=64\n' });
    const file = join(folder, 'wrangler.toml');
    const own = ownSettings(file, readConfig(file), []);
    expect(own.get('LOG_ORIGIN_BODY_BYTES')).toBe('64');
    expect(own.has('STATUS_PAGE_URL')).toBe(false);
  });

  it('include the port, and of what is no configuration there are none', async () => {
    const folder = await folderWith({ 'wrangler.toml': TOML, 'bad.toml': '[vars' });
    expect(portIn(readConfig(join(folder, 'wrangler.toml')))).toBe(9123);
    const bad = join(folder, 'bad.toml');
    expect(portIn(readConfig(bad))).toBe(8787);
    expect(ownSettings(bad, readConfig(bad), []).size).toBe(0);
  });
});

describe("wrangler's screen", () => {
  /** The filtered text, if it arrives in pieces of this length. */
  function filtered(text: string, length: number): string {
    let shown = '';
    const filter = screenFilter((line) => (shown += line));
    for (let start = 0; start < text.length; start += length) filter.write(text.slice(start, start + length));
    filter.end();
    return shown;
  }
  const record =
    "\u001b[31m✘ [ERROR] {\u001b[0m\n\n    message: 'Origin answered 503',\n    request_id: '1',\n    error: {\n      type: '503'\n    }\n  }\n\n\n";
  const bare = "{\n  message: 'Origin error body',\n  request_id: '1'\n}\n";
  const request = '[wrangler:info] GET /checkout 503 Service Unavailable (42ms)\n';
  const others =
    "Ready on http://127.0.0.1:8787\n{\n  a: 1\n}\n[wrangler:info] GET / 200 OK (1ms)\n✘ [ERROR] {\n    cart: 'gone'\n  }\nhalf a line";

  it.each([1, 7, 10_000])('keeps everything but records and failed requests, in pieces of %i', (length) => {
    expect(filtered(record + bare + request + others, length)).toBe(`${others}\n`);
  });

  it('keeps an object that does not end', () => {
    expect(filtered("{\n  request_id: '1'\n", 5)).toBe("{\n  request_id: '1'\n");
  });
});
