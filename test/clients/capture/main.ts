/**
 * Runs real clients against a server that records their headers, and writes these to `captured-headers.json`: `npx node
 * test/clients/capture/main.ts`, for all clients or for those that are named. Clients that are not named, or not
 * installed, keep their earlier entry.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { findChromium, launchChromium } from '../../support/browser.ts';
import { type PageCall, files, pageCalls } from './browser.ts';
import { libraryCalls } from './libraries.ts';
import { programCalls, runProgram } from './programs.ts';
import { publishedSets } from './published.ts';
import { type CaptureServer, type CapturedRequest, type Files, startCaptureServer } from './server.ts';

/** The headers of one request. */
interface HeaderSet {
  readonly client: string;
  readonly does: string;
  readonly method: string;
  /** Names and values in the order sent, without headers that a proxy removes or that name the machine. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

const left =
  /^(host|connection|content-length|transfer-encoding|keep-alive|authorization|traceparent|x-amz-date|x-amz-content-sha256|amz-sdk-invocation-id)$/i;

function headersOf({ rawHeaders }: CapturedRequest): HeaderSet['headers'] {
  const pairs: (readonly [string, string])[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
    if (!left.test(name)) pairs.push([name, value.replace(/(127\.0\.0\.1|localhost):\d+/g, 'shop.example')]);
  }
  return pairs;
}

/** The smallest repository from which git asks for contents: one branch, in protocol version 0. */
function gitFiles(): Files {
  const line = (text: string) => (text.length + 4).toString(16).padStart(4, '0') + text;
  const branch = `${'a'.repeat(40)} refs/heads/main\0side-band-64k ofs-delta agent=git/2\n`;
  const text = `${line('# service=git-upload-pack\n')}0000${line(branch)}0000`;
  const git = programCalls.findIndex(({ client }) => client === 'git');
  return { [`/program-${git}/info/refs`]: ['application/x-git-upload-pack-advertisement', text] };
}

const file = join(import.meta.dirname, '../captured-headers.json');
const named = process.argv.slice(2);
const isWanted = ({ client }: { readonly client: string }) => named.length === 0 || named.includes(client);

/** The captured requests, by client and action. */
const sets = new Map<string, HeaderSet>();
const keyOf = ({ client, does }: { readonly client: string; readonly does: string }) => `${client}, ${does}`;
const before: readonly HeaderSet[] = JSON.parse(readFileSync(file, 'utf8'));
for (const set of before) sets.set(keyOf(set), set);

function keep(server: CaptureServer, path: string, { client, does }: { client: string; does: string }): void {
  const found = server.seen.find((request) => request.path.startsWith(path));
  if (found === undefined) return console.warn(`Nothing came of ${client}, ${does}`);
  sets.set(keyOf({ client, does }), { client, does, method: found.method, headers: headersOf(found) });
}

const patience = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
async function came(server: CaptureServer, path: string): Promise<void> {
  for (let i = 0; i < 100 && !server.seen.some((request) => request.path.startsWith(path)); i++)
    await patience(50);
}

const gitFetch = { client: 'git', does: 'fetch of the objects' };

/** The configuration of vdirsyncer: https://vdirsyncer.pimutils.org/en/stable/config.html */
function calendars(folder: string, url: string): string {
  return `[general]
status_path = "${folder}/status"
[pair calendars]
a = "here"
b = "there"
collections = ["from b"]
[storage here]
type = "filesystem"
path = "${folder}/calendars"
fileext = ".ics"
[storage there]
type = "caldav"
url = "${url}/"
username = "ada"
password = "word"
`;
}

async function inPrograms(server: CaptureServer): Promise<void> {
  for (const [index, call] of programCalls.entries()) {
    if (!isWanted(call)) continue;
    const path = `/program-${index}`;
    const url = server.url + path;
    await runProgram(call, url, (folder) => {
      writeFileSync(join(folder, 'urls'), `${url}\n`);
      writeFileSync(join(folder, 'sources.list'), `deb [trusted=yes] ${url} stable main\n`);
      writeFileSync(
        join(folder, 'Ask.java'),
        `class Ask {
          public static void main(String[] arguments) throws Exception {
            var connection = new java.net.URL(arguments[0]).openConnection();
            if (arguments.length > 1) {
              connection.setDoOutput(true);
              connection.getOutputStream().write(arguments[1].getBytes());
            }
            connection.getInputStream();
          }
        }`,
      );
      writeFileSync(
        join(folder, 'AskClient.java'),
        `import java.net.http.*;
        class AskClient {
          public static void main(String[] arguments) throws Exception {
            var request = HttpRequest.newBuilder(java.net.URI.create(arguments[0])).build();
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
          }
        }`,
      );
      writeFileSync(join(folder, 'vdirsyncer'), calendars(folder, url));
    });
    keep(server, call.path?.(path) ?? path, call);
    if (call.client === 'git') keep(server, `${path}/git-upload-pack`, gitFetch);
  }
}

async function inLibraries(server: CaptureServer): Promise<void> {
  for (const [index, call] of libraryCalls.entries()) {
    if (!isWanted(call)) continue;
    const path = `/library-${index}`;
    await Promise.race([Promise.resolve(call.ask(server.url + path)).catch(() => {}), patience(3000)]);
    keep(server, path, call);
  }
}

async function inBrowser(): Promise<void> {
  const browser = await launchChromium(findChromium() ?? '');
  for (const call of pageCalls.filter(isWanted)) {
    const server = await startCaptureServer({
      ...files,
      '/page': ['text/html', `<!doctype html><title>x</title>${call.page ?? ''}`],
    });
    await perform(call, server, () => browser.newPage());
    keep(server, `/asked/${call.asks}`, call);
    server.stop();
  }
  await browser.close();
}

async function perform(
  call: PageCall,
  server: CaptureServer,
  open: () => ReturnType<Awaited<ReturnType<typeof launchChromium>>['newPage']>,
): Promise<void> {
  const page = await open();
  await page.goto(`${server.url}/page`, { waitUntil: 'commit' });
  await page.waitForLoadState('load', { timeout: 5000 }).catch(() => {});
  if (call.code !== undefined) await page.evaluate(call.code).catch(() => {});
  await call.act?.(page, server.url).catch(() => {});
  await came(server, `/asked/${call.asks}`);
  await page.close();
}

const server = await startCaptureServer(gitFiles());
await inPrograms(server);
await inLibraries(server);
server.stop();
await inBrowser();
const published = publishedSets.map((set): HeaderSet => ({ method: 'GET', ...set }));
for (const set of published) sets.set(keyOf(set), set);
const programs = programCalls.flatMap((call) => (call.client === 'git' ? [call, gitFetch] : [call]));
const all = [...programs, ...libraryCalls, ...pageCalls, ...published].flatMap(
  (call) => sets.get(keyOf(call)) ?? [],
);
writeFileSync(file, await format(JSON.stringify(all), { parser: 'json', printWidth: 110 }));
console.log(`${all.length} header sets`);
process.exit();
