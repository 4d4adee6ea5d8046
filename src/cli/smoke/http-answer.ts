/** Asks a site once, with the given headers only. Does not follow redirects. */
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { duration } from '../format.ts';

/** An answer to a request. */
export interface HttpAnswer {
  readonly status: number;
  /** The value of a header. Several values are joined with a comma. Empty if there is none. */
  header(name: string): string;
  /** The body. For HEAD, any bytes that came although there may be none. */
  readonly body: string;
}

/** A request to send. */
export interface Question {
  readonly method?: string;
  /** The headers. Without `Accept`, the request asks for HTML. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The time limit for the whole answer, in milliseconds. */
  readonly timeoutMs?: number;
  /** False to return without the body. */
  readonly wantsBody?: boolean;
}

// Our pages are much smaller. Do not keep more than this of a server's answer.
const MAXIMUM_BYTES = 1_000_000;

/** There was no answer. The message tells people why. */
export class NoAnswer extends Error {}

/**
 * Asks for a URL.
 * @throws NoAnswer
 */
export async function askFor(
  url: URL,
  { method = 'GET', headers = {}, timeoutMs = 30_000, wantsBody = true }: Question = {},
): Promise<HttpAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await ask(url, method, { Accept: 'text/html', ...headers }, wantsBody, timeout);
  } catch (error) {
    throw new NoAnswer(
      timeout.aborted ? `no whole answer within ${duration(timeoutMs)}` : describeNetworkError(error),
    );
  }
}

async function ask(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  wantsBody: boolean,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const sent = (url.protocol === 'https:' ? requestHttps : requestHttp)(url.href, {
    method,
    headers: { ...headers, 'User-Agent': 'edge-error-interceptor-smoke', Connection: 'close' },
    agent: false,
    signal,
  });
  const closed = new Promise<void>((resolve) => sent.once('close', resolve));
  // Node's parser hides a body in an answer to HEAD: read the socket.
  if (method === 'HEAD') {
    sent.once('socket', (socket) => socket.on('data', (chunk: Buffer) => keep(chunk)));
  }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    // Never remove this listener: bytes after an answer to HEAD break the parser.
    sent
      .on('error', reject)
      .once('response', resolve)
      .once('upgrade', (_, socket) => {
        socket.destroy();
        reject(new Error('it switched to another protocol (101), which was not asked for'));
      })
      .end();
  });
  const body = method === 'HEAD' ? await afterHead() : wantsBody ? await wholeBody() : '';
  response.destroy();
  return {
    status: response.statusCode ?? 0,
    header: (name) => response.headersDistinct[name.toLowerCase()]?.join(', ') ?? '',
    body,
  };

  /** Keeps a chunk, up to the maximum size. */
  function keep(chunk: Buffer): void {
    length += chunk.length;
    if (length <= MAXIMUM_BYTES) chunks.push(chunk);
    else sent.destroy();
  }

  async function wholeBody(): Promise<string> {
    for await (const chunk of response) {
      keep(chunk);
      if (length > MAXIMUM_BYTES) throw new Error(`more than ${MAXIMUM_BYTES} bytes came`);
    }
    // A body without a length looks whole even if it was cut.
    signal.throwIfAborted();
    return Buffer.concat(chunks).toString();
  }

  async function afterHead(): Promise<string> {
    response.resume();
    await closed;
    let rest = Buffer.concat(chunks).toString('latin1');
    let isInterim = true;
    while (isInterim && rest.includes('\r\n\r\n')) {
      isInterim = /^HTTP\/1\.1 1\d\d /.test(rest);
      rest = rest.slice(rest.indexOf('\r\n\r\n') + 4);
    }
    return rest;
  }
}

/** Node's codes in words: https://nodejs.org/api/errors.html, https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, 'its name cannot be resolved'],
  [/^ECONNREFUSED$/, 'nothing listens there'],
  [/^(?:ECONNRESET|EPIPE)$/, 'the connection was closed without an answer'],
  [/^(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/, 'it cannot be reached'],
  [/^HPE_/, 'what it answered is not HTTP'],
  [/CERT|SIGNATURE|ISSUER/, 'its TLS certificate is not valid'],
  [/^(?:EPROTO|ERR_SSL)/, 'the TLS handshake failed'],
];

function describeNetworkError(error: unknown): string {
  // Node collects one error for each address that it tried.
  const [cause] = error instanceof AggregateError ? error.errors : [error];
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? String(cause.code) : '';
  const [, meaning] = MEANINGS.find(([pattern]) => pattern.test(code)) ?? [];
  return meaning === undefined ? cause.message : `${meaning} (${cause.message})`;
}
