import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type Readable, pipeline } from 'node:stream';

/** One way to answer. The index page and the routing both come from the list of these. */
export interface OriginCase {
  /** One path segment, such as `/status`. What follows it (`/503`) is the case's argument. */
  readonly path: string;
  /** Paths to try it with; never empty. */
  readonly examples: readonly string[];
  /** Completes the sentence "The origin …". */
  readonly title: string;
  readonly kind: CaseKind;
  readonly answer: (exchange: Exchange) => void;
  /** True if the answer does not wait for the request's body: no `100 Continue`, and nothing reads the body. */
  readonly ignoresBody: boolean;
}

/**
 * `fails`: no answer, or one that counts as a failure. `breaks off`: a good status and headers, then a failure
 * that comes too late for an error page. `works`: everything that has to pass untouched.
 */
export type CaseKind = 'fails' | 'breaks off' | 'works';

/** A request, the response to it, and the other facts that a case needs. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The path behind the case's own segment: `503` in `/status/503`, empty in `/status`. */
  readonly argument: string;
  readonly state: OriginState;
}

export interface OriginState {
  /** While true, `/flaky` answers 503. */
  broken: boolean;
}

type CaseOptions = Partial<Pick<OriginCase, 'examples' | 'ignoresBody'>>;

/** Starts a list of cases of one kind. */
export function caseMaker(kind: CaseKind) {
  return (
    path: string,
    title: string,
    answer: OriginCase['answer'],
    { examples = [path], ignoresBody = false }: CaseOptions = {},
  ): OriginCase => ({ path, title, kind, answer, examples, ignoresBody });
}

const html = { 'Content-Type': 'text/html; charset=utf-8' };

/** Answers with a whole body and its Content-Length. A text is HTML unless the headers say otherwise. */
export function send(
  { response }: Exchange,
  status: number,
  headers: OutgoingHttpHeaders,
  body: string | Buffer = '',
): void {
  if (status === 204 || status === 304) {
    response.writeHead(status, headers).end();
    return;
  }
  const content = status === 205 ? '' : body;
  response.writeHead(status, { ...html, 'Content-Length': Buffer.byteLength(content), ...headers });
  response.end(content);
}

/** Answers with a JSON value. */
export function sendJson(exchange: Exchange, status: number, value: unknown): void {
  send(exchange, status, { 'Content-Type': 'application/json' }, `${JSON.stringify(value)}\n`);
}

/** Answers with a stream, no faster than the client reads, and stops it when the client leaves. */
export function sendStream(
  { request, response }: Exchange,
  status: number,
  headers: OutgoingHttpHeaders,
  body: Readable,
): void {
  response.writeHead(status, headers);
  if (request.method === 'HEAD') {
    // Node discards the body of an answer to HEAD without ever slowing the stream down.
    response.end();
    return;
  }
  pipeline(body, response, () => {});
}

/** Sends the headers and perhaps the start of a body, and then nothing more. */
export function sendAndStall(
  { request, response }: Exchange,
  status: number,
  headers: OutgoingHttpHeaders,
  start = '',
): void {
  response.writeHead(status, headers);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  response.flushHeaders();
  if (start !== '') response.write(start);
}

/** In milliseconds. By then the client has read all bytes: a reset overtakes bytes that are still on their way. */
const beforeReset = 20;

/**
 * Once the request is received whole, writes these bytes to its socket past Node's HTTP, then closes the
 * connection, resets it or leaves it open.
 */
export function sendRaw(
  { request, response }: Exchange,
  bytes: string | Buffer,
  ending: 'close' | 'reset' | 'stay open',
): void {
  const { socket } = request;
  request.once('end', () => {
    if (ending === 'close') socket.end(bytes);
    else if (bytes.length > 0) socket.write(bytes);
    if (ending !== 'reset') return;
    if (bytes.length === 0) socket.resetAndDestroy();
    else wait(response, beforeReset, () => socket.resetAndDestroy());
  });
}

/** Calls back after this many milliseconds, unless the response or its connection is closed before. */
export function wait(response: ServerResponse, milliseconds: number, then: () => void): void {
  const timer = setTimeout(then, milliseconds);
  response.once('close', () => clearTimeout(timer));
}

/** The argument as a number, if it is a whole number within these bounds. */
export function numberArgument({ argument }: Exchange, least: number, most: number): number | undefined {
  const number = /^\d{1,9}$/.test(argument) ? Number(argument) : NaN;
  return number >= least && number <= most ? number : undefined;
}

/** Answers an unknown path, or a known path with a bad argument. */
export function notFound(exchange: Exchange): void {
  send(exchange, 404, {}, '<!doctype html><title>Not found</title><h1>Not found</h1>\n');
}
