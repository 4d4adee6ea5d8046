/** The kinds of work: the request, and the right answer to it. */
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { languages } from '../../src/page/languages.ts';
import { dearestRequest } from './dearest.ts';
import { secret } from '../support/origin.ts';

/**
 * A contender's way with failures: it passes them on, makes one page of them, or negotiates the form of the answer.
 */
export type Manner = 'relays' | 'makes a page' | 'negotiates';

/** One kind of request. */
export interface Work {
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The number of bytes to POST. */
  readonly uploadBytes?: number;
  /** The origin's part: it answers well, answers with a failure, or refuses the connection. */
  readonly origin: 'works' | 'fails' | 'refuses';
  /** The right answer to a failure from a contender that negotiates: a media type, and a text of the body. */
  readonly negotiated?: { readonly type: string; readonly holds: string };
}

// Headers of a navigation in Chrome, as far as they matter here.
const browser = {
  Host: 'shop.example',
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
  'Accept-Language': 'en-GB,en-US;q=0.9,en;q=0.8',
  'Sec-Fetch-Dest': 'document',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/148.0.0.0 Safari/537.36',
};
const arab = { ...browser, 'Accept-Language': 'ar-EG,ar;q=0.9,en-US;q=0.8,en;q=0.7' };
const api = { Host: 'shop.example', Accept: 'application/json', 'User-Agent': 'shop-app/3.2' };

/** The failure with which other failures are compared. */
export const ORDINARY = '503, page';

/** The dearest request that a stranger can send, as far as the search finds it. */
export const WORST = '503, the worst request';

const englishPage = { type: 'text/html', holds: languages.en.logged };
const arabicPage = { type: 'text/html', holds: languages.ar.logged };
const problem = { type: 'application/problem+json', holds: languages.en.explanation };

/** All work, in the order of the table. */
export const works: readonly Work[] = [
  { name: '1 kB page', path: '/page', headers: browser, origin: 'works' },
  { name: '100 kB file', path: '/big-page', headers: browser, origin: 'works' },
  { name: '302', path: '/redirect', headers: browser, origin: 'works' },
  { name: '100 kB upload', path: '/upload', headers: browser, origin: 'works', uploadBytes: 100_000 },
  { name: ORDINARY, path: '/status/503', headers: browser, origin: 'fails', negotiated: englishPage },
  { name: '503, Arabic page', path: '/status/503', headers: arab, origin: 'fails', negotiated: arabicPage },
  { name: '503, problem+json', path: '/status/503', headers: api, origin: 'fails', negotiated: problem },
  { name: 'refused, page', path: '/page', headers: browser, origin: 'refuses', negotiated: englishPage },
];

/** Searches for the dearest request again, which takes some seconds. */
export function worstWork(): Work {
  const { path, headers } = dearestRequest();
  return {
    name: WORST,
    path: `/status/503${path}`,
    headers: { Host: 'shop.example', ...headers, Cookie: 'a=b; '.repeat(12_000) },
    origin: 'fails',
    negotiated: { type: '', holds: '' },
  };
}

/** True if a contender can answer this work. A bare fetch to a dead origin throws: workerd closes the connection. */
export function canDo(manner: Manner, work: Work): boolean {
  return work.origin !== 'refuses' || manner !== 'relays';
}

/** A Lua script that makes wrk send the work. A plain GET needs none. */
export function wrkScript({ uploadBytes }: Work): string | undefined {
  if (uploadBytes === undefined) return undefined;
  return `wrk.method = "POST"\nwrk.body = string.rep("x", ${uploadBytes})\n`;
}

/** A Lua script for wrk: good answers and failures in turn, in half a dozen languages. */
export const mixedScript = `
local languages = { "en", "de", "fr", "ar", "ja", "pt-BR" }
local n = 0
request = function()
  n = n + 1
  wrk.headers["Accept"] = "text/html"
  wrk.headers["Accept-Language"] = languages[n % 6 + 1]
  return wrk.format("GET", n % 2 == 0 and "/page" or "/status/503")
end
`;

/**
 * Sends a contender one request.
 * @param origin the address of the origin itself, to compare with
 * @returns the fault in the contender's answer; undefined if the answer is right
 */
export async function examine(
  work: Work,
  manner: Manner,
  host: string,
  origin: string,
): Promise<string | undefined> {
  const answer = await ask(work, host);
  if (work.origin === 'works' || (work.origin === 'fails' && manner === 'relays')) {
    const expected = await ask(work, origin);
    const facts = ['status', 'type', 'location', 'cookies', 'body'] as const;
    const wrong = facts.find((fact) => answer[fact] !== expected[fact]);
    return wrong && `${wrong} is ${start(answer[wrong])}, the origin's ${start(expected[wrong])}`;
  }
  if (answer.status !== 500) return `status is ${answer.status}, not 500`;
  const { type, holds } = (manner === 'negotiates' ? work.negotiated : undefined) ?? {
    type: 'text/html',
    holds: '</html>',
  };
  if (!answer.type.startsWith(type)) return `Content-Type is ${answer.type}, not ${type}`;
  if (!answer.body.includes(holds)) return `body holds no ${holds}: ${start(answer.body)}`;
  if (answer.body.includes(secret)) return "body holds the origin's";
  if (answer.requestId.length < 20 || !answer.body.includes(answer.requestId))
    return 'body holds no request ID';
  return undefined;
}

/** Sends the work once, and returns the parts of the answer that are compared. */
async function ask({ path, headers, uploadBytes }: Work, host: string) {
  const [hostname, port] = host.split(':');
  const request = httpRequest({
    hostname,
    port,
    path,
    headers,
    method: uploadBytes ? 'POST' : 'GET',
    agent: false,
  });
  request.end(uploadBytes && 'x'.repeat(uploadBytes));
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (response === undefined) throw new Error('No response');
  const { location = '', 'content-type': type = '', 'set-cookie': cookies = [] } = response.headers;
  return {
    status: response.statusCode,
    type,
    location,
    cookies: cookies.join('\n'),
    requestId: String(response.headers['x-request-id']),
    body: (await buffer(response)).toString(),
  };
}

function start(value: unknown): string {
  return JSON.stringify(String(value).slice(0, 100));
}
