/**
 * An HTTP client for tests of exact bytes: it adds and hides nothing, and returns incomplete answers, too. `ask.ts` is
 * for all other tests.
 */
import { once } from 'node:events';
import { type Socket, connect as connectSocket } from 'node:net';

/** A request in every detail. Texts are bytes: one character each, as in `latin1`. */
export interface RawRequest {
  /** Default: GET. */
  readonly method?: string;
  readonly target: string;
  /** They follow `Host: shop.example`, unless they name a Host, and `Connection: close`. */
  readonly headers?: readonly Header[];
  /** Sent with its Content-Length. */
  readonly body?: string | Buffer;
}

/** A header as its name and its value. */
export type Header = readonly [name: string, value: string];

/** The end of a connection: the server closed it (FIN), or reset it (RST). */
export type Ending = 'closed' | 'reset';

/** An answer, byte for byte. */
export interface RawAnswer {
  /** The statuses of the interim answers before the final one, such as 100. */
  readonly interim: readonly number[];
  readonly status: number;
  /** The reason phrase, which may be empty. */
  readonly reason: string;
  /** The headers, spelled and ordered as received. */
  readonly headers: readonly Header[];
  /** The value of a header. Several values are joined with a comma. */
  header(name: string): string | undefined;
  /** The body without its chunk framing, as far as it was received. */
  readonly body: Buffer;
  /** True if the body is as long as its headers announce. */
  readonly complete: boolean;
  /** The bytes after the end of the body. There should be none. */
  readonly rest: Buffer;
  readonly ending: Ending;
}

/** A connection for a test that writes its bytes step by step. */
export interface Connection {
  readonly socket: Socket;
  /** All bytes received so far. */
  received(): Buffer;
  /** Resolves when this text was received; rejects when the connection ends without it. */
  until(text: string): Promise<void>;
  /** Resolves when the connection has ended. */
  readonly ended: Promise<Ending>;
}

/** Opens a connection to a port of this machine. It stays half open when the server closes its own side. */
export async function connect(port: number): Promise<Connection> {
  const socket = connectSocket({ port, host: '127.0.0.1', noDelay: true });
  const chunks: Buffer[] = [];
  const received = () => Buffer.concat(chunks);
  let isReset = false;
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => (isReset = true));
  const ended = new Promise<Ending>((resolve) =>
    socket.once('close', () => resolve(isReset ? 'reset' : 'closed')),
  );
  await once(socket, 'connect');
  return {
    socket,
    received,
    ended,
    async until(text) {
      while (!received().includes(text, 0, 'latin1')) {
        const more = new Promise((resolve) => socket.once('data', resolve));
        if ((await Promise.race([more, ended])) === 'closed' || socket.destroyed) {
          throw new Error(`Ended without "${text}": ${received().toString('latin1')}`);
        }
      }
    },
  };
}

export function requestBytes({ method = 'GET', target, headers = [], body }: RawRequest): Buffer {
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host');
  const content = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(hasHost ? [] : ['Host: shop.example']),
    'Connection: close',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(content === undefined ? [] : [`Content-Length: ${content.length}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), content ?? Buffer.alloc(0)]);
}

/** Sends one request on a new connection, and reads until the connection ends. The answer may be incomplete. */
export async function exchange(port: number, request: RawRequest): Promise<RawAnswer> {
  const connection = await connect(port);
  connection.socket.write(requestBytes(request));
  return readAnswer(connection, request.method);
}

/**
 * Waits for the end of a connection, and parses the bytes received.
 * @param method the request's method, since an answer to HEAD has no body
 */
export async function readAnswer({ ended, received }: Connection, method = 'GET'): Promise<RawAnswer> {
  const ending = await ended;
  return { ...parseAnswer(received(), method), ending };
}

/** An answer without the end of its connection. */
export type Answered = Omit<RawAnswer, 'ending'>;

/**
 * Parses the first answer in these bytes.
 * @throws Error if there is none
 */
export function parseAnswer(bytes: Buffer, method: string, interim: readonly number[] = []): Answered {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) throw new Error(`No answer, but: ${bytes.toString('latin1')}`);
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const [, digits = '', reason = ''] = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(statusLine) ?? [];
  const status = Number(digits);
  const afterHead = bytes.subarray(headEnd + 4);
  if (status >= 100 && status < 200 && status !== 101)
    return parseAnswer(afterHead, method, [...interim, status]);

  const headers = lines.map((line): Header => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const header = (name: string) => valueOf(headers, name);
  const hasNoBody = method === 'HEAD' || status === 101 || status === 204 || status === 304;
  return { interim, status, reason, headers, header, ...parseBody(afterHead, hasNoBody, header) };
}

function valueOf(headers: readonly Header[], wanted: string): string | undefined {
  const values = headers.filter(([name]) => name.toLowerCase() === wanted.toLowerCase());
  return values.length === 0 ? undefined : values.map(([, value]) => value).join(', ');
}

type Body = Pick<RawAnswer, 'body' | 'complete' | 'rest'>;

/** The body of a message and its length: https://www.rfc-editor.org/rfc/rfc9112#name-message-body-length */
function parseBody(bytes: Buffer, hasNoBody: boolean, header: RawAnswer['header']): Body {
  if (!hasNoBody && header('transfer-encoding') === 'chunked') return parseChunks(bytes);
  const announced = hasNoBody ? 0 : Number(header('content-length') ?? bytes.length);
  return {
    body: bytes.subarray(0, announced),
    complete: bytes.length >= announced,
    rest: bytes.subarray(announced),
  };
}

function parseChunks(bytes: Buffer): Body {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = lineEnd === -1 ? NaN : parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size;
    const complete = size === 0 && bytes.length >= end + 2;
    if (complete) return { body: Buffer.concat(chunks), complete, rest: bytes.subarray(end + 2) };
    if (!(size > 0)) return { body: Buffer.concat(chunks), complete, rest: Buffer.alloc(0) };
    chunks.push(bytes.subarray(lineEnd + 2, end));
    at = end + 2;
  }
}

/** Headers about the connection and not the message (RFC 9110 §7.6.1), and Date, which may be a second later. */
const ofConnection = new Set([
  'connection',
  'date',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The headers about the message, as `name: value`, sorted, with names in lower case. */
export function endToEndHeaders(headers: readonly Header[]): string[] {
  return headers
    .filter(([name]) => !ofConnection.has(name.toLowerCase()))
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .toSorted();
}

/** The parts of an answer that a proxy must keep. Two answers are compared by them. */
export function endToEnd({ status, reason, headers, body, complete, rest }: RawAnswer) {
  return {
    status,
    reason,
    headers: endToEndHeaders(headers),
    body: body.toString('latin1'),
    complete,
    rest: rest.toString('latin1'),
  };
}
