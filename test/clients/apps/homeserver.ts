/**
 * A part of a Matrix homeserver (https://spec.matrix.org/v1.16/client-server-api/), large enough for a chat with a
 * shop that repeats every message: `node homeserver.ts PORT`.
 */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { text } from 'node:stream/consumers';

const user = '@ada:shop.example';
const shop = '@shop:shop.example';
const room = '!room:shop.example';
const events: object[] = [];
const waiting = new Set<() => void>();

const event = (sender: string, type: string, content: object, more: object = {}) =>
  events.push({
    type,
    content,
    sender,
    event_id: `$${events.length}`,
    origin_server_ts: events.length,
    ...more,
  });
event(shop, 'm.room.create', { creator: shop, room_version: '11' }, { state_key: '' });
event(shop, 'm.room.member', { membership: 'join' }, { state_key: shop });
event(user, 'm.room.member', { membership: 'join' }, { state_key: user });

/** The events since a client's last request. If there are none, waits for one, or until the client's time is over. */
async function sync(since: number, timeout: number): Promise<object> {
  if (events.length <= since) {
    await new Promise<void>((resolve) => {
      waiting.add(resolve);
      setTimeout(resolve, timeout).unref();
    });
  }
  const timeline = { events: events.slice(since), limited: false, prev_batch: '0' };
  return { next_batch: String(events.length), rooms: { join: { [room]: { timeline } } } };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://server');
  const body = await text(request);
  const send = (content: object, status = 200) =>
    void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));
  const path = pathname.replace(/^\/_matrix\/client\/(?:v3|r0|v1|unstable)?\/?/, '');
  if (path === 'versions') return send({ versions: ['v1.11', 'v1.16'], unstable_features: {} });
  if (path === 'login') {
    return send({ user_id: user, access_token: 'a token of the tests', device_id: 'DEVICE' });
  }
  if (path === 'sync') {
    return send(await sync(Number(searchParams.get('since')), Number(searchParams.get('timeout'))));
  }
  if (path.includes('/send/m.room.message/')) {
    const said: { readonly body: string } = JSON.parse(body);
    event(user, 'm.room.message', said, { unsigned: { transaction_id: path.split('/').at(-1) } });
    send({ event_id: `$${events.length - 1}` });
    event(shop, 'm.room.message', { msgtype: 'm.text', body: `You said: ${said.body}` });
    for (const resolve of waiting) resolve();
    return waiting.clear();
  }
  if (path === 'capabilities') return send({ capabilities: {} });
  if (path.endsWith('/rtc/transports')) return send({ rtc_transports: [] });
  if (path === 'pushrules/' || path === 'pushrules') return send({ global: {} });
  if (path.endsWith('/filter')) return send({ filter_id: '1' });
  return send({ errcode: 'M_NOT_FOUND', error: `No ${path}` }, 404);
}

createServer((request, response) => void answer(request, response)).listen(
  Number(process.argv[2]),
  '127.0.0.1',
);
