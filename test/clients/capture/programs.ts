/** Programs of the command line, and the arguments with which they request a URL. */
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A call of a program. In its arguments `URL` is the URL to request, `PLACE` the URL without its scheme, and `FOLDER`
 * a folder.
 */
export interface ProgramCall {
  readonly client: string;
  readonly does: string;
  readonly command: readonly [string, ...string[]];
  /** The path of the program's request, if it differs from the given path. */
  path?(path: string): string;
}

const python = '/usr/bin/python3';
/**
 * The folders in which Rust's programs find themselves. The calls need them because they have another home folder.
 */
const home = homedir();
const places = { RUSTUP_HOME: join(home, '.rustup'), CARGO_HOME: join(home, '.cargo') };

/** All calls of programs. The capture leaves out programs that are not installed. */
export const programCalls: readonly ProgramCall[] = [
  { client: 'curl', does: 'GET', command: ['curl', '-s', 'URL'] },
  { client: 'curl', does: 'HEAD (-I)', command: ['curl', '-sI', 'URL'] },
  { client: 'curl', does: 'POST of a form (-d)', command: ['curl', '-s', '-d', 'a=1', 'URL'] },
  {
    client: 'curl',
    does: 'POST of JSON with its type (-H)',
    command: ['curl', '-s', '-H', 'Content-Type: application/json', '-d', '{}', 'URL'],
  },
  { client: 'curl', does: 'POST with --json', command: ['curl', '-s', '--json', '{}', 'URL'] },
  { client: 'wget', does: 'GET', command: ['wget', '-qO-', 'URL'] },
  { client: 'aria2', does: 'GET', command: ['aria2c', '-q', '-d', 'FOLDER', 'URL'] },
  { client: 'git', does: 'clone', command: ['git', 'clone', '-q', 'URL', 'FOLDER/clone'] },
  { client: 'HTTPie', does: 'GET', command: ['http', '--ignore-stdin', 'URL'] },
  { client: 'HTTPie', does: 'POST of JSON', command: ['http', '--ignore-stdin', 'POST', 'URL', 'a=1'] },
  { client: 'rclone', does: 'WebDAV list', command: ['rclone', 'lsf', ':webdav,url="URL":', '--retries=1'] },
  { client: 'rclone', does: 'HTTP list', command: ['rclone', 'lsf', ':http,url="URL/":', '--retries=1'] },
  {
    client: 'python urllib',
    does: 'GET',
    command: [python, '-c', 'import urllib.request,sys;urllib.request.urlopen(sys.argv[1])', 'URL'],
  },
  {
    client: 'python requests',
    does: 'GET',
    command: [python, '-c', 'import requests,sys;requests.get(sys.argv[1])', 'URL'],
  },
  {
    client: 'python requests',
    does: 'POST with json=',
    command: [python, '-c', 'import requests,sys;requests.post(sys.argv[1],json={})', 'URL'],
  },
  {
    client: 'python httpx',
    does: 'GET',
    command: [python, '-c', 'import httpx,sys;httpx.get(sys.argv[1])', 'URL'],
  },
  {
    client: 'python aiohttp',
    does: 'GET',
    command: [
      python,
      '-c',
      'import aiohttp,asyncio,sys\nasync def m():\n async with aiohttp.request("GET",sys.argv[1]) as r: await r.text()\nasyncio.run(m())',
      'URL',
    ],
  },
  {
    client: 'python feedparser',
    does: 'GET of a feed',
    command: [python, '-c', 'import feedparser,sys;feedparser.parse(sys.argv[1])', 'URL'],
  },
  { client: 'PHP stream', does: 'GET', command: ['php', '-r', 'file_get_contents($argv[1]);', 'URL'] },
  { client: 'PHP curl', does: 'GET', command: ['php', '-r', 'curl_exec(curl_init($argv[1]));', 'URL'] },
  {
    client: 'Java HttpURLConnection',
    does: 'GET',
    command: ['java', 'FOLDER/Ask.java', 'URL'],
  },
  {
    client: 'Java HttpURLConnection',
    does: 'POST of a form',
    command: ['java', 'FOLDER/Ask.java', 'URL', 'a=1'],
  },
  {
    client: 'Java HttpClient',
    does: 'GET',
    command: ['java', 'FOLDER/AskClient.java', 'URL'],
  },
  ...(['Soap11', 'Soap12'] as const).map((binding): ProgramCall => ({
    client: 'python zeep',
    does: `call in ${binding === 'Soap11' ? 'SOAP 1.1' : 'SOAP 1.2'}`,
    command: [
      python,
      '-c',
      `import zeep,sys\nzeep.Client(sys.argv[2]).create_service("{urn:shop}${binding}",sys.argv[1]).Order("Assam")`,
      'URL',
      join(import.meta.dirname, 'shop.wsdl'),
    ],
  })),
  {
    client: 'PHP SoapClient',
    does: 'call',
    command: [
      'php',
      '-r',
      '(new SoapClient(null, ["location" => $argv[1], "uri" => "urn:shop"]))->Order("Assam");',
      'URL',
    ],
  },
  {
    client: 'python xmlrpc.client',
    does: 'call',
    command: [python, '-c', 'import xmlrpc.client,sys;xmlrpc.client.ServerProxy(sys.argv[1]).add(1)', 'URL'],
  },
  {
    client: 'skopeo',
    does: 'GET of an OCI manifest',
    command: ['skopeo', 'inspect', '--tls-verify=false', 'docker:PLACE/tea:1'],
    path: (path) => `/v2${path}/tea`,
  },
  {
    client: 'vdirsyncer (CalDAV)',
    does: 'PROPFIND',
    command: ['vdirsyncer', '-c', 'FOLDER/vdirsyncer', 'discover', 'calendars'],
  },
  {
    client: 'python caldav',
    does: 'PROPFIND',
    command: [python, '-c', 'import caldav,sys;caldav.DAVClient(sys.argv[1]).principal()', 'URL'],
  },
  {
    client: 'newsboat',
    does: 'GET of a feed',
    command: ['newsboat', '-u', 'FOLDER/urls', '-c', 'FOLDER/c', '-x', 'reload'],
  },
  { client: 'w3m', does: 'navigation', command: ['w3m', '-dump', 'URL'] },
  { client: 'Lynx', does: 'navigation', command: ['lynx', '-dump', 'URL'] },
  {
    client: 'apt',
    does: 'GET of a package list',
    command: [
      'apt-get',
      'update',
      '-o',
      'Dir::Etc::sourcelist=FOLDER/sources.list',
      '-o',
      'Dir::Etc::sourceparts=-',
      '-o',
      'Dir::State::lists=FOLDER',
      '-o',
      'Acquire::Retries=0',
    ],
  },
  {
    client: 'pip',
    does: 'GET of an index',
    command: ['pip', 'download', '--retries=0', '--no-cache-dir', '-d', 'FOLDER', '-i', 'URL', 'nothing'],
  },
  {
    client: 'cargo',
    does: 'GET of an index',
    command: ['cargo', 'search', 'nothing', '--index', 'sparse+URL/'],
  },
  {
    client: 'npm',
    does: 'GET of metadata (install)',
    command: ['npm', 'install', '--prefix', 'FOLDER', '--registry', 'URL/', '--fetch-retries=0', 'nothing'],
  },
  {
    client: 'npm',
    does: 'search',
    command: ['npm', 'search', '--registry', 'URL/', '--fetch-retries=0', 'nothing'],
  },
];

/** Runs a call. The program's result does not matter. */
export function runProgram(
  { command }: ProgramCall,
  url: string,
  prepare: (folder: string) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'capture-'));
  prepare(folder);
  const [name, ...args] = command.map((part) =>
    part.replace('URL', url).replace('PLACE', url.replace(/^\w+:/, '')).replace('FOLDER', folder),
  );
  return new Promise((resolve) => {
    execFile(name ?? '', args, { timeout: 20_000, env: { ...places, ...process.env, HOME: folder } }, () =>
      resolve(),
    );
  });
}
