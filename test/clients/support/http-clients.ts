/** HTTP clients as their users use them, and the text that the user gets. */
import axios, { isAxiosError } from 'axios';
import got, { HTTPError as GotError } from 'got';
import ky, { isHTTPError } from 'ky';
import nodeFetch from 'node-fetch';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import superagent from 'superagent';
import { Agent, RetryAgent, request as undiciRequest } from 'undici';
import { askJava } from './java.ts';
import { run, versionOf } from './run.ts';

/** A client. */
export interface HttpClient {
  readonly name: string;
  version(): Promise<string>;
  /** Gets a URL, or posts a text or JSON to it. Returns the text that the user sees. */
  ask(url: string, body?: string): Promise<string>;
  /** The form of the answer when only the client's request is known. Undefined if the user sees no form. */
  readonly form: 'html' | 'json';
  /** True if the user sees the text of the answer's body. */
  readonly showsBody: boolean;
}

/** Debian's own Python. Only this one finds Debian's packages. */
export const python = '/usr/bin/python3';

/** The version of a package that is installed for the tests. */
export function installedVersion(name: string): string {
  const path = join(import.meta.dirname, '../node_modules', name, 'package.json');
  const { version }: { version: string } = JSON.parse(readFileSync(path, 'utf8'));
  return version;
}

const seen = (status: number | undefined, body: string) => `${status}\n${body}`;
const program = async (...command: [string, ...string[]]) => (await run(command)).seen;

const urllib = `
import sys, urllib.request, urllib.error
data = sys.argv[2].encode() if len(sys.argv) > 2 else None
try:
    print(urllib.request.urlopen(sys.argv[1], data).read().decode())
except urllib.error.HTTPError as error:
    print(error)
    print(error.read().decode())
`;
const requests = `
import sys, requests
url, body = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
response = requests.get(url) if body is None else requests.post(url, data=body)
print(response.text)
response.raise_for_status()
`;

function byNodeHttp(url: string, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: body === undefined ? 'GET' : 'POST' }, (response) => {
      const { location } = response.headers;
      if (location !== undefined) return resolve(byNodeHttp(new URL(location, url).href));
      text(response).then((content) => resolve(seen(response.statusCode, content)), reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** All clients. */
export const httpClients: readonly HttpClient[] = [
  {
    name: 'curl',
    version: () => versionOf('curl'),
    ask: (url, body) => program('curl', '-sSL', ...(body === undefined ? [] : ['--data', body]), url),
    form: 'html',
    showsBody: true,
  },
  {
    name: 'wget',
    version: () => versionOf('wget'),
    ask: (url, body) =>
      program('wget', '-q', '-nv', '-O-', ...(body === undefined ? [] : ['--post-data', body]), url),
    form: 'html',
    showsBody: false,
  },
  {
    name: 'Python urllib',
    version: () => versionOf(python),
    ask: (url, body) => program(python, '-c', urllib, url, ...(body === undefined ? [] : [body])),
    form: 'html',
    showsBody: true,
  },
  {
    name: 'Python requests',
    version: async () =>
      (await run([python, '-c', 'import requests; print(requests.__version__)'])).stdout.trim(),
    ask: (url, body) => program(python, '-c', requests, url, ...(body === undefined ? [] : [body])),
    form: 'html',
    showsBody: true,
  },
  {
    name: 'Node http',
    version: async () => process.versions.node,
    ask: byNodeHttp,
    form: 'html',
    showsBody: true,
  },
  {
    name: 'Node fetch',
    version: async () => process.versions.node,
    async ask(url, body) {
      const response = await fetch(url, body === undefined ? {} : { method: 'POST', body });
      return seen(response.status, await response.text());
    },
    form: 'json',
    showsBody: true,
  },
  {
    name: 'undici RetryAgent',
    version: async () => installedVersion('undici'),
    async ask(url, body) {
      const dispatcher = new RetryAgent(new Agent(), { maxRetries: 1, minTimeout: 10, retryAfter: false });
      try {
        const method = body === undefined ? 'GET' : 'POST';
        const response = await undiciRequest(url, { dispatcher, method, body: body ?? null });
        const { location } = response.headers;
        if (typeof location === 'string') return await this.ask(new URL(location, url).href);
        return seen(response.statusCode, await response.body.text());
      } catch (error) {
        return String(error);
      }
    },
    form: 'html',
    showsBody: false,
  },
  {
    name: 'axios',
    version: async () => installedVersion('axios'),
    async ask(url, body) {
      try {
        const options = { responseType: 'text' } as const;
        const { status, data } = await (body === undefined
          ? axios.get(url, options)
          : axios.post(url, body, options));
        return seen(status, String(data));
      } catch (error) {
        if (!isAxiosError(error)) throw error;
        return `${error.message}\n${String(error.response?.data)}`;
      }
    },
    form: 'json',
    showsBody: true,
  },
  {
    name: 'ky',
    version: async () => installedVersion('ky'),
    async ask(url, body) {
      try {
        const response = await (body === undefined
          ? ky(url, { retry: 0 })
          : ky.post(url, { body, retry: 0 }));
        return seen(response.status, await response.text());
      } catch (error) {
        if (!isHTTPError(error)) throw error;
        return `${error.message}\n${typeof error.data === 'string' ? error.data : JSON.stringify(error.data)}`;
      }
    },
    form: 'json',
    showsBody: true,
  },
  {
    name: 'got',
    version: async () => installedVersion('got'),
    async ask(url, body) {
      const retry = { limit: 0 };
      try {
        const response = await (body === undefined ? got(url, { retry }) : got.post(url, { body, retry }));
        return seen(response.statusCode, response.body);
      } catch (error) {
        if (!(error instanceof GotError)) throw error;
        return `${error.message}\n${String(error.response.body)}`;
      }
    },
    form: 'html',
    showsBody: true,
  },
  {
    name: 'superagent',
    version: async () => installedVersion('superagent'),
    async ask(url, body) {
      const response = await (
        body === undefined ? superagent.get(url) : superagent.post(url).type('text').send(body)
      ).ok(() => true);
      return response.ok
        ? seen(response.status, response.text)
        : `${String(response.error)}\n${response.text}`;
    },
    form: 'html',
    showsBody: true,
  },
  {
    name: 'node-fetch',
    version: async () => installedVersion('node-fetch'),
    async ask(url, body) {
      const response = await nodeFetch(url, body === undefined ? {} : { method: 'POST', body });
      return seen(response.status, await response.text());
    },
    form: 'html',
    showsBody: true,
  },
  ...(['HttpURLConnection', 'HttpClient'] as const).map((name): HttpClient => ({
    name: `Java ${name}`,
    version: () => versionOf('java'),
    ask: (url, body) => askJava(name, url, body),
    form: 'html',
    showsBody: true,
  })),
];
