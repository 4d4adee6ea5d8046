/** All output of the commands fits the terminal: lines break between words, and colours change no text. */
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../../src/cli/command.ts';
import { main as check } from '../../src/cli/check/main.ts';
import { startListener, type Listener } from '../../src/cli/dev/origin/listener.ts';
import { main as dev } from '../../src/cli/dev/main.ts';
import { main as init } from '../../src/cli/init/main.ts';
import { main as lookup } from '../../src/cli/lookup/main.ts';
import { main as preview } from '../../src/cli/preview/main.ts';
import { main as smoke } from '../../src/cli/smoke/main.ts';
import { startTelemetryApi, type TelemetryApi } from '../support/telemetry-api.ts';
import { startZoneApi, type ZoneApi } from '../support/zone-api.ts';
import { failureRecord, idOfAge, logEvent, MINUTE } from './records.ts';
import { runCommand } from './run-command.ts';
import { folderWith, shipped, withStaging } from './wrangler-toml.ts';

const ID = idOfAge(10 * MINUTE);
const NOWHERE = idOfAge(3 * 24 * 60 * MINUTE);
const BAD = withStaging()
  .replace('head_sampling_rate = 1 ', 'head_sampling_rate = 0.5 ')
  .replace(/^SUPPORT_URL = ""$/m, 'SUPORT_URL = ""')
  .replace('ERROR_STATUS = "500" ', 'ERROR_STATUS = "origin" ')
  .replace('"no_nodejs_compat",', '"no_nodejs_compat", "global_fetch_strictly_public",');

let logs: TelemetryApi;
let zone: ZoneApi;
let site: Listener;

beforeAll(async () => {
  [logs, zone, site] = await Promise.all([
    startTelemetryApi(),
    startZoneApi('shop.invalid', [{ id: 'a', pattern: 'shop.invalid/*', script: 'pages' }]),
    startListener((socket) => {
      socket.once('data', () =>
        socket.end(
          'HTTP/1.1 500 x\r\nProxy-Status: edge-error-interceptor\r\nX-Request-Id: nothing that is one\r\nConnection: close\r\n\r\n',
        ),
      );
    }),
  ]);
  const hosts = ['shop.example', 'a-host-with-a-rather-long-name-of-its-own.customers.shop.example'];
  logs.add(
    hosts.map((host, index) =>
      logEvent(
        failureRecord(index === 0 ? ID : idOfAge((11 + index) * MINUTE), { server: { address: host } }),
        { age: 10 * MINUTE, invocation: `${index}` },
      ),
    ),
  );
});
afterAll(() => Promise.all([logs.close(), zone.close(), site.stop()]));

type Row = readonly [
  what: string,
  command: Command,
  args: () => readonly string[] | Promise<readonly string[]>,
  env?: (() => Readonly<Record<string, string>>) | undefined,
];

const file = async (name: string, text: string): Promise<string> =>
  `${await folderWith({ [name]: text })}/${name}`;

/** Each command, with every way that it can end. */
const rows: readonly Row[] = [
  ...[check, dev, init, lookup, preview, smoke].flatMap<Row>((command) => [
    [`${command.name} --help`, command, () => ['--help']],
    [`${command.name} with a mistyped option`, command, () => ['--port', 'web', '--config']],
  ]),
  ['check of what is valid', check, async () => ['--config', await file('wrangler.toml', shipped)]],
  ['check of what is not', check, async () => ['--config', await file('wrangler.toml', BAD)]],
  [
    'check of a page',
    check,
    async () => ['--page', await file('page.html', '<p>{{reqest}}</p><img src="https://a.example/a.png">')],
  ],
  [
    'init that is not agreed to',
    init,
    async () => ['--config', await file('wrangler.json', '{ "name": "x" }')],
  ],
  ['init of what is malformed', init, async () => ['--config', await file('wrangler.json', '{')]],
  [
    'preview of what is refused',
    preview,
    async () => [
      '--no-open',
      '--template',
      await file('page.html', '<p>{{reqest}}</p>'),
      '--out',
      await file('out.html', ''),
    ],
  ],
  ['smoke of a site that is not as promised', smoke, () => [`http://${site.host}/`, '--failing', '/broken']],
  ['smoke of a route', smoke, () => ['http://shop.invalid/'], () => zone.env],
  ['smoke without a token', smoke, () => ['http://shop.invalid/', '--fail-open']],
  ['lookup of an ID', lookup, () => [ID], () => logs.env],
  ['lookup of no ID', lookup, () => ['hello'], () => logs.env],
  ['lookup of an ID that is nowhere', lookup, () => [NOWHERE], () => logs.env],
  ['lookup without a token', lookup, () => [ID]],
  ['lookup --since', lookup, () => ['--since', '1h'], () => logs.env],
];

/** The whole output of a command on a terminal of this width. */
async function printed([, command, args, env]: Row, columns: number, isTTY: boolean): Promise<string> {
  let text = '';
  const output = { columns, isTTY, write: (part: string) => (text += part) };
  await command.call(await args(), { env: env?.() ?? {}, stdout: output, stderr: output });
  return text;
}

/** The words of an output. Digits and names of new folders differ from call to call, so they are masked. */
function words(text: string): string[] {
  return text
    .replace(/config-\w+/g, 'config-x')
    .replace(/\d/g, '0')
    .split(/\s+/)
    .filter((word) => /\p{L}/u.test(word));
}

/** Lines that are too long although they could be broken. Commands to copy and changes of a file are exempt. */
function tooLong(text: string, columns: number): string[] {
  return text
    .split('\n')
    .filter((line) => [...line].length > columns)
    .filter((line) => !/^ *(?:→ )?(?:npx|npm|wrangler) /.test(line) && !/^[-+ ] *\\?["{}[]/.test(line))
    .filter((line) =>
      line
        .trim()
        .replace(/^(?:[✓✗!→-]|--?\w[\w-]*) +/, '')
        .includes(' '),
    );
}

describe.each([40, 80, 140])('in %i columns', (columns) => {
  it.each(rows.map((row) => ({ what: row[0], row })))('$what fits', async ({ row }) => {
    const [plain, wide] = [await printed(row, columns, false), await printed(row, 10_000, false)];
    expect(plain).not.toBe('');
    expect(tooLong(plain, columns)).toEqual([]);
    // The pieces of a broken word would not be words of the same text in a wide terminal.
    const whole = new Set(words(wide));
    expect(words(plain).filter((word) => !whole.has(word))).toEqual([]);
    expect(plain).not.toContain('\u001b');
    const coloured = await printed(row, columns, true);
    expect(words(stripVTControlCharacters(coloured))).toEqual(words(plain));
  });
});

it('the list of commands fits', async () => {
  for (const COLUMNS of ['40', '80']) {
    const { stderr } = await runCommand('src/cli/main.ts', [], { env: { COLUMNS } });
    expect(tooLong(stderr, Number(COLUMNS))).toEqual([]);
  }
});

it('colours are there on a terminal, unless they are not wanted', async () => {
  const row = rows.find(([what]) => what === 'check of what is not');
  if (row === undefined) throw new Error('no such row');
  const [what, command, args] = row;
  expect(await printed(row, 80, true)).toContain('\u001b[31m✗\u001b[39m');
  for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }, { FORCE_COLOR: '0' }]) {
    expect(await printed([what, command, args, () => env], 80, true)).not.toContain('\u001b');
  }
  expect(await printed([what, command, args, () => ({ FORCE_COLOR: '1' })], 80, false)).toContain(
    '\u001b[31m',
  );
});
