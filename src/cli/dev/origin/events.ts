import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { type Exchange, type OriginState, send } from './case.ts';

const eventCount = 10;
const eventInterval = 100;

/** Sends server-sent events, each with its number and the time at which it was sent. */
export function events({ request, response }: Exchange): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  let number = 0;
  const sendNext = () => {
    number += 1;
    response.write(`id: ${number}\ndata: ${JSON.stringify({ number, sent: Date.now() })}\n\n`);
    if (number === eventCount) response.end();
  };
  const timer = setInterval(sendNext, eventInterval);
  response.once('close', () => clearInterval(timer));
  sendNext();
}

const eventStreams = new WeakMap<OriginState, Set<() => void>>();

/** Sends a server-sent event at once, and another one whenever `nextEvent` is asked. */
export function eventsOnDemand({ request, response, state }: Exchange): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const streams = eventStreams.get(state) ?? new Set();
  eventStreams.set(state, streams);
  let number = 0;
  const sendNext = () => {
    number += 1;
    const sent = performance.timeOrigin + performance.now();
    response.write(`id: ${number}\ndata: ${JSON.stringify({ number, sent })}\n\n`);
  };
  streams.add(sendNext);
  response.once('close', () => streams.delete(sendNext));
  sendNext();
}

/** Lets every stream of `eventsOnDemand` send its next event. */
export function nextEvent(exchange: Exchange): void {
  for (const sendNext of eventStreams.get(exchange.state) ?? []) sendNext();
  send(exchange, 204, {});
}

const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false });

/** Upgrades to a WebSocket that sends every message back, or closes at once with the code in `?close=`. */
export function upgradeToWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer): void {
  webSockets.handleUpgrade(request, socket, head, (webSocket) => {
    webSocket.on('error', () => {});
    webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }));
    const [, code] = /[?&]close=(1000|[34]\d{3})(?:&|$)/.exec(request.url ?? '') ?? [];
    if (code !== undefined) webSocket.close(Number(code), 'asked for');
  });
}
