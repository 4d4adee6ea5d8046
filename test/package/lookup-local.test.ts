import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { main } from '../../src/cli/lookup/main.ts';
import { listen } from '../../src/cli/dev/origin/listener.ts';
import { bodyRecord, failureRecord, idOfAge } from '../cli/records.ts';
import { callCommand, repository } from '../cli/run-command.ts';
import { startWranglerDev, type WranglerDev } from '../cli/wrangler-dev.ts';

// wrangler dev starts slowly.
vi.setConfig({ testTimeout: 120_000 });

function lookup(...args: string[]) {
  return callCommand(main, args);
}

describe('--local, with a running wrangler dev', () => {
  let dev: WranglerDev;

  beforeAll(async () => {
    dev = await startWranglerDev();
  });
  afterAll(() => dev.stop());

  test('prints the cause', async () => {
    const id = idOfAge(0);
    await dev.log([failureRecord(id)], bodyRecord(id, 'out of memory'));
    const { exitCode, stdout, stderr } = await lookup('--local', dev.url, id.toLowerCase());
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^The origin answered 503 to GET shop\.example\/checkout after 42 ms\.\n/);
    expect(stdout).toContain("Origin's error body\n  out of memory\n");
    const otherLines = stdout.slice(stdout.indexOf('Other log lines of the same request'));
    expect(otherLines).toMatch(/Z info asking the origin \{"attempt":1\}\n/);
    expect(otherLines).not.toContain('out of memory');
  });

  test("finds a record behind the Worker's name, as wrangler prints it for two Workers in one session", async () => {
    const id = idOfAge(0);
    await dev.log(['[main]', failureRecord(id)]);
    const { exitCode, stdout } = await lookup(`--local=${dev.url}`, '--json', id);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      request_id: id,
      store: dev.url,
      failures: [{ service: 'fixture', record: failureRecord(id), additions: [] }],
    });
  });

  test('an ID that the client chose', async () => {
    await dev.log([failureRecord('client-chosen-0123456789')]);
    const { exitCode } = await lookup('--local', dev.url, '--verbatim', 'client-chosen-0123456789');
    expect(exitCode).toBe(0);
  });

  test('an unknown ID', async () => {
    const id = idOfAge(0);
    // An ID in a log line that is no record does not count.
    await dev.log(['a text with', id]);
    const { exitCode, stderr } = await lookup('--local', dev.url, id);
    expect(stderr).toBe(`No record with the ID ${id} in the logs of wrangler dev at ${dev.url}.\n`);
    expect(exitCode).toBe(1);
  });

  test('--since counts and groups what was logged, its numbers folded', async () => {
    // This test has a host of its own, since the log also holds records of the other tests.
    const server = { address: 'since.example' };
    for (const number of [17, 18, 19])
      await dev.log([failureRecord(idOfAge(0), { server, url: { path: `/order/${number}` } })]);
    const bot = { verified_bot_category: 'Search Engine Crawler' };
    await dev.log([failureRecord(idOfAge(0), { server, url: { path: '/' }, cloudflare: bot })]);
    const id = idOfAge(0);
    const network = { type: 'connection_refused', source: 'network' };
    await dev.log(['[main]', failureRecord(id, { server, url: { path: '/cart' }, error: network })]);

    const summary = async (...options: string[]): Promise<unknown> => {
      const args = ['--local', dev.url, '--since', '1m', '--host', 'since.example', '--json', ...options];
      const { stdout, stderr } = await lookup(...args);
      expect(stderr).toBe('');
      return JSON.parse(stdout);
    };
    expect(await summary()).toMatchObject({
      failures: 5,
      others: 0,
      groups: [
        { path: '/order/…', count: 3, origin_status: 503 },
        { path: '/cart', count: 1, error_type: 'connection_refused', example: id },
        { path: '/', count: 1 },
      ],
    });
    const shown = await lookup('--local', dev.url, '--since', '1m', '--host', 'since.example');
    expect(shown.stdout).toContain(
      `\nWhat is behind it:\n  npx edge-error-interceptor lookup --local ${dev.url} 01`,
    );
    expect(await summary('--no-bots')).toMatchObject({ failures: 4 });
    expect(await summary('--type', 'connection_refused')).toMatchObject({ failures: 1 });
    expect(await summary('--type', 'none')).toMatchObject({ failures: 0, groups: [] });
  });

  test('says whether it is alone, and what to do', async () => {
    const server = { address: 'alone.example' };
    const id = idOfAge(0);
    await dev.log([failureRecord(id, { server })]);
    const { stdout } = await lookup('--local', dev.url, id);
    expect(stdout).toContain('Alone: no other failure on alone.example within');
    expect(stdout).toContain(`lookup --local ${dev.url} --since `);
    expect(stdout).toContain("Search the origin's log for the request ID");
    expect(stdout).not.toMatch(/kept until|wrangler (?:deployments|rollback)|In Cloudflare's own logs/);
  });

  test('counts drills apart, and hosts that fail alike together', async () => {
    const drill = { server: { address: 'drills.example' }, error: { type: 'drill', source: 'drill' } };
    await dev.log([failureRecord(idOfAge(0), drill)]);
    const shops = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
      server: { address: `${name}.tenants.example` },
    }));
    const failed = { url: { path: '/tenant' }, error: { type: '599', source: 'origin' } };
    for (const shop of shops) await dev.log([failureRecord(idOfAge(0), { ...shop, ...failed })]);
    const of = async (...options: string[]): Promise<unknown> =>
      JSON.parse((await lookup('--local', dev.url, '--since', '1m', '--json', ...options)).stdout);
    expect(await of('--host', 'drills.example')).toMatchObject({ failures: 0, drills: 1 });
    expect(await of('--type', '599')).toMatchObject({
      groups: [{ host: '….tenants.example', path: '/tenant', count: 5 }],
    });
  });

  test('finds the ID that a visitor sent', async () => {
    const [id, page] = [idOfAge(0), idOfAge(0)];
    await dev.log([failureRecord(page, { client: { request_id: id } })]);
    const { stdout } = await lookup('--local', dev.url, id);
    expect(stdout).toMatch(/^Sent by a visitor/);
    expect(stdout).toContain(page);
  });

  test('finds a Ray ID', async () => {
    const id = idOfAge(0);
    await dev.log([failureRecord(id, { cloudflare: { ray_id: '7c1b2c3d4e5f6071' } })]);
    expect((await lookup('--local', dev.url, '7c1b2c3d4e5f6071-FRA')).stdout).toContain(id);
  });
});

// The bundle has no types and no comments, so its line numbers differ from those of the source.
const APPLICATION = `import { withErrorPages } from ${JSON.stringify(join(repository, 'src/with-error-pages.ts'))};

/* An application
   that has a bug in it. */
interface Item {
  readonly price: number;
}

function total(cart: readonly Item[] | undefined): number {
  // @ts-expect-error
  return cart.map((item) => item.price).reduce((a, b) => a + b, 0);
}

export default withErrorPages({ fetch: () => new Response(String(total(undefined))) });
`;

test('--local names file and line of the source, as long as wrangler dev has the bundle that ran', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'application-'));
  const file = join(folder, 'application.ts');
  await writeFile(file, APPLICATION);
  const dev = await startWranglerDev({ main: file });
  onTestFinished(async () => {
    await dev.stop();
    await rm(folder, { recursive: true });
  });
  const id = (await fetch(dev.url)).headers.get('X-Request-Id') ?? '';
  const { stdout } = await lookup('--local', dev.url, id);
  expect(stdout).toContain('The stack below says where.');
  expect(stdout).toMatch(/^Stack\n/m);
  expect(stdout).toContain(`at total (${relative('', file)}:11:15)\n`);
  expect(stdout).not.toContain('index.js:');

  await writeFile(file, `// A comment more.\n${APPLICATION}`);
  await expect
    .poll(async () => (await lookup('--local', dev.url, id)).stdout, { timeout: 60_000 })
    .toContain('Stack (positions in a bundle that is gone: make it fail again to see the source)\n');
});

describe('--local, without one', () => {
  test.each([
    ['--local 9', 'http://localhost:9'],
    ['--local 127.0.0.1:9', 'http://127.0.0.1:9'],
    ['--local http://127.0.0.1:9', 'http://127.0.0.1:9'],
    ['--local=9', 'http://localhost:9'],
    ['--local=localhost:9', 'http://localhost:9'],
    ['--local=http://127.0.0.1:9', 'http://127.0.0.1:9'],
  ])('%s is an address, at which nothing listens', async (typed, address) => {
    const { exitCode, stderr } = await lookup(...typed.split(' '), idOfAge(0));
    expect(stderr).toContain(`Nothing answers at ${address}. Is wrangler dev running (npx wrangler dev)?`);
    expect(exitCode).toBe(5);
  });

  test('something else listens', async () => {
    const { host, stop } = await listen(createServer((_, response) => response.writeHead(404).end()));
    const { exitCode, stderr } = await lookup('--local', host, idOfAge(0));
    await stop();
    expect(stderr).toContain(`http://${host} answers 404, but not as the log store of wrangler dev does`);
    expect(exitCode).toBe(6);
  });
});
