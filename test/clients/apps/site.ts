/**
 * A small site in its own process: `node test/clients/apps/site.ts PORT`. The routes are below. `/seen/KEY` returns
 * the times of the requests for `/flaky/KEY`, in milliseconds.
 */

import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { ownWords } from './own-words.ts';

/** Error bodies of the site, by media type. */
const errors: Readonly<Record<string, readonly [type: string, body: string]>> = {
  json: ['application/json', `{"error":"${ownWords}"}`],
  xml: ['application/xml', `<Error><Code>SlowDown</Code><Message>${ownWords}</Message></Error>`],
  html: ['text/html', `<!doctype html><title>Closed</title><p>${ownWords}`],
  text: ['text/plain', ownWords],
};

const flaky = new Map<string, number[]>();

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, action = '', argument = ''] = (request.url ?? '').replace(/\?.*/, '').split('/');
  const body = await text(request);
  const send = (status: number, headers: Record<string, string>, content = '') =>
    response.writeHead(status, headers).end(content);
  switch (action) {
    case 'file':
      return void send(200, { 'Content-Type': 'text/plain', ETag: '"1"' }, 'A file of the site');
    case 'json':
      return void send(200, { 'Content-Type': 'application/json' }, '{"it":"works"}');
    case 'moved':
      return void send(302, { Location: '/file' });
    case 'echo':
      return void send(200, { 'Content-Type': 'text/plain' }, `${request.method} ${body}`);
    case 'missing':
      return void send(404, { 'Content-Type': 'application/json' }, '{"error":"No such thing"}');
    case 'fail': {
      const [type, content] = errors[argument] ?? ['text/plain', ''];
      return void send(503, { 'Content-Type': type, 'Retry-After': '2' }, content);
    }
    case 'flaky': {
      const times = flaky.get(argument) ?? [];
      flaky.set(argument, [...times, Date.now()]);
      if (times.length < 2)
        return void send(503, { 'Retry-After': '2', 'Content-Type': 'text/plain' }, ownWords);
      return void send(200, { 'Content-Type': 'text/plain' }, 'Open again');
    }
    case 'seen':
      return void send(
        200,
        { 'Content-Type': 'application/json' },
        JSON.stringify(flaky.get(argument) ?? []),
      );
    default:
      return void send(404, { 'Content-Type': 'text/plain' }, 'Not here');
  }
}

const server = createServer((request, response) => void answer(request, response));
server.listen(Number(process.argv[2]), '127.0.0.1');
