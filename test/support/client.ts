/** A client that neither adds nor hides anything: bytes out, bytes in. */
import { once } from 'node:events';
import { type Socket, connect as connectSocket } from 'node:net';

/** A request, spelled out. Texts are bytes: one character each, as in `latin1`. */
export interface RawRequest {
  /** Default: GET. */
  readonly method?: string;
  readonly target: string;
  /** After `Host: shop.example`, unless that is among them, and `Connection: close`. */
  readonly headers?: readonly Header[];
  /** Sent with its Content-Length. */
  readonly body?: string | Buffer;
}

/** A header's name and value. */
export type Header = readonly [name: string, value: string];

/** How a connection ended: the server closed it (FIN), or reset it (RST). */
export type Ending = 'closed' | 'reset';

/** An answer as it came. */
export interface RawAnswer {
  /** The statuses of the interim answers before it, such as 100. */
  readonly interim: readonly number[];
  readonly status: number;
  /** The reason phrase, which may be empty. */
  readonly reason: string;
  /** As spelled and in the order sent. */
  readonly headers: readonly Header[];
  /** A header's value; several are joined with a comma. */
  header(name: string): string | undefined;
  /** The body without its chunk framing, as far as it came. */
  readonly body: Buffer;
  /** Whether the body came to the end that its headers announce. */
  readonly complete: boolean;
  /** What came after that end, and should not have. */
  readonly rest: Buffer;
  readonly ending: Ending;
}

/** A connection that is used by hand. */
export interface Connection {
  readonly socket: Socket;
  /** All bytes received so far. */
  received(): Buffer;
  /** Resolves when this text was received; rejects when the connection ends without it. */
  until(text: string): Promise<void>;
  /** Resolves when the connection has ended. */
  readonly ended: Promise<Ending>;
}

/** Opens a connection to a port of this machine. It stays half open when the server closes its side. */
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

/** The bytes of a request. */
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

/** Sends one request on a connection of its own and reads until that ends. */
export async function ask(port: number, request: RawRequest): Promise<RawAnswer> {
  const connection = await connect(port);
  connection.socket.write(requestBytes(request));
  return readAnswer(connection, request.method);
}

/**
 * Waits for the end of a connection and takes what it brought apart.
 * @param method the request's method: there is no body in the answer to HEAD
 */
export async function readAnswer({ ended, received }: Connection, method = 'GET'): Promise<RawAnswer> {
  const ending = await ended;
  return { ...parseAnswer(received(), method), ending };
}

/** An answer, whatever became of its connection. */
export type Answered = Omit<RawAnswer, 'ending'>;

/**
 * Takes the first answer in these bytes apart.
 * @throws Error where there is none
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

/** https://www.rfc-editor.org/rfc/rfc9112#name-message-body-length */
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

/** RFC 9110 §7.6.1: what concerns a connection and not the message. Date may be a second later. */
const ofConnection = new Set([
  'connection',
  'date',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The headers that concern the message, as `name: value`, sorted, names in lower case. */
export function endToEndHeaders(headers: readonly Header[]): string[] {
  return headers
    .filter(([name]) => !ofConnection.has(name.toLowerCase()))
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .toSorted();
}

/** What of an answer has to survive the way through a proxy: two answers are compared by this. */
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
